"""A phone in somebody's hand: what they see of the chat, and what they can do."""

import asyncio
import itertools
from collections.abc import Callable
from typing import TypeVar

from tests.doubles.telegram_account import Account, Chat, Face, File, Message, Person, Press
from tests.doubles.telegram_text import JsonDict, commands_in

T = TypeVar("T")
_press_ids = itertools.count(1)


class Phone:
    """One person in one chat with the bot. Gestures return as soon as the server has them."""

    def __init__(self, account: Account, owner: Person, chat: Chat) -> None:
        self.owner = owner
        self.chat = chat
        self._account = account

    @property
    def messages(self) -> tuple[Message, ...]:
        """The chat as it stands, oldest first: the bot's messages and the people's."""
        return tuple(message for message in self.chat.messages if not message.is_deleted)

    @property
    def received(self) -> tuple[Message, ...]:
        """Only the bot's messages."""
        return tuple(message for message in self.messages if message.is_from_bot)

    def latest(self, *, containing: str = "") -> Message | None:
        """The bot's last message whose text has these words, or None."""
        for message in reversed(self.received):
            if containing in message.text:
                return message
        return None

    async def until(self, predicate: Callable[["Phone"], T | None], *, within_s: float = 30) -> T:
        """Wait until the predicate gives something true, looking again after every change.

        Raises:
            TimeoutError: It did not; the error shows the chat.
        """
        try:
            async with asyncio.timeout(within_s):
                while True:
                    change = self._account.bell.next
                    if found := predicate(self):
                        return found
                    await change.wait()
        except TimeoutError as error:
            raise TimeoutError(
                f"not within {within_s} s; the chat:\n{self.transcript()}"
            ) from error

    async def sees(self, words: str, *, within_s: float = 30) -> Message:
        """The bot's message with these words, waited for."""
        return await self.until(lambda phone: phone.latest(containing=words), within_s=within_s)

    def transcript(self) -> str:
        """The chat as lines, for the message of a failing test."""
        return "\n".join(
            f"{message.id} {message.sender.name}: {message.text!r} {list(message.buttons)}"
            for message in self.messages
        )

    async def send(self, text: str) -> Message:
        """Type a text and send it."""
        return self._say(Face(text, commands_in(text)))

    async def opens_link(self, code: str) -> Message:
        """Press Start behind a link with a code: the chat shows the command, the bot gets both."""
        text = f"/start {code}"
        return self._say(Face("/start", commands_in("/start")), fields={"text": text})

    async def reply(self, message: Message, text: str) -> Message:
        """Answer one message with a text."""
        return self._say(Face(text, commands_in(text)), reply_to=message)

    async def forward(
        self, text: str, *, from_user: str | None = None, hidden_user: str | None = None
    ) -> Message:
        """Forward somebody's message: theirs by name, or of a person who hides the account."""
        origin = _origin(self._account.now().timestamp(), from_user, hidden_user)
        return self._say(Face(text), fields={"forward_origin": origin})

    async def document(
        self,
        name: str,
        content: bytes,
        *,
        caption: str = "",
        mime: str = "application/octet-stream",
        album: str | None = None,
    ) -> Message:
        """Send a file. Files that share an `album` arrive as one group."""
        return self._send_file("document", name, mime, content, caption, album)

    async def photo(
        self, content: bytes, *, caption: str = "", album: str | None = None
    ) -> Message:
        """Send a picture the way a phone does: without a file name."""
        return self._send_file("photo", "photo.jpg", "image/jpeg", content, caption, album)

    async def voice(self, content: bytes) -> Message:
        """Send a voice message."""
        return self._send_file("voice", "voice.oga", "audio/ogg", content, "", None)

    async def contact(
        self, name: str, phone_number: str, *, user_id: int | None = None, vcard: str | None = None
    ) -> Message:
        """Share an entry of the address book."""
        first, _, last = name.partition(" ")
        shared: JsonDict = {"phone_number": phone_number, "first_name": first}
        extra = {"last_name": last or None, "user_id": user_id, "vcard": vcard}
        shared |= {field: value for field, value in extra.items() if value is not None}
        return self._say(Face(""), fields={"contact": shared})

    async def location(self, latitude: float, longitude: float) -> Message:
        """Send where one is."""
        place: JsonDict = {"latitude": latitude, "longitude": longitude}
        return self._say(Face(""), fields={"location": place})

    async def sticker(self) -> Message:
        """Send something that carries no words at all."""
        sticker: JsonDict = {
            "file_id": "sticker",
            "file_unique_id": "usticker",
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
        }
        return self._say(Face(""), fields={"sticker": sticker})

    async def edit(self, message: Message, text: str) -> Message:
        """Change a text of one's own after it was sent."""
        message.show(Face(text, commands_in(text)), self._account.now())
        self._account.notify("edited_message", message.wire())
        return message

    async def react(self, message: Message, emoji: str) -> None:
        """Put an emoji on a message; the bot hears of it only if it asked to."""
        reaction: JsonDict = {
            "chat": self.chat.wire(),
            "message_id": message.id,
            "user": self.owner.wire(),
            "date": int(self._account.now().timestamp()),
            "old_reaction": [],
            "new_reaction": [{"type": "emoji", "emoji": emoji}],
        }
        self._account.notify("message_reaction", reaction)

    async def press(self, message: Message, label: str, *, as_it_was: bool = False) -> Press:
        """Press a button by its label.

        Args:
            as_it_was: On a screen that has not yet seen the last edit.

        Raises:
            LookupError: The message is not in this chat, or shows no such button that calls back.
        """
        if message not in self.messages:
            raise LookupError(f"this chat shows no message {message.id}")
        button = message.button(label, message.earlier[-1] if as_it_was else None)
        if button.data is None:
            raise LookupError(f"button {label!r} opens or copies, it does not call back")
        return await self.forge_press(message, button.data)

    async def forge_press(self, message: Message, data: str) -> Press:
        """Press with any data on any chat's message: what a changed client can do."""
        press = Press(f"q{next(_press_ids)}", data)
        self._account.presses[press.id] = press
        query: JsonDict = {
            "id": press.id,
            "from": self.owner.wire(),
            "chat_instance": f"c{message.chat.id}",
            "message": _inaccessible(message) if message.is_deleted else message.wire(),
            "data": data,
        }
        self._account.notify("callback_query", query)
        return press

    async def block(self) -> None:
        """Stop the bot, as a person does in its profile."""
        self._change_membership("member", "kicked", is_blocked=True)

    async def unblock(self) -> None:
        self._change_membership("kicked", "member", is_blocked=False)

    def downloaded(self, message: Message) -> bytes:
        """The content of the file that a message carries.

        Raises:
            LookupError: It carries none.
        """
        if message.file is None:
            raise LookupError(f"no file in message {message.id}")
        return message.file.content

    def _say(
        self,
        face: Face,
        *,
        file: File | None = None,
        reply_to: Message | None = None,
        fields: JsonDict | None = None,
    ) -> Message:
        self.chat.is_started = True
        message = self._account.post(
            self.chat, self.owner, face, file=file, reply_to=reply_to, fields=fields
        )
        self._account.notify("message", message.wire())
        return message

    def _send_file(
        self, kind: str, name: str, mime: str, content: bytes, caption: str, album: str | None
    ) -> Message:
        file = self._account.store(kind, name, mime, content)
        fields: JsonDict | None = {"media_group_id": album} if album else None
        return self._say(Face(caption, commands_in(caption)), file=file, fields=fields)

    def _change_membership(self, old: str, new: str, *, is_blocked: bool) -> None:
        self.chat.is_blocked = is_blocked
        bot = self._account.bot.wire()
        change: JsonDict = {
            "chat": self.chat.wire(),
            "from": self.owner.wire(),
            "date": int(self._account.now().timestamp()),
            "old_chat_member": _membership(old, bot),
            "new_chat_member": _membership(new, bot),
        }
        self._account.notify("my_chat_member", change)


def _origin(at: float, from_user: str | None, hidden_user: str | None) -> JsonDict:
    if (from_user is None) == (hidden_user is None):
        raise ValueError("a forward comes from one person: from_user or hidden_user")
    if from_user is not None:
        sender = Person(700_000 + sum(from_user.encode()), from_user)
        return {"type": "user", "date": int(at), "sender_user": sender.wire()}
    return {"type": "hidden_user", "date": int(at), "sender_user_name": hidden_user}


def _inaccessible(message: Message) -> JsonDict:
    """What a bot learns of a message that is gone: where it was."""
    return {"chat": message.chat.wire(), "message_id": message.id, "date": 0}


def _membership(status: str, bot: JsonDict) -> JsonDict:
    member: JsonDict = {"status": status, "user": bot}
    return member | ({"until_date": 0} if status == "kicked" else {})
