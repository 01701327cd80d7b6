"""What a Slack workspace holds: people, chats, messages, files, forms and tabs."""

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.doubles.slack_blocks import Json, buttons, live, plain, texts
from tests.doubles.telegram_account import Bell

TEAM = "T0REYES"
APP = "A0STEWARD"
BOT_USER = "U0STEWARD"
BOT = "B0STEWARD"


class ApiError(Exception):
    """Slack says no, in its own word."""

    def __init__(self, code: str, **more: object) -> None:
        super().__init__(code)
        self.code = code
        self.more = more


@dataclass
class File:
    """A file that Slack holds."""

    id: str
    name: str
    mime: str
    raw: bytes
    address: str = ""
    subtype: str = ""
    needs_permission: bool = False
    """Whether Slack answers with its sign-in page instead."""

    def wire(self) -> Json:
        found: Json = {
            "id": self.id,
            "name": self.name,
            "title": self.name,
            "mimetype": self.mime,
            "size": len(self.raw),
            "mode": "hosted",
            "url_private_download": self.address,
        }
        return found | ({"subtype": self.subtype} if self.subtype else {})


@dataclass
class Message:
    """One message in a chat."""

    ts: str
    user: str
    source: str = ""
    """The text in Slack's writing."""
    blocks: list[Json] = field(default_factory=list[Json])
    thread_ts: str = ""
    files: list[File] = field(default_factory=list[File])
    attachments: list[Json] = field(default_factory=list[Json])
    reactions: list[str] = field(default_factory=list[str])
    metadata: Json | None = None
    bot_id: str = ""
    edits: int = 0
    options: Json = field(default_factory=dict[str, Any])
    """What it was posted with."""
    is_deleted: bool = False
    only_for: str = ""
    """The one person who was shown it; empty for everybody in the chat."""

    @property
    def text(self) -> str:
        """What a person reads."""
        return "\n".join(texts(self.blocks)) if self.blocks else plain(self.source)

    @property
    def buttons(self) -> tuple[str, ...]:
        return tuple(one["text"]["text"] for one in buttons(self.blocks))

    @property
    def live(self) -> tuple[str, ...]:
        """Mentions and links in it that would work."""
        return live(self.source, self.blocks)

    def button(self, label: str) -> Json:
        found = [one for one in buttons(self.blocks) if one["text"]["text"] == label]
        assert found, f"no button {label!r} among {self.buttons}"
        return found[-1]

    def wire(self) -> Json:
        found: Json = {"type": "message", "user": self.user, "text": self.source, "ts": self.ts}
        found["team"] = TEAM
        for name in ("thread_ts", "bot_id", "attachments", "blocks"):
            if getattr(self, name):
                found[name] = getattr(self, name)
        if self.files:
            found |= {"subtype": "file_share", "files": [one.wire() for one in self.files]}
        return found | ({"metadata": self.metadata} if self.metadata else {})


@dataclass
class View:
    """A form or a tab."""

    id: str
    user: str
    shape: Json

    @property
    def text(self) -> str:
        return "\n".join(texts(self.shape["blocks"]))

    @property
    def buttons(self) -> tuple[str, ...]:
        return tuple(one["text"]["text"] for one in buttons(self.shape["blocks"]))

    @property
    def title(self) -> str:
        return self.shape["title"]["text"]

    @property
    def initial(self) -> str:
        """What stands in the field when the form opens."""
        for one in self.shape["blocks"]:
            if one["type"] == "input":
                return one["element"].get("initial_value", "")
        return ""

    def wire(self) -> Json:
        return {**self.shape, "id": self.id, "team_id": TEAM, "hash": f"{self.id}.1"}


@dataclass
class Chat:
    """A direct message or a channel."""

    id: str
    kind: str = "im"
    messages: list[Message] = field(default_factory=list[Message])
    asides: list[Message] = field(default_factory=list[Message])
    """Lines that one person saw for a moment."""

    def find(self, ts: str) -> Message:
        for one in self.messages:
            if one.ts == ts and not one.is_deleted:
                return one
        raise ApiError("message_not_found")


class Workspace:
    """All of it, and a bell that rings at every change."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self.bell = Bell()
        self.people: dict[str, Json] = {}
        self.chats: dict[str, Chat] = {}
        self.files: dict[str, File] = {}
        self.uploads: dict[str, File] = {}
        self.homes: dict[str, View] = {}
        self.modals: dict[str, View] = {}
        self.triggers: dict[str, tuple[str, float]] = {}
        self._numbers = itertools.count(1)
        self._last = 0

    def number(self) -> int:
        return next(self._numbers)

    def stamp(self) -> str:
        """A name for a message: when it was written, and never the same twice."""
        self._last = max(round(self._now().timestamp() * 1_000_000), self._last + 1)
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def join(self, user: str, name: str, email: str = "") -> Chat:
        profile = {"real_name": name, "email": email}
        self.people[user] = {"id": user, "name": name.split()[0].lower(), "profile": profile}
        return self.direct(user)

    def direct(self, user: str) -> Chat:
        return self.chats.setdefault(f"D0{user[1:]}", Chat(f"D0{user[1:]}"))

    def chat(self, name: str) -> Chat:
        if name not in self.chats:
            raise ApiError("channel_not_found")
        return self.chats[name]

    def trigger(self, user: str) -> str:
        made = f"{self.number()}.trigger"
        self.triggers[made] = (user, time.monotonic())
        return made

    def redeem(self, trigger: str) -> str:
        """Whose trigger it is; it opens one form, within three seconds."""
        if trigger not in self.triggers:
            raise ApiError("exchanged_trigger_id")
        user, at = self.triggers.pop(trigger)
        if time.monotonic() - at > 3:
            raise ApiError("expired_trigger_id")
        return user
