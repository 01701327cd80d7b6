"""The bot's account on the local Telegram server: people, chats, messages, files."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.doubles.telegram_text import JsonDict
from tests.doubles.telegram_updates import Updates

BOT_ID = 4242
BOT_NAME = "steward_test_bot"


def wall_time() -> datetime:
    return datetime.now(UTC)


class BotApiError(Exception):
    """A refusal in the words of the Bot API."""

    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status = status
        self.description = description


def bad_request(why: str) -> BotApiError:
    return BotApiError(400, f"Bad Request: {why}")


class Bell:
    """Wakes everybody who waits for the next change."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    @property
    def next(self) -> asyncio.Event:
        """Set at the next ring. Fetch it before looking, and no ring is missed."""
        return self._next

    def ring(self) -> None:
        rung, self._next = self._next, asyncio.Event()
        rung.set()


@dataclass(frozen=True)
class Person:
    """Who wrote a message; the bot is one too."""

    id: int
    name: str
    is_bot: bool = False
    language: str = "en"

    def wire(self) -> JsonDict:
        if self.is_bot:
            return {"id": self.id, "is_bot": True, "first_name": self.name, "username": BOT_NAME}
        first, _, last = self.name.partition(" ")
        whole: JsonDict = {"id": self.id, "is_bot": False, "first_name": first}
        if last:
            whole["last_name"] = last
        return whole | {"language_code": self.language}


@dataclass(frozen=True)
class File:
    """A stored file. `kind` is the message's field: document, photo, voice ..."""

    id: str
    kind: str
    name: str
    mime: str
    content: bytes

    @property
    def path(self) -> str:
        """Where a download finds it, below the file address."""
        return f"{self.kind}s/{self.id}/{self.name}"

    def wire(self) -> JsonDict:
        return {"file_id": self.id, "file_unique_id": f"u{self.id}", "file_size": len(self.content)}


@dataclass(frozen=True)
class Button:
    """A button under a message: it calls back with `data`, opens `url`, or copies `copies`."""

    label: str
    data: str | None
    url: str | None
    copies: str | None


@dataclass(frozen=True)
class Face:
    """What a message shows at one moment. `text` is the caption where there is a file."""

    text: str
    entities: tuple[JsonDict, ...] = ()
    keyboard: tuple[tuple[Button, ...], ...] = ()
    markup: JsonDict | None = None


@dataclass
class Message:
    """A message as it stands now; `earlier` holds what it showed before each edit."""

    id: int
    chat: "Chat"
    sender: Person
    at: datetime
    face: Face
    file: File | None = None
    reply_to: "Message | None" = None
    silent: bool = False
    """Sent without a ring (disable_notification)."""
    fields: JsonDict = field(default_factory=dict[str, object])
    """Further wire fields: contact, forward_origin, media_group_id ..."""
    params: JsonDict = field(default_factory=dict[str, object])
    """What the bot sent to make or change it, as it came."""
    earlier: list[Face] = field(default_factory=list[Face])
    edited_at: datetime | None = None
    reaction: str | None = None
    """The emoji that the bot put on it."""
    is_deleted: bool = False

    @property
    def text(self) -> str:
        return self.face.text

    @property
    def entities(self) -> tuple[JsonDict, ...]:
        return self.face.entities

    @property
    def buttons(self) -> tuple[str, ...]:
        """The labels, in reading order."""
        return tuple(button.label for row in self.face.keyboard for button in row)

    @property
    def edits(self) -> int:
        return len(self.earlier)

    @property
    def is_from_bot(self) -> bool:
        return self.sender.is_bot

    def button(self, label: str, face: Face | None = None) -> Button:
        """The button with this label.

        Raises:
            LookupError: There is none.
        """
        for row in (face or self.face).keyboard:
            for button in row:
                if button.label == label:
                    return button
        raise LookupError(f"no button {label!r} under {self.text!r}: {self.buttons}")

    def show(self, face: Face, at: datetime) -> None:
        """Replace what it shows, remembering what it showed."""
        self.earlier.append(self.face)
        self.face = face
        self.edited_at = at

    def wire(self, *, with_reply: bool = True) -> JsonDict:
        whole: JsonDict = {
            "message_id": self.id,
            "from": self.sender.wire(),
            "chat": self.chat.wire(),
            "date": int(self.at.timestamp()),
        }
        if self.edited_at:
            whole["edit_date"] = int(self.edited_at.timestamp())
        if self.reply_to and with_reply:
            whole["reply_to_message"] = self.reply_to.wire(with_reply=False)
        whole |= self._wire_content()
        if self.face.markup and self.face.keyboard:
            whole["reply_markup"] = self.face.markup
        return whole | self.fields

    def _wire_content(self) -> JsonDict:
        if self.file is None:
            content: JsonDict = {"text": self.text} if self.text else {}
            return content | ({"entities": list(self.entities)} if self.entities else {})
        content = {self.file.kind: _wire_file(self.file)}
        if self.text:
            content["caption"] = self.text
        if self.entities:
            content["caption_entities"] = list(self.entities)
        return content


