"""What an SMTP witness wrote down: accepted mails, and apart from them what else it saw."""

import base64
import json
import os
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path


@dataclass(frozen=True)
class Sent:
    """One accepted mail."""

    message_id: str
    """As in the header, with its angle brackets; empty when there is none."""
    sender: str
    """The envelope's sender."""
    to: tuple[str, ...]
    """The envelope's accepted recipients."""
    subject: str
    body: str
    """The plain text, line ends as \\n; empty when there is none."""
    headers: tuple[tuple[str, str], ...]
    raw: bytes
    """As it came, dots unstuffed."""
    at: datetime

    def header(self, name: str) -> str | None:
        """The first header of this name, whatever its case."""
        for known, value in self.headers:
            if known.lower() == name.lower():
                return value
        return None


@dataclass(frozen=True)
class Event:
    """Something the witness saw that is not yet a mail.

    `what` is one of: connected, signed in, refused password, refused recipient, data started,
    dot seen, accepted, refused message, cut, quit, gone.
    """

    what: str
    connection: int
    """Counts the connections of one witness from 1."""
    detail: str
    at: datetime


class Journal:
    """Writes both files. A line of the first is on the disk before `accept` returns."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()

    def accept(self, sender: str, to: tuple[str, ...], raw: bytes) -> None:
        mail = _parse(raw)
        line = {
            "at": datetime.now(UTC).isoformat(),
            "message_id": mail["message-id"],
            "from": sender,
            "to": to,
            "subject": mail["subject"],
            "raw": base64.b64encode(raw).decode(),
        }
        with self._lock, self.path.open("ab") as file:
            file.write(json.dumps(line, default=str).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def note(self, what: str, connection: int, detail: str = "") -> None:
        line = {
            "at": datetime.now(UTC).isoformat(),
            "what": what,
            "connection": connection,
            "detail": detail,
        }
        with self._lock, events_path(self.path).open("a") as file:
            file.write(json.dumps(line) + "\n")


def events_path(journal: Path) -> Path:
    return journal.with_name(journal.name + ".events")


def sent(journal: Path) -> tuple[Sent, ...]:
    """Every mail that a witness accepted, oldest first."""
    return tuple(_read_sent(json.loads(line)) for line in _whole_lines(journal))


def events(journal: Path) -> tuple[Event, ...]:
    """What a witness saw besides, oldest first."""
    return tuple(
        Event(line["what"], line["connection"], line["detail"], datetime.fromisoformat(line["at"]))
        for line in map(json.loads, _whole_lines(events_path(journal)))
    )


def _whole_lines(path: Path) -> list[str]:
    # A last line without its end belongs to a witness that was killed before it answered.
    if not path.exists():
        return []
    return path.read_text().split("\n")[:-1]


def _parse(raw: bytes) -> EmailMessage:
    mail = message_from_bytes(raw, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def _read_sent(line: dict[str, str]) -> Sent:
    raw = base64.b64decode(line["raw"])
    mail = _parse(raw)
    text = mail.get_body(("plain",))
    return Sent(
        message_id=str(mail["message-id"] or ""),
        sender=line["from"],
        to=tuple(line["to"]),
        subject=str(mail["subject"] or ""),
        body=str(text.get_content()).replace("\r\n", "\n") if text else "",
        headers=tuple((name, str(value)) for name, value in mail.items()),
        raw=raw,
        at=datetime.fromisoformat(line["at"]),
    )
