"""What was written on Slack while nobody listened: Slack gives up after some tries, we ask."""

import logging
from collections.abc import Awaitable, Callable
from functools import partial

from bot.slack_client import Identity, SlackClient
from bot.slack_json import Json, part, parts, words
from bot.slack_line import Take
from bot.slack_pairing import since_when
from jobs.outbox import Outbox, Pairing
from memory import history
from memory.company import Company

logger = logging.getLogger(__name__)

_DOOR = "slack"
_PAGE = 100
_MOST_PAGES = 20
_RECENT = 200
"""How many of the newest messages are looked through for the last one that was heard."""


class SlackAbsence:
    """Reads the owner's chat from where it was last heard, and hands in what is missing.

    A message keeps its name whichever way it comes, so what was heard changes nothing.
    """

    def __init__(
        self,
        company: Company,
        outbox: Outbox,
        client: SlackClient,
        identity: Identity,
        take: Take,
    ) -> None:
        self._company = company
        self._outbox = outbox
        self._client = client
        self._identity = identity
        self._take = take

    async def catch_up(self) -> int:
        """Hand in what was missed in every chat; how many messages were looked at.

        Raises:
            Unavailable: Slack or the database did not answer; to be called again.
        """
        count = 0
        for pairing in await self._outbox.pairings(_DOOR):
            for message in await self._missed(pairing):
                await self._take(self._as_event(pairing, message))
                count += 1
        logger.info("caught up", extra={"action": "slack_caught_up", "messages": count})
        return count

    async def _missed(self, pairing: Pairing) -> list[Json]:
        """The owner's messages since the last that was heard, in threads too, oldest first."""
        since = await self._last_heard(pairing)
        in_chat = partial(self._client.call, "conversations_history", channel=pairing.chat)
        later = await _pages(partial(in_chat, oldest=since))
        for parent in parts(await in_chat(limit=_PAGE), "messages"):
            if words(parent, "latest_reply") > since:
                in_thread = partial(
                    self._client.call,
                    "conversations_replies",
                    channel=pairing.chat,
                    ts=words(parent, "ts"),
                    oldest=since,
                )
                later += await _pages(in_thread)
        theirs = {words(one, "ts"): one for one in later if words(one, "user") == pairing.person}
        return [theirs[ts] for ts in sorted(theirs) if ts > since]

    async def _last_heard(self, pairing: Pairing) -> str:
        """Slack's name of the last message that is committed; else when the chat was paired."""
        begins = await self._outbox.recall(since_when(pairing.chat))
        async with self._company.store.read() as connection:
            heard = await history.said(connection, channel=_DOOR, last=_RECENT)
        begin = f"message:{pairing.chat}:"
        names = [one.source.native_id for one in heard if one.source.native_id.startswith(begin)]
        stamps = [one.removeprefix(begin).partition(":")[0] for one in names]
        return max([*stamps, begins or f"{pairing.at.timestamp():.6f}"])

    def _as_event(self, pairing: Pairing, message: Json) -> Json:
        event = {**message, "type": "message", "channel": pairing.chat, "channel_type": "im"}
        return {"type": "event_callback", "team_id": self._identity.team, "event": event}


async def _pages(ask: Callable[..., Awaitable[Json]]) -> list[Json]:
    """All pages of one answer."""
    found: list[Json] = []
    cursor = ""
    for _ in range(_MOST_PAGES):
        page = await ask(limit=_PAGE, **({"cursor": cursor} if cursor else {}))
        found += parts(page, "messages")
        cursor = words(part(page, "response_metadata"), "next_cursor")
        if not cursor:
            break
    return found
