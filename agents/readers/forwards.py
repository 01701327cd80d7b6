"""Forwards: where a mail program put a passed-on message into the body, and whose it is."""

from collections.abc import Sequence
from dataclasses import dataclass

from agents.readers import blocks, quotes
from agents.readers.blocks import Block
from agents.readers.phrases import (
    BEGIN_MARKS,
    END_MARKS,
    FORWARD_MARKS,
    FORWARD_PREFIXES,
    ORIGINAL_MARKS,
    REPLY_PREFIXES,
)
from memory.records.letter import Person

_DEEPEST = 10
"""Forwards inside forwards that are followed."""
_MARK_REACH = 4
"""Lines between a mark and its header block, most of them blank."""
_LONGEST_MARK = 100


@dataclass(frozen=True)
class Forward:
    """One passed-on message inside a body."""

    block: Block | None
    """None if a mark says that something was passed on, and no header block can be read."""
    client: str
    above: str
    """What stands above the mark: the words of the one who passed it on."""
    body: str
    """The message itself, with its own history and signature."""
    below: str
    """What stands below a message that was passed on inside quote marks."""


def unwrap(
    text: str, subject: str, to: Sequence[Person], *, is_automatic: bool = False
) -> tuple[Forward, ...]:
    """The forwards in a body, outermost first; empty when nothing was passed on.

    A header block without a mark is what Outlook writes above a forward and above quoted history
    alike. "Re:" in the subject makes it history, "Fwd:" a forward; without either it is history
    when the one who wrote it is the one who now receives it.

    Args:
        text: A body, already tidied.
        subject: Of the message whose body it is.
        to: Who received that message.
        is_automatic: A machine wrote it. Reports on a failed delivery quote header blocks, so only
            a mark or "Fwd:" makes a forward.
    """
    found: list[Forward] = []
    while len(found) < _DEEPEST:
        forward = _first(text, subject, None if is_automatic and not found else to)
        if forward is None:
            break
        found.append(forward)
        if forward.block is None:
            break
        text, subject, to = forward.body, forward.block.value("subject"), forward.block.to
    return tuple(found)


def at_top(text: str) -> Forward | None:
    """The message below a header block that a pasted text begins with.

    A sender with an address and one more line are enough there.
    """
    lines = text.split("\n")
    block = blocks.block_at(lines, 0, after_mark=True)
    if block is None or block.author.email is None:
        return None
    return _forward(lines, 0, block, "")


def prefix_of(subject: str) -> str:
    """What the first prefix of a subject line says: "forward", "reply" or nothing."""
    before, colon, _ = subject[:40].partition(":")
    word = before.strip().casefold()
    if not colon:
        return ""
    if word in FORWARD_PREFIXES:
        return "forward"
    return "reply" if word.partition("[")[0] in REPLY_PREFIXES else ""


def _first(text: str, subject: str, to: Sequence[Person] | None) -> Forward | None:
    lines = text.split("\n")
    history = quotes.attribution_at(lines)
    for number, line in enumerate(lines):
        if history is not None and number >= history:
            return None
        mark = mark_of(line)
        block = _block_near(lines, number, after_mark=mark != "rule") if mark else None
        if mark in {"forward", "begin"}:
            return _forward(lines, number, block, mark)
        if block is None and blocks.label_of(line):
            block = blocks.block_at(lines, number, after_mark=False)
        if block is None:
            continue
        return _forward(lines, number, block, mark) if _passes_on(block, subject, to) else None
    return None


def _passes_on(block: Block, subject: str, to: Sequence[Person] | None) -> bool:
    """Whether a header block without a mark is a forward and not quoted history."""
    prefix = prefix_of(subject)
    if prefix or to is None:
        return prefix == "forward"
    return not any(_is_same(block.author, receiver) for receiver in to)


def _is_same(one: Person, other: Person) -> bool:
    if one.email and other.email:
        return one.email.casefold() == other.email.casefold()
    return bool(one.name and other.name) and one.name == other.name


def mark_of(line: str) -> str:
    """What a line announces: a "forward", Apple's "begin", an "original", a "rule", or nothing."""
    if not 6 < len(line) < _LONGEST_MARK:
        return ""
    inner = line.lstrip("> ").rstrip()
    core = inner.strip("-_* :\t").casefold().replace("\u2019", "'")
    if core in BEGIN_MARKS and inner.endswith(":"):
        return "begin"
    if inner.startswith(("--", "__")) and inner.endswith(("--", "__")):
        if core in FORWARD_MARKS or core.startswith("forwarded message from "):
            return "forward"
        if core in ORIGINAL_MARKS:
            return "original"
    return "rule" if len(inner) >= 20 and not inner.strip("_") else ""


def _block_near(lines: Sequence[str], mark: int, *, after_mark: bool) -> Block | None:
    for number in range(mark + 1, min(len(lines), mark + 1 + _MARK_REACH)):
        if blocks.label_of(lines[number]):
            return blocks.block_at(lines, number, after_mark=after_mark)
        if lines[number].strip("> \t"):
            return None
    return None


def _forward(lines: Sequence[str], mark: int, block: Block | None, kind: str) -> Forward:
    above = "\n".join(lines[:mark]).strip("\n")
    if block is None:
        return Forward(None, "unknown", above, "\n".join(lines[mark + 1 :]).strip("\n"), "")
    ends = (at for at in range(block.end, len(lines)) if _is_end_mark(lines[at]))
    body, below = _inside(lines[block.end : next(ends, len(lines))], block.depth)
    return Forward(block, _client(block, kind, lines[mark]), above, body, below)


def _inside(lines: Sequence[str], depth: int) -> tuple[str, str]:
    """The lines of a message whose block has `depth` quote marks, and what follows them."""
    end = len(lines)
    if depth:
        marked = [number for number, line in enumerate(lines) if blocks.depth_of(line) >= depth]
        end = marked[-1] + 1 if marked else 0
    body = "\n".join(blocks.unquoted(line, depth) for line in lines[:end])
    return body.strip("\n"), "\n".join(lines[end:]).strip("\n")


def _is_end_mark(line: str) -> bool:
    inner = line.strip("> ")
    return inner.startswith("--") and inner.strip("- ").casefold() in END_MARKS


def _client(block: Block, kind: str, mark: str) -> str:
    """Which program writes a block like this; the mail's own headers may know better."""
    order = [field for field, _ in block.fields if field in {"from", "date", "to", "subject"}]
    if kind == "begin":
        return "apple_mail" if order[:2] == ["from", "subject"] and len(order) > 2 else "ios_mail"
    if kind != "forward":
        return "outlook"
    mark = mark.lstrip("> ")
    dashes = len(mark) - len(mark.lstrip("-"))
    if order[:1] == ["subject"]:
        return "thunderbird"
    return {7: "proton", 10: "gmail"}.get(dashes, "unknown")
