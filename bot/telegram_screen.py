"""The owner's screen on Telegram: cards, the files that go with them, and prompts to reply to."""

import asyncio
import contextlib
import itertools

from telegram import ForceReply, InputFile, LinkPreviewOptions, Message
from telegram.error import BadRequest

from bot.adapter import Card
from bot.codes import code_of, part_of, place_of
from bot.telegram_client import Client, translated
from bot.telegram_layout import Face, Handed, lay_out, releasing
from jobs.outbox import Outbox

_DOOR = "telegram"
_LONGEST_HINT = 64
_COMMIT_S = 2.0
"""Between the sending of a card and the row that says which message shows it."""
_LOOK_S = 0.02
_UNCHANGEABLE = ("message to edit not found", "can't be edited", "message_id_invalid")
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class TelegramScreen:
    """Shows cards, and knows which of its messages stands for which notice."""

    def __init__(self, client: Client, outbox: Outbox) -> None:
        self._client = client
        self._outbox = outbox
        self._newest: tuple[str, str] | None = None
        """Chat and message of the last card sent: the only one whose row may not be there yet."""

    async def show(self, chat: str, card: Card, message: str | None) -> str:
        """Send a card, or bring the message that shows it to its present state.

        Raises:
            Unavailable: Telegram did not take it now; carries how long to wait if it said so.
            Refused: Telegram will never take it.
        """
        face = await self._face(chat, card)
        with translated():
            for file in face.files:
                await self._hand_over(chat, card.notice, file)
            if message is not None and await self._changed(chat, message, face):
                return message
            sent = await self._client.send_message(
                chat,
                face.text,
                entities=face.entities,
                reply_markup=face.keyboard,
                link_preview_options=_NO_PREVIEW,
                disable_notification=not card.rings,
            )
        self._newest = (chat, str(sent.message_id))
        return str(sent.message_id)

    async def prompt(self, chat: str, notice: str) -> None:
        """Open the phone's reply field for a card; the reply counts as a reply to the card."""
        question = (await self._outbox.shown(notice)).notice.question
        text = "Reply with the new text." if question is None else "Reply with your answer."
        hint = (question.button if question else "") or "Write the new text"
        sent = await self._client.send_message(
            chat,
            text,
            reply_markup=ForceReply(input_field_placeholder=hint[:_LONGEST_HINT]),
            disable_notification=True,
        )
        await self._stands_for(chat, sent, notice)

    async def notice_behind(self, chat: str, message: str) -> str | None:
        """The notice that a prompt or a file of ours stands for; None for any other message."""
        return await self._outbox.recall(_stand_in(chat, message))

    async def until_known(self, chat: str, message: str) -> None:
        """Wait for the row of a card that was sent a moment ago: a quick thumb may be first."""
        if (chat, message) != self._newest:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_COMMIT_S):
                while not await self._outbox.notice_of_message(_DOOR, chat, message):  # noqa: ASYNC110 - the pump writes the row
                    await asyncio.sleep(_LOOK_S)
        self._newest = None

    async def _face(self, chat: str, card: Card) -> Face:
        """The message that shows a card; what it cannot show whole is let go by a code only."""
        face = lay_out(card)
        release = releasing(card)
        part = part_of(_DOOR, card.notice)
        if face.is_partial and release is not None:
            face = lay_out(card, await self._code(chat, release.token))
            await self._outbox.remember(part, release.token)
        elif await self._outbox.recall(part):
            await self._outbox.remember(part, "")
        return face

    async def _code(self, chat: str, token: str) -> str:
        """The code of a button, kept before it is shown: the same again for the same button."""
        for attempt in itertools.count():
            code = code_of(token, attempt)
            place = place_of(_DOOR, chat, code)
            known = await self._outbox.recall(place)
            if known is None:
                await self._outbox.remember(place, token)
            if known in (None, token):
                return code
        raise AssertionError

    async def _changed(self, chat: str, message: str, face: Face) -> bool:
        """Edit a message; False when it is gone and has to be sent anew."""
        try:
            await self._client.edit_message_text(
                face.text,
                chat_id=chat,
                message_id=int(message),
                entities=face.entities,
                reply_markup=face.keyboard,
                link_preview_options=_NO_PREVIEW,
            )
        except BadRequest as error:
            said = error.message.lower()
            if "not modified" in said:
                return True
            if any(one in said for one in _UNCHANGEABLE):
                return False
            raise
        return True

    async def _hand_over(self, chat: str, notice: str, file: Handed) -> None:
        """Send a file that belongs to a card, once."""
        key = f"telegram:file:{chat}:{notice}:{file.mark}"
        if await self._outbox.recall(key) is not None:
            return
        whole = InputFile(file.raw, filename=file.name)
        send = self._client.send_photo if file.is_picture else self._client.send_document
        sent = await send(chat, whole, disable_notification=True)
        await self._stands_for(chat, sent, notice)
        await self._outbox.remember(key, str(sent.message_id))

    async def _stands_for(self, chat: str, sent: Message, notice: str) -> None:
        await self._outbox.remember(_stand_in(chat, str(sent.message_id)), notice)


def _stand_in(chat: str, message: str) -> str:
    return f"telegram:stands_for:{chat}:{message}"
