"""One update from Telegram, committed: a message, an edit, a press, or a chat that was shut."""

import logging
from functools import partial

from telegram import CallbackQuery, Chat, ChatMember, ChatMemberUpdated, Message, Update
from telegram.constants import ReactionEmoji
from telegram.error import TelegramError

from bot.adapter import Inbound, InboundFile
from bot.buttons import Buttons
from bot.intake import Intake
from bot.telegram_client import RECEIVED, Client, Courtesy, courteously, stopped_there
from bot.telegram_inbox import Words, fetched, read, without_file
from bot.telegram_pairing import TelegramPairing
from bot.telegram_screen import TelegramScreen
from jobs.outbox import InForce, Outbox, Pairing
from memory.company import Company
from memory.errors import Trouble, Unavailable
from memory.records.decision import Outcome, Verb

logger = logging.getLogger(__name__)

WANTED = ("message", "edited_message", "callback_query", "my_chat_member")
_DOOR = "telegram"
_LONGEST_ANSWER = 200
"""Characters that Telegram shows in answer to a press."""
_FILE_TRIES = 3
_TRIES = 3
"""How often an update that breaks us is taken up before it is left out."""


class TelegramUpdates:
    """Takes in what Telegram brings, one update after another, each at most once."""

    def __init__(
        self,
        company: Company,
        outbox: Outbox,
        intake: Intake,
        client: Client,
        screen: TelegramScreen,
        pairing: TelegramPairing,
    ) -> None:
        self._company = company
        self._outbox = outbox
        self._intake = intake
        self._client = client
        self._screen = screen
        self._pairing = pairing
        self._buttons = Buttons(outbox, _DOOR)
        self._file_tries: dict[int, int] = {}
        self._said_at_once: set[str] = set()
        """Messages that were answered while the database could not keep them."""

    async def take(self, update: Update, words: Words | None = None) -> tuple[Courtesy, ...]:
        """Commit one update; returns what may follow once it is committed.

        One that breaks us again and again is kept as it came, and the owner is told: it must not
        keep all that comes after it from us.

        Args:
            words: What it says, with its file, where that was read before.

        Raises:
            Unavailable: Nothing was kept; do not confirm, so that it comes again.
        """
        facts = {"action": "telegram_update", "update": update.update_id}
        logger.info("update", extra=facts)
        for _ in range(_TRIES):
            try:
                return await self._take(update, words)
            except (Unavailable, TelegramError):
                raise
            except Exception:
                logger.exception("update broke", extra={**facts, "action": "telegram_broke"})
        await self._kept(update)
        return ()

    async def _kept(self, update: Update) -> None:
        """Keep what we can't take in as a file, so that it is not lost with its confirmation."""
        person, chat = update.effective_user, update.effective_chat
        raw = update.to_json().encode()
        await self._intake.keep(
            Inbound(
                door=_DOOR,
                native_id=f"telegram:{update.update_id}:broke",
                chat=str(chat.id) if chat else "",
                person=str(person.id) if person else "",
                files=(InboundFile(name="update.json", media_type="application/json", raw=raw),),
            ),
            "Something that came in on Telegram broke me. I kept it just as it came; "
            "please send it another way.",
        )

    async def _take(self, update: Update, words: Words | None) -> tuple[Courtesy, ...]:
        if update.callback_query is not None:
            return await self._press(update.callback_query)
        if update.my_chat_member is not None:
            await self._membership(update.my_chat_member)
            return ()
        if update.message is not None:
            name = f"telegram:{update.update_id}"
            return await self._message(update, update.message, name, words)
        edited = update.edited_message
        # A place that moves is edited every few seconds; the first one is enough.
        if edited is None or edited.location is not None:
            return ()
        at = int(edited.edit_date.timestamp()) if edited.edit_date else 0
        name = f"telegram:{update.update_id}:edited:{at}"
        return await self._message(update, edited, name, words)

    async def _membership(self, change: ChatMemberUpdated) -> None:
        """The owner has stopped the bot, or started it again."""
        pairing = await self._owner(str(change.from_user.id))
        if pairing is None or str(change.chat.id) != pairing.chat:
            return
        if change.new_chat_member.status in (ChatMember.BANNED, ChatMember.LEFT):
            trouble = stopped_there()
            await self._outbox.block(pairing, f"{trouble.sentence} {trouble.hint}")
        elif pairing.blocked_at is not None:
            await self._outbox.unblock(pairing)

    async def _message(
        self, update: Update, message: Message, native_id: str, words: Words | None
    ) -> tuple[Courtesy, ...]:
        person = str(message.from_user.id) if message.from_user else ""
        if message.chat.type != Chat.PRIVATE:
            await self._outbox.turned_away(_DOOR, person, "message in a group")
            return ()
        pairing = await self._owner(person)
        if pairing is None and not await self._pairing.allows(message, person):
            await self._outbox.turned_away(_DOOR, person, "message")
            return ()
        begins = is_begin(message)
        if begins or pairing is None:
            await self._pairing.pair(person, str(message.chat.id))
            await self._pairing.spend(message)
            if begins and (pairing is None or " " in (message.text or "").strip()):
                # with a code it only opens the chat; delivered twice, it does so once
                return ()
        if pairing is not None and pairing.blocked_at is not None:
            await self._outbox.unblock(pairing)
        if words is None:
            words = await self.fetched(update.update_id, read(message, self._company.zone))
        if words.is_empty:
            return ()
        answered = message.reply_to_message
        inbound = Inbound(
            door=_DOOR,
            native_id=native_id,
            chat=str(message.chat.id),
            person=person,
            text="/start" if begins else words.text,
            files=words.files,
            forwarded=words.forwarded,
            intents=words.intents,
            written_at=message.edit_date or message.date,
            corrects=await self._outbox.recall(heard(message)) if message.edit_date else None,
            reply_to=str(answered.message_id) if answered else None,
        )
        accepted = await self._accept(await self._answering(inbound, answered), words)
        if accepted is not None:
            await self._outbox.remember(heard(message), accepted)
        return (Courtesy(RECEIVED, partial(message.set_reaction, ReactionEmoji.OK_HAND_SIGN)),)

    async def _accept(self, inbound: Inbound, words: Words) -> str | None:
        """Commit it, and say of what nobody can read that it is kept; the Source's id."""
        if words.sorry and not words.has_words:
            kept = await self._intake.keep(inbound, words.sorry, words.album)
            return kept.source if kept else None
        try:
            accepted = await self._intake.receive(inbound)
        except InForce as trouble:
            await self._say_at_once(inbound, trouble.sentence)
            raise
        if words.sorry and accepted is not None:
            await self._outbox.tell_kept(accepted.source, words.sorry, words.album)
        return accepted.source if accepted else None

    async def _say_at_once(self, inbound: Inbound, said: str) -> None:
        """Answer without the database, once: the message itself comes again until it is kept."""
        if inbound.native_id in self._said_at_once:
            return
        self._said_at_once.add(inbound.native_id)
        say = partial(self._client.send_message, int(inbound.chat), said)
        await courteously([Courtesy("stopped", say)])

    async def fetched(self, update_id: int, words: Words) -> Words:
        """The words with their file. A file that never comes must not stop the door.

        Raises:
            Unavailable: Telegram did not hand it over now, and may the next time.
        """
        try:
            words = await fetched(self._client, words)
        except Unavailable:
            tries = self._file_tries.get(update_id, 0) + 1
            self._file_tries[update_id] = tries
            if tries < _FILE_TRIES:
                raise
            words = without_file(words)
        self._file_tries.pop(update_id, None)
        return words

    async def _answering(self, inbound: Inbound, answered: Message | None) -> Inbound:
        """The same with the notice it answers, where what it answers is no card itself."""
        if inbound.reply_to is None or answered is None:
            return inbound
        notice = await self._screen.notice_behind(inbound.chat, inbound.reply_to)
        if notice is None:
            await self._screen.until_known(inbound.chat, inbound.reply_to)
            notice = await self._about_own(answered)
        return inbound.model_copy(update={"notice": notice})

    async def _about_own(self, answered: Message) -> str | None:
        """What came of a message of the owner's own that is answered."""
        source = await self._outbox.recall(heard(answered))
        if source is None:
            return None
        shown = await self._outbox.shown_for_source(source)
        return next((one.notice.id for one in reversed(shown) if one.action), None)

    async def _press(self, query: CallbackQuery) -> tuple[Courtesy, ...]:
        person = str(query.from_user.id)
        if not await self._intake.is_owner(_DOOR, person):
            await self._outbox.turned_away(_DOOR, person, "press")
            return ()
        if query.message is None or query.data is None:
            return ()
        chat, message = str(query.message.chat.id), str(query.message.message_id)
        await self._screen.until_known(chat, message)
        prompts: list[Courtesy] = []
        try:
            decision = await self._buttons.redeem(
                query.data, chat=chat, person=person, message=message, native_id=query.id
            )
            outcome = await self._intake.press(decision)
            if decision.verb is Verb.EDIT and outcome.accepted:
                prompt = partial(self._screen.prompt, chat, decision.notice)
                prompts.append(Courtesy("prompt", prompt))
        except Unavailable:
            raise
        except Trouble as trouble:
            outcome = Outcome(accepted=False, text=trouble.sentence)
        said = outcome.text
        if len(said) > _LONGEST_ANSWER:
            await self._outbox.tell_once(f"telegram:said:{query.id}", said)
            said = ""
        alert = bool(said) and not outcome.accepted
        answer = partial(query.answer, said or None, show_alert=alert)
        return (Courtesy("answer", answer), *prompts)

    async def _owner(self, person: str) -> Pairing | None:
        """The owner's pairing, if this person is the owner."""
        for pairing in await self._outbox.pairings(_DOOR):
            if pairing.person == person:
                return pairing
        return None


def is_begin(message: Message) -> bool:
    """Whether it opens the chat: what Telegram sends when somebody presses Start."""
    return (message.text or "").partition(" ")[0].partition("@")[0] == "/start"


def heard(message: Message) -> str:
    """Where the Source that a message became is remembered."""
    return f"telegram:heard:{message.chat.id}:{message.message_id}"
