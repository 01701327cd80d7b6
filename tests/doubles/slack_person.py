"""Somebody with Slack open: what they see of their chat with the app, and what they can do."""

import asyncio
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from tests.doubles.slack_blocks import Json, buttons
from tests.doubles.slack_delivery import Answer
from tests.doubles.slack_workspace import APP, TEAM, Chat, File, Message, View

if TYPE_CHECKING:
    from tests.doubles.slack import Slack

T = TypeVar("T")
_ADDRESS = re.compile(r"\b[\w.+-]+@[\w-]+\.[\w.-]+\w|https?://[^\s<>|]+")


class Person:
    """One person and their direct messages with the app."""

    def __init__(self, slack: "Slack", user: str, name: str, team: str) -> None:
        self.user = user
        self.name = name
        self.team = team
        self._slack = slack

    @property
    def chat(self) -> Chat:
        return self._slack.workspace.direct(self.user)

    @property
    def messages(self) -> tuple[Message, ...]:
        """The chat as it stands, oldest first."""
        return tuple(one for one in self.chat.messages if not one.is_deleted)

    @property
    def received(self) -> tuple[Message, ...]:
        """Only the app's messages."""
        return tuple(one for one in self.messages if one.bot_id)

    @property
    def asides(self) -> tuple[str, ...]:
        """What only this person was shown for a moment."""
        return tuple(one.text for one in self.chat.asides if one.only_for == self.user)

    @property
    def home(self) -> View | None:
        return self._slack.workspace.homes.get(self.user)

    @property
    def modal(self) -> View | None:
        return self._slack.workspace.modals.get(self.user)

    def latest(self, words: str = "") -> Message | None:
        """The app's last message with these words."""
        return next((one for one in reversed(self.received) if words in one.text), None)

    async def until(self, predicate: Callable[["Person"], T | None], *, within_s: float = 30) -> T:
        """Wait until the predicate gives something true, looking again after every change.

        Raises:
            TimeoutError: It did not; the error shows the chat.
        """
        try:
            async with asyncio.timeout(within_s):
                while True:
                    change = self._slack.workspace.bell.next
                    if found := predicate(self):
                        return found
                    await change.wait()
        except TimeoutError as error:
            said = f"not within {within_s} s; the chat:\n{self.transcript()}"
            raise TimeoutError(said) from error

    async def sees(self, words: str, *, button: str = "", within_s: float = 30) -> Message:
        """The app's message with these words and this button, waited for."""

        def found(person: "Person") -> Message | None:
            able = [
                one
                for one in person.received
                if words in one.text and (not button or button in one.buttons)
            ]
            return able[-1] if able else None

        return await self.until(found, within_s=within_s)

    def transcript(self) -> str:
        return "\n".join(
            f"{one.user}: {one.text!r} {list(one.buttons)} {[file.name for file in one.files]}"
            for one in self.messages
        )

    async def say(self, text: str, **fields: object) -> Message:
        """Type a text and send it."""
        message = self._message(text)
        for name, value in fields.items():
            setattr(message, name, value)
        self._post(message)
        return message

    async def reply(self, message: Message, text: str) -> Message:
        """Answer in the thread of a message."""
        return await self.say(text, thread_ts=message.thread_ts or message.ts)

    async def edit(self, message: Message, text: str) -> None:
        """Change what was said."""
        before = message.wire()
        message.source = _written(text)
        message.edits += 1
        self._changed(before, message)

    async def unfurl(self, message: Message) -> None:
        """Slack adds a preview to what was said."""
        before = message.wire()
        message.attachments = [{"title": "A page", "from_url": "https://firm.example"}]
        self._changed(before, message)

    async def upload(
        self, name: str, raw: bytes, mime: str = "", *, text: str = "", **fields: object
    ) -> Message:
        """Send a file."""
        file = self._file(name, raw, mime or "application/octet-stream")
        for field, value in fields.items():
            setattr(file, field, value)
        return await self.say(text, files=[file])

    async def voice(self, raw: bytes) -> Message:
        """Send a voice clip."""
        return await self.upload("audio_message.m4a", raw, "video/mp4", subtype="slack_audio")

    async def share(self, author: str, text: str, comment: str = "") -> Message:
        """Pass somebody's message on, the way "Share message" does."""
        shared = {"is_share": True, "author_name": author, "text": text, "ts": "1741600000.000100"}
        return await self.say(comment, attachments=[shared])

    async def press(self, message: Message, label: str, *, times: int = 1) -> Answer:
        """Press a button of a message; returns when the app has answered."""
        where = {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": self.chat.id,
            "is_ephemeral": False,
        }
        return await self.press_raw(message.button(label), where, times=times)

    async def press_home(self, label: str) -> Answer:
        """Press a button of the inbox."""
        assert self.home is not None
        found = [one for one in buttons(self.home.shape["blocks"]) if one["text"]["text"] == label]
        assert found, f"no button {label!r} among {self.home.buttons}"
        return await self.press_raw(found[0], {"type": "view", "view_id": self.home.id})

    async def press_raw(self, button: Json, where: Json, *, times: int = 1) -> Answer:
        """Send a press as it is, forged or not."""
        action = {
            "type": "button",
            "action_id": button["action_id"],
            "block_id": button.get("block_id", ""),
            "value": button["value"],
            "action_ts": self._slack.workspace.stamp(),
        }
        body = self._who() | {"type": "block_actions", "container": where, "actions": [action]}
        return await self._slack.delivery.interactive("interactive", body, times=times)

    async def submit(self, text: str, *, times: int = 1) -> Answer:
        """Fill in the open form and send it; it closes unless the app finds something wrong."""
        view = self.modal
        assert view is not None, "no form is open"
        field = next(one for one in view.shape["blocks"] if one["type"] == "input")
        values = {field["block_id"]: {field["element"]["action_id"]: {"value": text or None}}}
        body = self._who() | {
            "type": "view_submission",
            "view": {**view.wire(), "state": {"values": values}},
        }
        answer = await self._slack.delivery.interactive("interactive", body, times=times)
        if answer.acknowledged and not answer.payload:
            self._slack.workspace.modals.pop(self.user, None)
        return answer

    async def open_home(self) -> None:
        """Look at the inbox."""
        event = {
            "type": "app_home_opened",
            "user": self.user,
            "channel": self.chat.id,
            "tab": "home",
        }
        self._slack.tell({**event, "event_ts": self._slack.workspace.stamp()}, team=self.team)

    async def slash(self, text: str, command: str = "/steward") -> Answer:
        """Type a command anywhere."""
        assert command in self._slack.manifest.commands
        body = {
            "command": command,
            "text": text,
            "team_id": self.team,
            "user_id": self.user,
            "user_name": self.name.split()[0].lower(),
            "channel_id": "C0GENERAL",
            "api_app_id": APP,
            "trigger_id": self._slack.workspace.trigger(self.user),
            "response_url": f"{self._slack.url}/response",
        }
        return await self._slack.delivery.interactive("slash_commands", body)

    async def shortcut(self, message: Message, name: str = "file_with_steward") -> Answer:
        """Use the app's shortcut on somebody's message."""
        assert name in self._slack.manifest.shortcuts
        body = self._who() | {
            "type": "message_action",
            "callback_id": name,
            "channel": {"id": "C0GENERAL", "name": "general"},
            "message": message.wire(),
            "message_ts": message.ts,
            "action_ts": self._slack.workspace.stamp(),
        }
        return await self._slack.delivery.interactive("interactive", body)

    def _message(self, text: str) -> Message:
        return Message(ts=self._slack.workspace.stamp(), user=self.user, source=_written(text))

    def _post(self, message: Message) -> None:
        self.chat.messages.append(message)
        self._slack.workspace.bell.ring()
        self._slack.tell(self._event(message.wire()), team=TEAM)

    def _changed(self, before: Json, message: Message) -> None:
        changed = {
            "type": "message",
            "subtype": "message_changed",
            "message": message.wire(),
            "previous_message": before,
            "hidden": True,
            "ts": self._slack.workspace.stamp(),
        }
        self._slack.tell(self._event(changed))

    def _event(self, wire: Json) -> Json:
        foreign = {"user_team": self.team, "team": self.team} if self.team != TEAM else {}
        where = {"channel": self.chat.id, "channel_type": "im", "event_ts": wire["ts"]}
        return {**wire, **where, **foreign}

    def _file(self, name: str, raw: bytes, mime: str) -> File:
        made = File(f"F{self._slack.workspace.number()}", name, mime, raw)
        made.address = f"{self._slack.url}/files/{made.id}/{name}"
        self._slack.workspace.files[made.id] = made
        return made

    def _who(self) -> Json:
        return {
            "user": {"id": self.user, "username": self.name, "team_id": self.team},
            "team": {"id": TEAM, "domain": "reyes"},
            "api_app_id": APP,
            "trigger_id": self._slack.workspace.trigger(self.user),
        }


def _written(text: str) -> str:
    """A typed text as Slack keeps it: escaped, with its links and addresses marked."""
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    def marked(found: re.Match[str]) -> str:
        word = found[0]
        return f"<{word}>" if word.startswith("http") else f"<mailto:{word}|{word}>"

    return _ADDRESS.sub(marked, safe)
