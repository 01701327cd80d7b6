"""The methods of the Bot API that act in a chat: parameters, limits, effects."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, Json
from telegram.constants import ReactionEmoji

from tests.doubles.telegram_account import (
    Account,
    BotApiError,
    Button,
    Chat,
    Face,
    File,
    Message,
    bad_request,
)
from tests.doubles.telegram_method import Method
from tests.doubles.telegram_text import JsonDict, UnreadableMarkup, read_html, utf16_length

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
LONGEST_CALLBACK_BYTES = 64
MOST_BUTTONS = 100
LARGEST_DOWNLOAD_BYTES = 20_000_000
LARGEST_DOCUMENT_BYTES = 50_000_000
LARGEST_PHOTO_BYTES = 10_000_000
LONGEST_DELETABLE = timedelta(hours=48)
REACTIONS = frozenset(emoji.value for emoji in ReactionEmoji)


@dataclass(frozen=True)
class Upload:
    """A file as it came in a multipart body."""

    name: str
    mime: str
    content: bytes


class CopyText(BaseModel):
    text: str = Field(min_length=1, max_length=256)


class InlineButton(BaseModel):
    text: str = Field(min_length=1)
    callback_data: str | None = None
    url: str | None = None
    copy_text: CopyText | None = None


class ReplyMarkup(BaseModel):
    """An inline keyboard; the other kinds of markup change nothing that a test looks at."""

    model_config = ConfigDict(extra="allow")

    inline_keyboard: tuple[tuple[InlineButton, ...], ...] = ()

    def keyboard(self) -> tuple[tuple[Button, ...], ...]:
        rows = tuple(tuple(_checked(button) for button in row) for row in self.inline_keyboard)
        if sum(len(row) for row in rows) > MOST_BUTTONS:
            raise bad_request("reply markup is too long")
        return rows


class ReplyParameters(BaseModel):
    message_id: int
    allow_sending_without_reply: bool = False


class LinkPreviewOptions(BaseModel):
    is_disabled: bool = False


Markup = Json[ReplyMarkup] | None
Entities = Json[tuple[dict[str, object], ...]] | None


class _Sending(Method):
    chat_id: int
    reply_parameters: Json[ReplyParameters] | None = None
    reply_markup: Markup = None
    disable_notification: bool = False
    parse_mode: str | None = None

    def _post(
        self, account: Account, text: str, entities: Entities, limit: int, file: File | None = None
    ) -> Message:
        chat = _open_chat(account, self.chat_id)
        face = _face(text, entities, self.parse_mode, self.reply_markup, limit)
        return account.post(
            chat,
            account.bot,
            face,
            file=file,
            reply_to=_replied(chat, self.reply_parameters),
            silent=self.disable_notification,
        )


class SendMessage(_Sending):
    text: str = ""
    entities: Entities = None
    link_preview_options: Json[LinkPreviewOptions] | None = None

    def answer(self, account: Account) -> object:
        if not self.text.strip():
            raise bad_request("message text is empty")
        return self._post(account, self.text, self.entities, LONGEST_TEXT)


class SendDocument(_Sending):
    document: Upload | str
    caption: str = ""
    caption_entities: Entities = None

    def answer(self, account: Account) -> object:
        _open_chat(account, self.chat_id)
        file = _stored(account, "document", self.document, LARGEST_DOCUMENT_BYTES)
        return self._post(account, self.caption, self.caption_entities, LONGEST_CAPTION, file)


class SendPhoto(_Sending):
    photo: Upload | str
    caption: str = ""
    caption_entities: Entities = None

    def answer(self, account: Account) -> object:
        _open_chat(account, self.chat_id)
        file = _stored(account, "photo", self.photo, LARGEST_PHOTO_BYTES)
        return self._post(account, self.caption, self.caption_entities, LONGEST_CAPTION, file)


class _Editing(Method):
    chat_id: int
    message_id: int
    reply_markup: Markup = None

    def _shown(self, account: Account, face: Face) -> Message:
        message = _editable(account, self.chat_id, self.message_id)
        # Telegram too compares what would be seen, so an edit that changes nothing is an error.
        if message.face == face:
            raise bad_request(
                "message is not modified: specified new message content and reply markup are "
                "exactly the same as a current content and reply markup of the message"
            )
        message.show(face, account.now())
        account.bell.ring()
        return message


class EditMessageText(_Editing):
    text: str
    parse_mode: str | None = None
    entities: Entities = None

    def answer(self, account: Account) -> object:
        if _editable(account, self.chat_id, self.message_id).file is not None:
            raise bad_request("there is no text in the message to edit")
        if not self.text.strip():
            raise bad_request("message text is empty")
        face = _face(self.text, self.entities, self.parse_mode, self.reply_markup, LONGEST_TEXT)
        return self._shown(account, face)


class EditMessageCaption(_Editing):
    caption: str = ""
    parse_mode: str | None = None
    caption_entities: Entities = None

    def answer(self, account: Account) -> object:
        if _editable(account, self.chat_id, self.message_id).file is None:
            raise bad_request("there is no caption in the message to edit")
        face = _face(
            self.caption,
            self.caption_entities,
            self.parse_mode,
            self.reply_markup,
            LONGEST_CAPTION,
        )
        return self._shown(account, face)


class EditMessageReplyMarkup(_Editing):
    def answer(self, account: Account) -> object:
        shown = _editable(account, self.chat_id, self.message_id).face
        markup = self.reply_markup
        keyboard = markup.keyboard() if markup else ()
        return self._shown(account, Face(shown.text, shown.entities, keyboard, _wire(markup)))


class DeleteMessage(Method):
    chat_id: int
    message_id: int

    def answer(self, account: Account) -> object:
        message = _open_chat(account, self.chat_id).find(self.message_id)
        if message is None:
            raise bad_request("message to delete not found")
        if account.now() - message.at > LONGEST_DELETABLE:
            raise bad_request("message can't be deleted")
        message.is_deleted = True
        account.bell.ring()
        return True


class AnswerCallbackQuery(Method):
    callback_query_id: str
    text: str | None = Field(default=None, max_length=200)
    show_alert: bool = False

    def answer(self, account: Account) -> object:
        press = account.presses.get(self.callback_query_id)
        if press is None or account.queries_are_too_old:
            raise bad_request(
                "query is too old and response timeout expired or query ID is invalid"
            )
        press.is_answered = True
        press.answer = self.text
        press.is_alert = self.show_alert
        account.bell.ring()
        return True


class ReactionType(BaseModel):
    type: str
    emoji: str = ""


class SetMessageReaction(Method):
    chat_id: int
    message_id: int
    reaction: Json[tuple[ReactionType, ...]] | None = None

    def answer(self, account: Account) -> object:
        message = _open_chat(account, self.chat_id).find(self.message_id)
        if message is None:
            raise bad_request("message to react not found")
        wanted = self.reaction or ()
        if len(wanted) > 1:
            raise bad_request("REACTIONS_TOO_MANY")
        if any(one.type != "emoji" or one.emoji not in REACTIONS for one in wanted):
            raise bad_request("REACTION_INVALID")
        message.reaction = wanted[0].emoji if wanted else None
        account.bell.ring()
        return True


class SendChatAction(Method):
    chat_id: int
    action: Literal[
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]

    def answer(self, account: Account) -> object:
        account.actions.append((_open_chat(account, self.chat_id).id, self.action))
        account.bell.ring()
        return True


class GetFile(Method):
    file_id: str

    def answer(self, account: Account) -> object:
        file = account.files.get(self.file_id)
        if file is None:
            raise bad_request("invalid file_id")
        if len(file.content) > LARGEST_DOWNLOAD_BYTES:
            raise bad_request("file is too big")
        return file.wire() | {"file_path": file.path}


def _checked(button: InlineButton) -> Button:
    uses = [use for use in (button.callback_data, button.url, button.copy_text) if use is not None]
    if not uses:
        raise bad_request("text buttons are unallowed in the inline keyboard")
    size = len((button.callback_data or "x").encode())
    if len(uses) > 1 or not 1 <= size <= LONGEST_CALLBACK_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    copies = button.copy_text.text if button.copy_text else None
    return Button(button.text, button.callback_data, button.url, copies)


def _wire(markup: ReplyMarkup | None) -> JsonDict | None:
    return markup.model_dump(exclude_none=True) if markup and markup.inline_keyboard else None


def _face(
    text: str, entities: Entities, parse_mode: str | None, markup: ReplyMarkup | None, limit: int
) -> Face:
    shown = tuple(entities or ())
    if parse_mode:
        text, shown = _parsed(text, parse_mode)
    # Telegram trims what nobody sees; in front only where no entity counts on it.
    text = text.rstrip() if shown else text.strip()
    if utf16_length(text) > limit:
        raise bad_request(
            f"message {'caption' if limit == LONGEST_CAPTION else 'text'} is too long"
        )
    return Face(text, shown, markup.keyboard() if markup else (), _wire(markup))


def _parsed(text: str, parse_mode: str) -> tuple[str, tuple[JsonDict, ...]]:
    if parse_mode.lower() != "html":
        raise BotApiError(501, f"This server reads HTML and ready entities, not {parse_mode}")
    try:
        return read_html(text)
    except UnreadableMarkup as error:
        raise bad_request(f"can't parse entities: {error}") from error


def _open_chat(account: Account, chat_id: int) -> Chat:
    chat = account.chats.get(chat_id)
    if chat is None:
        raise bad_request("chat not found")
    if chat.is_blocked:
        raise BotApiError(403, "Forbidden: bot was blocked by the user")
    if not chat.is_started:
        raise BotApiError(403, "Forbidden: bot can't initiate conversation with a user")
    return chat


def _editable(account: Account, chat_id: int, message_id: int) -> Message:
    message = _open_chat(account, chat_id).find(message_id)
    if message is None:
        raise bad_request("message to edit not found")
    if not message.is_from_bot:
        raise bad_request("message can't be edited")
    return message


def _replied(chat: Chat, reply: ReplyParameters | None) -> Message | None:
    if reply is None:
        return None
    message = chat.find(reply.message_id)
    if message is None and not reply.allow_sending_without_reply:
        raise bad_request("message to be replied not found")
    return message


def _stored(account: Account, kind: str, given: Upload | str, limit_bytes: int) -> File:
    if isinstance(given, str):
        known = account.files.get(given)
        if known is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return known
    if not given.content:
        raise bad_request("file must be non-empty")
    if len(given.content) > limit_bytes:
        raise BotApiError(413, "Request Entity Too Large")
    return account.store(kind, given.name, given.mime, given.content)
