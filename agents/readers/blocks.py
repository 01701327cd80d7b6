"""Blocks: the header lines that a mail program types above a passed-on or quoted message."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from agents.readers import people, stamps
from agents.readers.phrases import LABELS
from memory.records.letter import Person

_LONGEST_LABEL = 24
_MOST_LINES = 60
_ONCE = frozenset({"from", "date", "to", "subject"})
"""Fields that a block has once; a second one belongs to something else."""
_MOST_CONTINUATIONS = 12


@dataclass(frozen=True)
class Block:
    """A header block in a body, by line numbers of that body."""

    start: int
    end: int
    """The first line below the block."""
    depth: int
    """How many quote marks stand before its lines."""
    fields: tuple[tuple[str, str], ...]
    """Field and value, in the order written."""
    labels: tuple[str, ...]
    """The labels as written, casefolded."""

    def value(self, field: str) -> str:
        """The first value of a field, or nothing."""
        return next((value for name, value in self.fields if name == field), "")

    @property
    def author(self) -> Person:
        """Who wrote the message below the block."""
        return people.person(self.value("from"))

    @property
    def reply_to(self) -> Person | None:
        """Whom to answer, if the block says so."""
        written = self.value("reply_to")
        return people.person(written) if written else None

    @property
    def to(self) -> tuple[Person, ...]:
        """Whom the message was for."""
        return people.people(self.value("to"))

    @property
    def written_at(self) -> datetime | None:
        """When it was written, as far as the block says."""
        language = "en" if {"from", "sent"} & set(self.labels) else ""
        return stamps.moment(self.value("date"), language=language)


def depth_of(line: str) -> int:
    """How many quote marks a line begins with."""
    depth = 0
    for character in line[:80]:
        if character == ">":
            depth += 1
        elif character != " ":
            break
    return depth


def unquoted(line: str, depth: int) -> str:
    """A line without its first `depth` quote marks and the space behind each."""
    for _ in range(depth):
        stripped = line.lstrip(" ")
        if not stripped.startswith(">"):
            break
        line = stripped[1:].removeprefix(" ")
    return line


def label_of(line: str) -> tuple[str, str, str] | None:
    """Field, label and value of a header line, quote marks removed; None for other lines."""
    before, colon, _ = line[:_LONGEST_LABEL].lstrip("> *\t").partition(":")
    if not colon:
        return None
    label = before.strip("* \t").casefold()
    field = LABELS.get(label)
    if field is None:
        return None
    value = line.partition(":")[2]
    return field, label, value.strip().strip("*").strip()


def block_at(lines: Sequence[str], start: int, *, after_mark: bool) -> Block | None:
    """The header block that begins on a line, or None.

    Args:
        after_mark: A mark such as "Forwarded message" stands above, so a sender and one more line
            are enough. Without a mark it takes a sender, a subject, and a date or a receiver: a
            train ticket has the other lines too.
    """
    first = label_of(lines[start])
    if first is None:
        return None
    depth = depth_of(lines[start])
    fields: list[tuple[str, str]] = []
    labels: list[str] = []
    number = start
    while number < min(len(lines), start + _MOST_LINES):
        line = unquoted(lines[number], depth)
        found = label_of(line)
        if found is not None:
            if found[0] in _ONCE and found[0] in {field for field, _ in fields}:
                break
            fields.append((found[0], found[2]))
            labels.append(found[1])
            number += 1
            continue
        more = _continuations(lines, number, depth, fields[-1][1])
        if not more:
            break
        wrapped = (unquoted(one, depth).strip() for one in lines[number : number + more])
        fields[-1] = (fields[-1][0], " ".join([fields[-1][1], *wrapped]))
        number += more
    known = {field for field, _ in fields}
    is_enough = known & {"date", "to", "subject"}
    if not after_mark:
        is_enough = "subject" in known and known & {"date", "to"}
    if "from" not in known or not is_enough:
        return None
    return Block(start, number, depth, tuple(fields), tuple(labels))


def _continuations(lines: Sequence[str], start: int, depth: int, before: str) -> int:
    """How many lines continue the header line above; 0 when the body begins here."""
    for number in range(start, min(len(lines), start + _MOST_CONTINUATIONS)):
        line = unquoted(lines[number], depth)
        if not line.strip():
            is_wrapped = before.endswith((",", ";")) or len(before) >= 55
            return number - start if is_wrapped and number - start <= 2 else 0
        if label_of(line) is not None:
            return number - start
    return 0
