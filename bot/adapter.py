"""What a chat adapter is, what it hands in and what it is given to show."""

from datetime import datetime
from pathlib import Path
from typing import Protocol

from memory.errors import Refused
from memory.records.decision import Verb
from memory.records.intent import Intent
from memory.records.shape import Frozen


class Blocked(Refused):
    """The owner has shut a chat: nothing can be shown there until it is opened again."""


class InboundFile(Frozen):
    """A file as a door received it."""

    name: str
    media_type: str
    raw: bytes


class Inbound(Frozen):
    """One message as a door received it."""

    door: str
    native_id: str
    """The door's own name for it; a second delivery carries the same one."""
    chat: str
    person: str
    """The door's own id of who sent it, never a name that could be recycled."""
    text: str = ""
    files: tuple[InboundFile, ...] = ()
    forwarded: bool = False
    """Passed on: not the words of the person who sent it."""
    written_at: datetime | None = None
    """When it was written, where the platform says so; it may have waited for us."""
    reply_to: str | None = None
    """The door's own name of the message this answers."""
    notice: str | None = None
    """The notice this answers, where a door knows it at once."""
    intents: tuple[Intent, ...] = ()
    """What it wants, where the platform says so itself: a shared contact, a place."""
    corrects: str | None = None
    """Id of the Source whose words the owner has changed since, in the chat itself."""
    mark: str | None = None
    """The name under which the door finds the Source again; None where it has no need to."""


class Button(Frozen):
    """A button as the owner sees it."""

    label: str
    verb: Verb
    choice: int | None = None
    token: str = ""
    """What a press sends back; empty until a door asks for it."""


class Card(Frozen):
    """A notice as every door shows it: plain text and buttons."""

    notice: str
    seq: int
    title: str = ""
    """First line, set apart; empty for a plain line."""
    facts: tuple[tuple[str, str], ...] = ()
    """What will be used, label and value, in order."""
    says: str = ""
    """Why, or what there is to tell."""
    state: str = ""
    """How it stands, in words; always there once something was decided."""
    foot: str = ""
    """What undo and cost mean for this one."""
    copy_text: str = ""
    """Text for the owner to copy; empty when there is none."""
    file: Path | None = None
    """A file to hand over."""
    buttons: tuple[Button, ...] = ()
    rings: bool = False
    at: datetime
    invites: str = ""
    """What a typed reply to it means, as a hint in an input field; empty when nothing does."""

    @property
    def text(self) -> str:
        """All of it as plain text, line by line."""
        parts = [self.title]
        # a text to copy stands last, as it is, and need not be read twice
        parts += [shown(label, value) for label, value in self.facts if value != self.copy_text]
        parts += [self.says, self.state, self.foot]
        if self.copy_text:
            parts.append(self.copy_text)
        return "\n".join(part for part in parts if part)


def shown(label: str, value: str) -> str:
    """One fact as a line; what is quoted from a text stands in quotes."""
    if label == "Text":
        return f'"{value}"'
    if label in ("To", "Subject", "Thread", "What", "When"):
        return value
    return f"{label}: {value}"


class ChatAdapter(Protocol):
    """One chat platform. Receives through intake, shows what the pump gives it."""

    name: str
    """The door's name in tables: "telegram", "slack"."""

    async def run(self) -> None:
        """Receive until cancelled. A message is acknowledged only after intake committed it."""
        ...

    async def show(self, chat: str, card: Card, message: str | None) -> str:
        """Send a card, or bring the message that shows it to its present state.

        Args:
            message: The door's own name of the message to change; None sends a new one.

        Returns:
            The door's own name of the message that shows the card now.

        Raises:
            Unavailable: The platform did not take it now; carries how long to wait if it said so.
            Blocked: The owner has shut this chat; the hint says how to open it.
            Refused: The platform will never take it.
        """
        ...
