"""Whose chat on Slack it is: one code pairs once, or the id that the configuration names."""

import re
import secrets

from bot import slack_link
from bot.intake import Intake
from bot.slack_client import Declined, Identity, SlackClient
from bot.slack_json import part, parts, words
from bot.welcome import Welcome
from jobs.outbox import Outbox, Pairing

_DOOR = "slack"
_SAID = re.compile(r"\s*pair\s+(\S+)\s*", re.IGNORECASE)


class SlackPairing:
    """Makes a chat on Slack the owner's."""

    def __init__(
        self,
        client: SlackClient,
        outbox: Outbox,
        intake: Intake,
        welcome: Welcome | None,
        owner: str | None,
    ) -> None:
        """Pair nobody yet.

        Args:
            welcome: Greets whoever was paired.
            owner: The member id that needs no code; None when the configuration names nobody.
        """
        self._client = client
        self._outbox = outbox
        self._intake = intake
        self._welcome = welcome
        self._owner = owner or None

    async def begin(self) -> None:
        """Pair the id that the configuration names.

        Raises:
            Unavailable: Slack was not reached; to be called again.
        """
        if self._owner is None or await self._intake.is_owner(_DOOR, self._owner):
            return
        try:
            opened = await self._client.call("conversations_open", users=[self._owner])
        except Declined:
            await self._outbox.tell_once(
                f"slack:nobody:{self._owner}",
                f"There is nobody with the member id {self._owner} on your Slack. Copy yours from "
                "your profile there into slack_id under [owner], and start me again.",
            )
            return
        chat = words(part(opened, "channel"), "id")
        newest = await self._client.call("conversations_history", channel=chat, limit=1)
        stamps = [words(one, "ts") for one in parts(newest, "messages")]
        await self.pair(self._owner, chat, since=max(stamps, default="0"))

    async def invitation(self, identity: Identity) -> str:
        """What to do to pair: where to write, and which words."""
        words = await slack_link.invitation(self._outbox)
        return f'{identity.address}team/{identity.user} write "{words}"'

    async def of(self, person: str) -> Pairing | None:
        """The owner's own pairing; None for anybody else."""
        found = await self._outbox.pairings(_DOOR)
        return next((one for one in found if one.person == person), None)

    async def allows(self, text: str, person: str) -> bool:
        """Whether this person has the code, or is the one whom the configuration names."""
        return person == self._owner or await self.has_code(text)

    async def pair(self, person: str, chat: str, *, since: str) -> None:
        """This chat is the owner's from now on. Doing it again changes nothing.

        Args:
            since: Slack's name of the last message that was there before.
        """
        if not await self._intake.is_owner(_DOOR, person):
            await self._outbox.remember(since_when(chat), since)
            await self._outbox.pair(_DOOR, person, chat)
        if self._welcome is not None:
            await self._welcome.begin(_DOOR)

    async def spend(self, text: str) -> None:
        """Forget the code that this text gave: one code pairs once."""
        if await self.has_code(text):
            await slack_link.spend(self._outbox)

    async def has_code(self, text: str) -> bool:
        """Whether a text gives the code that is open now."""
        given = _SAID.fullmatch(text)
        code = await slack_link.code(self._outbox)
        return bool(code and given) and secrets.compare_digest(
            code.encode(), given[1].encode() if given else b""
        )


def since_when(chat: str) -> str:
    """Under which name it is kept which messages of a chat were there before the pairing."""
    return f"slack:since:{chat}"


def pairs(text: str) -> bool:
    """Whether a text looks like somebody who wants to pair; it is no message for anybody else."""
    return _SAID.fullmatch(text) is not None
