"""Everything Slack hands us, in order: who did it, what it is, and who takes it in."""

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from bot.slack_client import Courtesies, Identity, SlackClient, removed
from bot.slack_home import SlackHome
from bot.slack_json import Json, part, words
from bot.slack_messages import SlackMessages
from bot.slack_pairing import SlackPairing
from bot.slack_people import stranger_in
from bot.slack_presses import SlackPresses
from jobs.outbox import Outbox, Pairing

logger = logging.getLogger(__name__)

_DOOR = "slack"
FILE_SHORTCUT = "file_with_steward"
"""What the manifest calls the shortcut on a message."""


class SlackDesk:
    """Commits one thing after another."""

    def __init__(
        self,
        outbox: Outbox,
        client: SlackClient,
        identity: Identity,
        *,
        pairing: SlackPairing,
        messages: SlackMessages,
        presses: SlackPresses,
        home: SlackHome,
        courtesies: Courtesies,
        moved: Callable[[], None],
    ) -> None:
        """Nothing is taken in yet.

        Args:
            moved: Called whenever a card may have changed.
        """
        self._outbox = outbox
        self._client = client
        self._identity = identity
        self._pairing = pairing
        self._messages = messages
        self._presses = presses
        self._home = home
        self._courtesies = courtesies
        self._moved = moved
        self._turn = asyncio.Lock()

    async def take(self, body: Json) -> dict[str, Any]:
        """Commit what Slack hands us, in the order it came; only then may it be acknowledged.

        Returns:
            What to acknowledge it with; empty for a plain "received".

        Raises:
            Unavailable: Nothing was kept; do not acknowledge, so that it comes again.
        """
        async with self._turn:
            kind = words(body, "type") or ("command" if "command" in body else "")
            logger.info("slack request", extra={"action": "slack_request", "kind": kind})
            if kind == "event_callback":
                await self._event(body)
                return {}
            answer: dict[str, Any] = {}
            owner = await self._owner_in(body, kind)
            if owner is None:
                return answer
            if kind == "block_actions":
                await self._presses.press(body, owner)
            elif kind == "view_submission":
                answer = await self._presses.submit(body, owner)
            elif kind == "command":
                await self._messages.command(body, owner)
            elif kind == "message_action" and words(body, "callback_id") == FILE_SHORTCUT:
                await self._messages.file(body)
            self._moved()
            return answer

    async def _owner_in(self, body: Json, kind: str) -> Pairing | None:
        """The owner who did it; anybody else is written down and gets silence."""
        person = words(part(body, "user"), "id") or words(body, "user_id")
        owner = await self._pairing.of(person)
        if owner is None or stranger_in(body, self._identity):
            what = "press" if kind in ("block_actions", "view_submission") else "message"
            await self._outbox.turned_away(_DOOR, person, what)
            return None
        return owner

    async def _event(self, body: Json) -> None:
        event = part(body, "event")
        kind = words(event, "type")
        ours_revoked = kind == "tokens_revoked" and part(event, "tokens").get("bot")
        if (kind == "app_uninstalled" or ours_revoked) and not stranger_in(body, self._identity):
            self._client.break_off(removed())
        elif kind == "app_home_opened" and words(event, "tab") == "home":
            owner = await self._pairing.of(words(event, "user"))
            if owner is not None and not stranger_in(body, self._identity):
                self._courtesies.do("home", partial(self._home.opened, owner))
        elif kind == "message":
            await self._messages.hear(body, event)
            self._moved()