def _wire_file(file: File) -> object:
    whole = file.wire()
    if file.kind == "photo":
        return [whole | {"width": 90, "height": 67}, whole | {"width": 1280, "height": 960}]
    if file.kind == "voice":
        return whole | {"duration": 3, "mime_type": file.mime}
    return whole | {"file_name": file.name, "mime_type": file.mime}


@dataclass
class Chat:
    """One conversation. A private chat has its person's id; a group a negative one."""

    id: int
    title: str
    is_started: bool = True
    """False until the person has written; a bot cannot begin."""
    is_blocked: bool = False
    messages: list[Message] = field(default_factory=list[Message])

    def wire(self) -> JsonDict:
        if self.id < 0:
            return {"id": self.id, "type": "group", "title": self.title}
        return {"id": self.id, "type": "private", "first_name": self.title}

    def find(self, message_id: int) -> Message | None:
        """The message with this id, unless it was deleted."""
        for message in self.messages:
            if message.id == message_id and not message.is_deleted:
                return message
        return None


@dataclass
class Press:
    """A pressed button, and what the bot said to it."""

    id: str
    data: str
    is_answered: bool = False
    answer: str | None = None
    is_alert: bool = False


@dataclass
class Webhook:
    """Where updates are pushed to while it is set."""

    url: str
    secret: str | None
    last_error: str | None = None
    last_error_at: datetime | None = None


@dataclass
class Account:
    """All that the server knows about one bot."""

    now: Callable[[], datetime] = wall_time
    bell: Bell = field(default_factory=Bell)
    updates: Updates = field(default_factory=Updates)
    chats: dict[int, Chat] = field(default_factory=dict[int, Chat])
    files: dict[str, File] = field(default_factory=dict[str, File])
    presses: dict[str, Press] = field(default_factory=dict[str, Press])
    webhook: Webhook | None = None
    profile: dict[str, JsonDict] = field(default_factory=dict[str, JsonDict])
    """The last parameters of every set... method: commands, descriptions, menu button."""
    actions: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    """Chat actions such as "typing", in order, with the chat's id."""
    queries_are_too_old: bool = False
    """True: every answerCallbackQuery comes too late."""
    last_message_id: int = 0
    bot: Person = Person(BOT_ID, "Steward", is_bot=True)

    def chat(self, chat_id: int, title: str) -> Chat:
        """The chat with this id, made on first mention."""
        return self.chats.setdefault(chat_id, Chat(chat_id, title))

    def store(self, kind: str, name: str, mime: str, content: bytes) -> File:
        file = File(f"f{len(self.files) + 1}", kind, name, mime, content)
        self.files[file.id] = file
        return file

    def post(
        self,
        chat: Chat,
        sender: Person,
        face: Face,
        *,
        file: File | None = None,
        reply_to: Message | None = None,
        silent: bool = False,
        fields: JsonDict | None = None,
    ) -> Message:
        """Add a message to a chat and wake whoever waits for it."""
        self.last_message_id += 1
        message = Message(
            self.last_message_id,
            chat,
            sender,
            self.now(),
            face,
            file=file,
            reply_to=reply_to,
            silent=silent,
            fields=fields or {},
        )
        chat.messages.append(message)
        self.bell.ring()
        return message

    def notify(self, kind: str, payload: JsonDict) -> None:
        """Queue an update for the bot."""
        self.updates.add(kind, payload)
        self.bell.ring()
