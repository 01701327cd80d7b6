"""Whose chat it is: one code pairs once, or the id that the configuration names."""

import secrets

from telegram import Message
from telegram.constants import ChatAction
from telegram.error import BadRequest, Forbidden

from bot import telegram_link
from bot.intake import Intake
from bot.telegram_client import Client
from bot.welcome import Welcome
from jobs.outbox import Outbox
from memory.errors import Unavailable

_DOOR = "telegram"


class TelegramPairing:
    """Makes a private chat the owner's."""

    def __init__(
        self,
        client: Client,
        outbox: Outbox,
        intake: Intake,
        welcome: Welcome | None,
        owner: int | None,
    ) -> None:
        """Pair nobody yet.

        Args:
            welcome: Greets whoever was paired.
            owner: The id that needs no code; None when the configuration names nobody.
        """
        self._client = client
        self._outbox = outbox
        self._intake = intake
        self._welcome = welcome
        self._owner = str(owner) if owner is not None else None
        self._account = ""

    async def begin(self) -> None:
        """Learn the bot's name, and pair the id that the configuration names.

        Raises:
            TelegramError: Telegram was not reached; to be called again.
        """
        self._account = self._client.username
        await telegram_link.met(self._outbox, self._account)
        if self._owner is None or await self._intake.is_owner(_DOOR, self._owner):
            return
        try:
            await self._client.send_chat_action(self._owner, ChatAction.TYPING)
        except (BadRequest, Forbidden):
            # A bot cannot begin a chat: the owner's first message pairs it instead.
            return
        await self.pair(self._owner, self._owner)

    async def link(self) -> str:
        """A link that makes the chat of whoever opens it first the owner's.

        Raises:
            Unavailable: Telegram was not reached yet, so the bot's name is not known.
        """
        if not self._account:
            raise Unavailable("I can't reach Telegram yet, so there is no link to it.")
        return await telegram_link.link(self._outbox, self._account)

    async def qr(self) -> str:
        """The link as a picture, an SVG data URI.

        Raises:
            Unavailable: Telegram was not reached yet, so the bot's name is not known.
        """
        return telegram_link.picture(await self.link())

    async def allows(self, message: Message, person: str) -> bool:
        """Whether this person has the code, or is the one whom the configuration names."""
        return person == self._owner or await self._has_code(message)

    async def pair(self, person: str, chat: str) -> None:
        """This chat is the owner's from now on. Doing it again changes nothing."""
        if not await self._intake.is_owner(_DOOR, person):
            await self._outbox.pair(_DOOR, person, chat)
        await telegram_link.paired(self._outbox, self._account)
        if self._welcome is not None:
            await self._welcome.begin(_DOOR)

    async def spend(self, message: Message) -> None:
        """Forget the code that this message gave: one code pairs once."""
        if await self._has_code(message):
            await telegram_link.spend(self._outbox)

    async def _has_code(self, message: Message) -> bool:
        code = await telegram_link.code(self._outbox)
        given = (message.text or "").removeprefix("/start").strip()
        return bool(code) and secrets.compare_digest(code.encode(), given.encode())
