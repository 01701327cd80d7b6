"""Card to Slack message: blocks without markup, buttons, and what goes along as a file."""

import hashlib
from dataclasses import dataclass, replace
from typing import Any

from bot.adapter import Button, Card, shown
from bot.slack_text import escaped, length
from memory.records.decision import Verb

Block = dict[str, Any]

LONGEST_PART = 3000
"""Characters of one block."""
_LONGEST_HEADER = 150
_LONGEST_CARD = 12_000
"""Characters of all blocks together; Slack refuses messages much larger."""
_LONGEST_FALLBACK = 3000
_LONGEST_LABEL = 75
_LONGEST_VALUE = 2000
_MOST_BLOCKS = 50
_ROW = 25
"""Buttons in one block."""
_ELSEWHERE = "This part is long; all of it is in the file in this thread."


@dataclass(frozen=True)
class Handed:
    """A file that goes with a card."""

    name: str
    raw: bytes

    @property
    def mark(self) -> str:
        """Tells it from every other file of the same card."""
        return hashlib.sha256(self.name.encode() + b"\0" + self.raw).hexdigest()[:16]


@dataclass(frozen=True)
class Face:
    """What Slack shows of a card."""

    text: str
    """For the phone's lock screen and for screen readers; escaped."""
    blocks: tuple[Block, ...]
    files: tuple[Handed, ...]
    """To be handed over in the thread of the message."""


@dataclass(frozen=True)
class _Part:
    text: str
    shape: str = "section"
    stays: bool = False
    """Whether it stands in the message however long the rest is."""

    @property
    def limit(self) -> int:
        return _LONGEST_HEADER if self.shape == "header" else LONGEST_PART


def lay_out(card: Card) -> Face:
    """The message that shows a card. What is too long for one goes into a file, whole."""
    parts = _parts(card)
    files: list[Handed] = []
    if card.file is not None and card.file.is_file():
        files.append(Handed(card.file.name, card.file.read_bytes()))
    actions, list_of_labels = _actions(card.buttons)
    if list_of_labels:
        parts.append(_Part(list_of_labels))
    fitting = _shortened(parts, room=_MOST_BLOCKS - len(actions))
    if fitting != parts:
        files.append(Handed("text.txt", _whole(card).encode()))
    fitting = fitting or [_Part("Here is the file.")]
    blocks = (*(_block(one) for one in fitting), *actions)
    return Face(_fallback(fitting), blocks, tuple(files))


def literal(text: str) -> dict[str, Any]:
    """A text that Slack shows as it is."""
    return {"type": "plain_text", "text": text, "emoji": False}


def section(text: str) -> Block:
    """A paragraph that Slack shows as it is."""
    return {"type": "section", "text": literal(text)}


def sections(text: str) -> list[Block]:
    """A text of many lines, in as many paragraphs as it takes."""
    lines = [
        line[at : at + LONGEST_PART // 2]
        for line in text.split("\n")
        for at in range(0, max(len(line), 1), LONGEST_PART // 2)
    ]
    return [section(one.text) for one in _paragraphs(lines) if one.text.strip()]


def _parts(card: Card) -> list[_Part]:
    shape = "header" if length(card.title) <= _LONGEST_HEADER else "section"
    parts = [_Part(card.title, shape, stays=True)]
    lines: list[str] = []
    for label, value in card.facts:
        if label != "Text":
            lines.append(shown(label, value))
        elif value != card.copy_text:
            parts += [*_paragraphs(lines), _Part(value, "quote")]
            lines = []
    parts += [
        *_paragraphs(lines),
        _Part(card.says),
        _Part(card.state, stays=True),
        _Part(card.foot, "context", stays=True),
        _Part(card.copy_text, "copy"),
    ]
    stripped = [replace(one, text=one.text.strip("\n ")) for one in parts]
    return [one for one in stripped if one.text]


def _paragraphs(lines: list[str]) -> list[_Part]:
    """Lines put together into as few blocks as they fit in."""
    texts: list[str] = []
    for line in lines:
        if texts and length(texts[-1]) + 1 + length(line) <= LONGEST_PART:
            texts[-1] += f"\n{line}"
        else:
            texts.append(line)
    return [_Part(text) for text in texts]


def _shortened(parts: list[_Part], *, room: int) -> list[_Part]:
    """The parts with whatever is too long left out, and one line in its place."""
    pointer = _Part(_ELSEWHERE, stays=True)
    shorter = list(parts)
    while True:
        large = [one for one in shorter if length(one.text) > one.limit]
        movable = [one for one in shorter if not one.stays]
        if not large and (len(shorter) > room or _length(shorter) > _LONGEST_CARD):
            large = sorted(movable, key=lambda one: length(one.text))[-1:]
        if not large:
            return shorter
        place = shorter.index(large[0])
        shorter[place : place + 1] = [] if pointer in shorter else [pointer]


def _length(parts: list[_Part]) -> int:
    return sum(length(one.text) for one in parts)


def _whole(card: Card) -> str:
    """All of a card but how it stands: that moves on, and a file that was sent does not."""
    stands_twice = ("Text", card.copy_text) in card.facts
    without = {"state": "", "foot": "", "copy_text": "" if stands_twice else card.copy_text}
    return card.model_copy(update=without).text


def _block(part: _Part) -> Block:
    if part.shape == "header":
        return {"type": "header", "text": literal(part.text)}
    if part.shape == "context":
        return {"type": "context", "elements": [literal(part.text)]}
    if part.shape in ("quote", "copy"):
        # Rich text takes words as they are: no stars, no mentions, no links are made of them.
        kind = "rich_text_quote" if part.shape == "quote" else "rich_text_preformatted"
        words = [{"type": "text", "text": part.text}]
        return {"type": "rich_text", "elements": [{"type": kind, "elements": words}]}
    return section(part.text)


def _fallback(parts: list[_Part]) -> str:
    """The message as one text, for where blocks are not shown; as many parts as fit."""
    text = ""
    for one in parts:
        longer = f"{text}\n{escaped(one.text)}".strip("\n")
        if length(longer) > _LONGEST_FALLBACK:
            break
        text = longer
    return text or "There is something new for you."


def _actions(buttons: tuple[Button, ...]) -> tuple[list[Block], str]:
    """The buttons in rows; labels that are too long for one stand above, by number."""
    long = any(length(one.label) > _LONGEST_LABEL for one in buttons)
    elements: list[dict[str, Any]] = []
    lines: list[str] = []
    for number, one in enumerate(buttons, start=1):
        label = one.label
        if long and one.verb is Verb.CHOOSE:
            lines.append(f"{number}. {label}")
            label = str(number)
        elements.append(_button(one, label))
    rows = [elements[at : at + _ROW] for at in range(0, len(elements), _ROW)]
    return [{"type": "actions", "elements": row} for row in rows], "\n".join(lines)


def _button(one: Button, label: str) -> dict[str, Any]:
    if len(one.token) > _LONGEST_VALUE:
        message = f"a token of {len(one.token)} characters does not fit on a button"
        raise ValueError(message)
    choice = "" if one.choice is None else f":{one.choice}"
    made: dict[str, Any] = {
        "type": "button",
        "action_id": f"press:{one.verb.value}{choice}",
        "text": literal(label),
        "value": one.token,
    }
    if one.verb is Verb.APPROVE:
        made["style"] = "primary"
    return made
