"""Card to Telegram message: text with its entities, rows of buttons, and what goes as a file."""

import hashlib
from dataclasses import dataclass, replace

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity

from bot.adapter import Button, Card, shown
from memory.records.decision import Verb

LONGEST_TEXT = 4096
"""UTF-16 units in one message."""
_LONGEST_QUOTE = 400
"""Characters of a quoted text that stand open; a longer one folds and opens at a tap."""
_ROW = 3
_ROW_CHARACTERS = 32
"""What fits side by side on a narrow phone."""
_ELSEWHERE = "This part is long; all of it is in the file above."
RELEASES = (Verb.APPROVE, Verb.SEND)
"""What may not be pressed under a card of which only a part is shown."""
_WORD = {Verb.APPROVE: "approve it", Verb.SEND: "send it"}


@dataclass(frozen=True)
class Handed:
    """A file that goes with a card."""

    name: str
    raw: bytes

    @property
    def is_picture(self) -> bool:
        """Whether a chat can show it at once."""
        return self.name.endswith((".png", ".jpg"))

    @property
    def mark(self) -> str:
        """Tells it from every other file of the same card."""
        return hashlib.sha256(self.name.encode() + b"\0" + self.raw).hexdigest()[:12]


@dataclass(frozen=True)
class Face:
    """What a chat shows of a card."""

    text: str
    entities: tuple[MessageEntity, ...]
    keyboard: InlineKeyboardMarkup | None
    files: tuple[Handed, ...]
    """To be handed over before the message itself."""
    is_partial: bool = False
    """Whether a part of the card is to be read in a file only."""


@dataclass(frozen=True)
class _Part:
    text: str
    style: str = ""
    """A type of entity; empty for plain text."""
    stays: bool = False
    """Whether it stands in the message however long the rest is."""


def lay_out(card: Card, code: str = "") -> Face:
    """The message that shows a card. What is too long for one goes into a file, whole.

    Args:
        code: Takes the place of the button that lets it go, where not all of it is shown; it
            stands at the end of the file.
    """
    parts = _parts(card)
    buttons = card.buttons
    files: list[Handed] = []
    if card.file is not None and card.file.is_file():
        files.append(Handed(card.file.name, card.file.read_bytes()))
    is_partial = _length(parts) > LONGEST_TEXT
    if is_partial:
        release = releasing(card)
        whole = _whole(card)
        if release is not None:
            buttons = tuple(one for one in buttons if one.verb not in RELEASES)
            does = _WORD[release.verb]
            parts.append(_Part(f"To {does}, type the code at the end of the file.", stays=True))
            whole += f"\n\nTo {does}, type this code in the chat: {code}"
        files.append(Handed("text.txt", whole.encode()))
        parts = _shortened(parts)
    parts = parts or [_Part("Here is the file.")]
    text, entities = _written(parts)
    return Face(text, entities, keyboard(buttons), tuple(files), is_partial=is_partial)


def releasing(card: Card) -> Button | None:
    """The button that lets go what the card shows; None when there is none."""
    return next((one for one in card.buttons if one.verb in RELEASES), None)


def keyboard(buttons: tuple[Button, ...]) -> InlineKeyboardMarkup | None:
    """The buttons in rows of at most three, fewer where their words are long, evenly filled."""
    rows = _rows(buttons, _ROW)
    # four as two and two, not three and one that is as wide as all the others
    evenly = _rows(buttons, -(-len(buttons) // len(rows))) if rows else rows
    rows = evenly if len(evenly) == len(rows) else rows
    if not rows:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(one.label, callback_data=one.token) for one in row] for row in rows]
    )


def _rows(buttons: tuple[Button, ...], most: int) -> list[list[Button]]:
    rows: list[list[Button]] = []
    for one in buttons:
        row = rows[-1] if rows else []
        width = sum(len(other.label) for other in row) + len(one.label)
        if not row or len(row) == most or width > _ROW_CHARACTERS:
            rows.append([one])
        else:
            row.append(one)
    return rows


def units(text: str) -> int:
    """Length as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


def _parts(card: Card) -> list[_Part]:
    parts = [_Part(card.title, MessageEntity.BOLD, stays=True)]
    for label, value in card.facts:
        if label != "Text":
            parts.append(_Part(shown(label, value)))
        elif value != card.copy_text:
            parts.append(_Part(value, _quote(value)))
    parts += [
        _Part(card.says),
        _Part(card.state, stays=True),
        _Part(card.foot, MessageEntity.ITALIC, stays=True),
        _Part(card.copy_text, MessageEntity.PRE),
    ]
    stripped = [replace(one, text=one.text.strip("\n ")) for one in parts]
    return [one for one in stripped if one.text]


def _whole(card: Card) -> str:
    """All of a card but how it stands: that moves on, and a file that was sent does not."""
    stands_twice = ("Text", card.copy_text) in card.facts
    without = {"state": "", "foot": "", "copy_text": "" if stands_twice else card.copy_text}
    return card.model_copy(update=without).text


def _quote(value: str) -> str:
    if len(value) > _LONGEST_QUOTE:
        return MessageEntity.EXPANDABLE_BLOCKQUOTE
    return MessageEntity.BLOCKQUOTE


def _shortened(parts: list[_Part]) -> list[_Part]:
    """The parts with the longest left out, one after another, and one line in their place."""
    shorter = list(parts)
    while _length(shorter) > LONGEST_TEXT:
        movable = [one for one in shorter if not one.stays]
        if not movable:
            return [_Part(_ELSEWHERE, stays=True), *shorter[-1:]][: 2 if _fits(shorter) else 1]
        longest = max(movable, key=lambda one: units(one.text))
        place = shorter.index(longest)
        pointer = _Part(_ELSEWHERE, stays=True)
        shorter[place : place + 1] = [] if pointer in shorter else [pointer]
    return shorter


def _fits(parts: list[_Part]) -> bool:
    """Whether the last part, which says what to do, can stand beside the pointer to the file."""
    return _length(parts[-1:]) < LONGEST_TEXT // 2


def _length(parts: list[_Part]) -> int:
    return units("\n".join(one.text for one in parts))


def _written(parts: list[_Part]) -> tuple[str, tuple[MessageEntity, ...]]:
    text = ""
    entities: list[MessageEntity] = []
    for one in parts:
        text += "\n" if text else ""
        if one.style:
            entities.append(MessageEntity(one.style, units(text), units(one.text)))
        text += one.text
    return text, tuple(entities)
