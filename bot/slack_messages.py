"""What the owner writes on Slack: taken in before Slack is told, files fetched afterwards."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial

from bot.adapter import Inbound
from bot.intake import Intake
from bot.slack_client import Courtesies, Declined, Identity, SlackClient
from bot.slack_inbox import Words, fetched, is_new_wording, moment, passed_on, read, without_files
from bot.slack_json import Json, part, words
from bot.slack_later import SlackLater
from bot.slack_pairing import SlackPairing, pairs
from bot.slack_people import author, stranger_in
from bot.slack_screen import SlackScreen
from bot.slack_text import plain
from jobs.outbox import InForce, Outbox, Pairing
from memory.company import Company
from memory.errors import Unavailable

_DOOR = "slack"
_SAYS = ("", "file_share", "thread_broadcast", "me_message")
"""Kinds of message in which a person says something."""
_RECEIVED = "ok_hand"
_FILE_TRIES = 3
_LONGEST_PAUSE_S = 60.0


class SlackMessages:
    """Messages, what follows the slash command, and what somebody else wrote, handed to us."""

    def __init__(
        self,
        company: Company,
        outbox: Outbox,
        intake: Intake,
        client: SlackClient,
        identity: Identity,
        *,
        pairing: SlackPairing,
        screen: SlackScreen,
        courtesies: Courtesies,
        pause_s: float,
    ) -> None:
        """Take in nothing yet.

        Args:
            pause_s: First wait for a file that does not come; doubles up to a minute.
        """
        self._company = company
        self._outbox = outbox
        self._intake = intake
        self._client = client
        self._identity = identity
        self._pairing = pairing
        self._screen = screen
        self._courtesies = courtesies
        self._pause_s = pause_s
        self._later = SlackLater(outbox)
        self._said_at_once: set[str] = set()
        """Messages that were answered while the database could not keep them."""

    async def hear(self, body: Json, event: Json) -> None:
        """Commit a message of the owner's; anybody else is written down and gets silence."""
        message = event
        if words(event, "subtype") == "message_changed":
            message = part(event, "message")
            if not is_new_wording(message, part(event, "previous_message")):
                return
        identity = self._identity
        person, bot = words(message, "user"), words(message, "bot_id")
        if person == identity.user or (bot and bot == identity.bot):
            return
        is_bot = bool(bot) or words(message, "subtype") == "bot_message"
        if words(message, "subtype") not in _SAYS and not is_bot:
            return
        if is_bot or words(event, "channel_type") != "im" or stranger_in(body, identity):
            await self._outbox.turned_away(_DOOR, person or bot, "message")
            return
        chat, text = words(event, "channel"), plain(words(message, "text"))
        owner = await self._pairing.of(person)
        is_code = await self._pairing.has_code(text)
        if owner is None and not await self._pairing.allows(text, person):
            await self._outbox.turned_away(_DOOR, person, "message")
            return
        if owner is None or is_code:
            await self._pairing.pair(person, chat, since=words(message, "ts"))
            await self._pairing.spend(text)
        if not pairs(text):
            await self._heard(_name_of(body, chat, message), chat, message)
        self._courtesies.do("received", partial(self._react, chat, words(message, "ts")))

    async def command(self, body: Json, owner: Pairing) -> None:
        """What follows /steward is a message like any other."""
        await self._intake.receive(
            Inbound(
                door=_DOOR,
                native_id=f"command:{words(body, 'trigger_id')}",
                chat=owner.chat,
                person=owner.person,
                text=plain(words(body, "text")).strip() or "/help",
            )
        )

    async def file(self, body: Json) -> None:
        """Somebody's message that the owner hands us; who wrote it is asked afterwards."""
        await self._later.add(f"shortcut:{words(body, 'action_ts')}", dict(body))

    async def fetch(self, moved: Callable[[], None]) -> None:
        """Take in what waits for its files, one after the other, until cancelled."""
        tries, pause = 0, self._pause_s
        while True:
            name, what = await self._later.first()
            try:
                await self._take_later(name, what, give_up=tries + 1 >= _FILE_TRIES)
                await self._later.done(name)
            except Unavailable:
                tries += 1
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE_S)
                continue
            tries, pause = 0, self._pause_s
            moved()

    async def _heard(self, name: str, chat: str, message: Json) -> None:
        """Commit what the owner says, with its files or, until they are fetched, without."""
        if message.get("files") or any(
            one.get("files") for one in message.get("attachments") or ()
        ):
            await self._later.add(name, {"chat": chat, "message": dict(message)})
            return
        heard = read(message, self._company.zone)
        if heard.is_empty:
            return
        at = moment(words(message, "ts"), self._company.zone)
        await self._accept(name, chat, words(message, "user"), heard, _thread_of(message), at)

    async def _accept(
        self,
        name: str,
        chat: str,
        person: str,
        heard: Words,
        thread: str | None,
        written_at: datetime | None = None,
    ) -> None:
        """Commit it; what nobody can read is kept and said."""
        if thread is not None:
            await self._screen.until_known(chat, thread)
        inbound = Inbound(
            door=_DOOR,
            native_id=name,
            chat=chat,
            person=person,
            text=heard.text,
            files=heard.files,
            forwarded=heard.forwarded,
            written_at=written_at,
            reply_to=thread,
        )
        if heard.sorry and not heard.has_words:
            await self._intake.keep(inbound, heard.sorry)
            return
        try:
            await self._intake.receive(inbound)
        except InForce as trouble:
            if name not in self._said_at_once:
                # without the database, once: Slack brings the message again until it is kept
                self._said_at_once.add(name)
                say = partial(self._screen.say_aside, chat, person, trouble.sentence)
                self._courtesies.do("stopped", say)
            raise
        if heard.sorry:
            await self._outbox.tell_once(f"slack:sorry:{name}", heard.sorry)

    async def _take_later(self, name: str, what: Json, *, give_up: bool) -> None:
        message, chat, thread = part(what, "message"), words(what, "chat"), None
        if chat:
            person, thread = words(message, "user"), _thread_of(message)
            heard = read(message, self._company.zone)
        else:
            person = words(part(what, "user"), "id")
            owner = await self._pairing.of(person)
            if owner is None:
                return
            chat = owner.chat
            by = await author(self._client, message)
            heard = passed_on(message, by, self._company.zone)
        try:
            heard = await fetched(self._client, heard)
        except Unavailable:
            if not give_up:
                raise
            heard = without_files(heard)
        await self._accept(name, chat, person, heard, thread)

    async def _react(self, chat: str, stamp: str) -> None:
        try:
            await self._client.call("reactions_add", channel=chat, timestamp=stamp, name=_RECEIVED)
        except Declined as refusal:
            if refusal.code != "already_reacted":
                raise


def _name_of(body: Json, chat: str, message: Json) -> str:
    """The same for every delivery of a message, whichever way it comes."""
    name = f"message:{chat}:{words(message, 'ts')}"
    if words(part(body, "event"), "subtype") != "message_changed":
        return name
    at = words(part(message, "edited"), "ts") or words(body, "event_id")
    return f"{name}:edited:{at}"


def _thread_of(message: Json) -> str | None:
    """The message this answers: the first one of its thread, unless that is itself."""
    thread = words(message, "thread_ts")
    return thread if thread and thread != words(message, "ts") else None
