"""The Telegram door: takes messages and presses in, shows cards."""

import asyncio
import logging
from datetime import timedelta
from functools import partial

from telegram import BotCommand, CallbackQuery, Chat, Message, Update
from telegram.constants import ReactionEmoji
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.adapter import Card, Inbound
from bot.buttons import Buttons
from bot.commands import MENU
from bot.intake import Intake
from bot.telegram_client import Courtesy, bad_token, client, courteously, wait_of
from bot.telegram_inbox import Words, fetched, read, without_file
from bot.telegram_pairing import TelegramPairing
from bot.telegram_screen import TelegramScreen
from bot.welcome import Welcome
from jobs.outbox import Outbox
from memory.company import Company
from memory.errors import Trouble, Unavailable
from memory.records.decision import Outcome, Verb

logger = logging.getLogger(__name__)

_OFFSET = "telegram:offset"
_WANTED = ("message", "edited_message", "callback_query")
_LONGEST_ANSWER = 200
"""Characters that Telegram shows in answer to a press."""
_LONGEST_PAUSE_S = 60.0
_FILE_TRIES = 3
_RIVAL_TRIES = 3
_ABOUT = (
    "The chief of staff of your company of one: keeps the books, drafts, and asks before acting."
)


class TelegramDoor:
    """The owner's private chat with a bot of their own."""

    name = "telegram"

    def __init__(
        self,
        company: Company,
        outbox: Outbox,
        intake: Intake,
        wake: asyncio.Event,
        *,
        welcome: Welcome | None = None,
        poll_s: int = 30,
        pause_s: float = 1.0,
    ) -> None:
        """A door that is closed until `run`.

        Args:
            wake: Set whenever a card may have changed.
            welcome: Greets an owner who was just paired.
            poll_s: How long Telegram may wait for a message before it answers.
            pause_s: First wait after a failure; doubles up to a minute.
        """
        self._company = company
        self._outbox = outbox
        self._intake = intake
        self._wake = wake
        self._poll_s = poll_s
        self._pause_s = pause_s
        self._client = client(company.config.telegram)
        self._buttons = Buttons(outbox, self.name)
        self._screen = TelegramScreen(self._client, outbox)
        self._pairing = TelegramPairing(
            self._client, outbox, intake, welcome, company.config.owner.telegram_id
        )
        self._file_tries: dict[int, int] = {}

    async def run(self) -> None:
        """Take in until cancelled.

        Raises:
            Refused: Telegram does not accept the token; the hint says what to do.
        """
        try:
            await self._begin()
            await self._listen()
        except InvalidToken:
            raise bad_token() from None
        finally:
            await self._client.shutdown()

    async def show(self, chat: str, card: Card, message: str | None) -> str:
        """Send a card, or bring the message that shows it to its present state.

        Raises:
            Unavailable: Telegram did not take it now; carries how long to wait if it said so.
            Refused: Telegram will never take it.
        """
        return await self._screen.show(chat, card, message)

    async def pairing_link(self) -> str:
        """A link that makes the chat of whoever opens it first the owner's.

        Raises:
            Unavailable: Telegram was not reached yet, so the bot's name is not known.
        """
        return await self._pairing.link()

    async def pairing_qr(self) -> str:
        """The same link as a picture, an SVG data URI.

        Raises:
            Unavailable: Telegram was not reached yet, so the bot's name is not known.
        """
        return await self._pairing.qr()

    async def _begin(self) -> None:
        """Reach Telegram, however long it takes, and present ourselves."""
        pause = self._pause_s
        while True:
            try:
                await self._client.initialize()
                await self._client.delete_webhook()
                await self._pairing.begin()
                break
            except InvalidToken:
                raise
            except (TelegramError, Unavailable) as error:
                pause = await self._paused(error, pause)
        menu = [BotCommand(name, what) for name, what in MENU]
        await courteously(
            [
                Courtesy("menu", partial(self._client.set_my_commands, menu)),
                Courtesy("about", partial(self._client.set_my_description, _ABOUT)),
                Courtesy("short", partial(self._client.set_my_short_description, _ABOUT)),
            ]
        )

    async def _listen(self) -> None:
        """Take batch after batch; only what is committed is confirmed by the next offset."""
        offset = int(await self._outbox.recall(_OFFSET) or 0)
        pause = self._pause_s
        rivals = 0
        while True:
            courtesies: list[Courtesy] = []
            try:
                updates = await self._client.get_updates(
                    offset=offset, timeout=self._poll_s, allowed_updates=_WANTED
                )
                for update in updates:
                    courtesies += await self._take(update)
                if updates:
                    # Not the greatest so far: after a quiet week Telegram counts from anywhere.
                    following = updates[-1].update_id + 1
                    await self._outbox.remember(_OFFSET, str(following))
                    offset = following
            except InvalidToken:
                raise
            except (TelegramError, Unavailable) as error:
                rivals += isinstance(error, Conflict)
                if rivals == _RIVAL_TRIES:
                    await self._tell_of_rival()
                pause = await self._paused(error, pause)
                continue
            pause, rivals = self._pause_s, 0
            if updates:
                self._wake.set()
                await courteously(courtesies)

    async def _paused(self, error: Exception, pause_s: float) -> float:
        """Wait after a failure; returns how long to wait after the next."""
        wait = wait_of(error) if isinstance(error, RetryAfter) else timedelta(seconds=pause_s)
        facts = {"action": "telegram_waits", "error": type(error).__name__}
        logger.warning("telegram waits", extra=facts)
        await asyncio.sleep(wait.total_seconds())
        return min(pause_s * 2, _LONGEST_PAUSE_S)

    async def _tell_of_rival(self) -> None:
        await self._outbox.tell(
            "Another program reads the messages of your Telegram bot, so some may pass me by. "
            "Stop it, or give me a bot of my own.",
            rings=True,
        )

    async def _take(self, update: Update) -> tuple[Courtesy, ...]:
        """Commit one update; returns what may follow once all of the batch is committed."""
        facts = {"action": "telegram_update", "update": update.update_id}
        logger.info("update", extra=facts)
        if update.callback_query is not None:
            return await self._press(update.callback_query)
        if update.message is not None:
            return await self._message(update, update.message, f"telegram:{update.update_id}")
        edited = update.edited_message
        # A place that moves is edited every few seconds; the first one is enough.
        if edited is None or edited.location is not None:
            return ()
        at = int(edited.edit_date.timestamp()) if edited.edit_date else 0
        return await self._message(update, edited, f"telegram:{update.update_id}:edited:{at}")

    async def _message(
        self, update: Update, message: Message, native_id: str
    ) -> tuple[Courtesy, ...]:
        person = str(message.from_user.id) if message.from_user else ""
        if message.chat.type != Chat.PRIVATE:
            await self._outbox.turned_away(self.name, person, "message in a group")
            return ()
        is_owner = await self._intake.is_owner(self.name, person)
        if not is_owner and not await self._pairing.allows(message, person):
            await self._outbox.turned_away(self.name, person, "message")
            return ()
        begins = (message.text or "").partition(" ")[0].partition("@")[0] == "/start"
        if begins or not is_owner:
            await self._pairing.pair(person, str(message.chat.id))
            await self._pairing.spend(message)
            if begins and not is_owner:
                return ()
        words = read(message, self._company.zone)
        if words.is_empty:
            return ()
        words = await self._fetched(update.update_id, words)
        answered = message.reply_to_message
        inbound = Inbound(
            door=self.name,
            native_id=native_id,
            chat=str(message.chat.id),
            person=person,
            text="/start" if begins else words.text,
            files=words.files,
            forwarded=words.forwarded,
            reply_to=str(answered.message_id) if answered else None,
        )
        await self._accept(await self._answering(inbound), words)
        return (Courtesy("received", partial(message.set_reaction, ReactionEmoji.OK_HAND_SIGN)),)

    async def _accept(self, inbound: Inbound, words: Words) -> None:
        """Commit it; what nobody can read is kept and said."""
        if words.sorry and not words.has_words:
            await self._intake.keep(inbound, words.sorry)
            return
        await self._intake.receive(inbound)
        if words.sorry:
            await self._outbox.tell_once(f"telegram:sorry:{inbound.native_id}", words.sorry)

    async def _fetched(self, update_id: int, words: Words) -> Words:
        """The words with their file. A file that never comes must not stop the door."""
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

    async def _answering(self, inbound: Inbound) -> Inbound:
        """The same with the notice it answers, where it answers a prompt or a file of ours."""
        if inbound.reply_to is None:
            return inbound
        notice = await self._screen.notice_behind(inbound.chat, inbound.reply_to)
        if notice is None:
            await self._screen.until_known(inbound.chat, inbound.reply_to)
        return inbound.model_copy(update={"notice": notice})

    async def _press(self, query: CallbackQuery) -> tuple[Courtesy, ...]:
        person = str(query.from_user.id)
        if not await self._intake.is_owner(self.name, person):
            await self._outbox.turned_away(self.name, person, "press")
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
