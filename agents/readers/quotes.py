"""Quotes: earlier messages below or between a writer's own words."""

from collections.abc import Sequence

from agents.readers import blocks
from agents.readers.phrases import ATTRIBUTION_STARTS, ATTRIBUTION_VERBS, ORIGINAL_MARKS

_MOST_ATTRIBUTION_LINES = 4
_LONGEST_ATTRIBUTION = 400


def split(text: str) -> tuple[str, str]:
    """A writer's own words, and the earlier messages that were quoted with them.

    Answers between quoted lines stay with the words.
    """
    own: list[str] = []
    quoted: list[str] = []
    lines = text.split("\n")
    number = 0
    while number < len(lines):
        length = attribution_length(lines, number)
        if length and not _quotes_follow(lines, number + length):
            return _joined(own), _joined([*quoted, *lines[number:]])
        if length:
            quoted.extend(lines[number : number + length])
            number += length
            continue
        if _begins_history(lines, number):
            return _joined(own), _joined([*quoted, *lines[number:]])
        (quoted if lines[number].startswith(">") else own).append(lines[number])
        number += 1
    return _joined(own), _joined(quoted)


def attribution_at(lines: Sequence[str]) -> int | None:
    """The first line that names who wrote the quoted text below it."""
    return next((at for at in range(len(lines)) if attribution_length(lines, at)), None)


def attribution_length(lines: Sequence[str], start: int) -> int:
    """How many lines a sentence such as "On Monday Tom wrote:" takes; 0 if none begins here."""
    first = lines[start].lstrip("> ").casefold()
    begins = first.startswith(ATTRIBUTION_STARTS) or first[:4].isdigit()
    sentence = ""
    for length in range(1, _MOST_ATTRIBUTION_LINES + 1):
        if start + length > len(lines):
            return 0
        line = lines[start + length - 1].lstrip("> ").rstrip()
        if not line or len(sentence) + len(line) > _LONGEST_ATTRIBUTION:
            return 0
        sentence = f"{sentence} {line.casefold()}"
        if sentence.endswith(":"):
            return length if _attributes(lines, start + length, sentence, begins=begins) else 0
        if not begins:
            return 0
    return 0


def _attributes(lines: Sequence[str], below: int, sentence: str, *, begins: bool) -> bool:
    says_verb = any(verb in sentence for verb in ATTRIBUTION_VERBS)
    names_address = "@" in sentence and sentence.endswith(">:")
    has_date = any(character.isdigit() for character in sentence)
    if begins and has_date:
        return says_verb or names_address
    return says_verb and len(sentence) < 100 and _quotes_follow(lines, below)


def _quotes_follow(lines: Sequence[str], start: int) -> bool:
    for line in lines[start : start + 4]:
        if line.strip():
            return line.startswith(">")
    return False


def _begins_history(lines: Sequence[str], number: int) -> bool:
    """Whether the header block of an earlier message, or the mark above one, is on this line."""
    line = lines[number]
    if line.startswith("--") and line.strip("-_* :").casefold() in ORIGINAL_MARKS:
        return True
    if not line.strip("_> ") and line.count("_") >= 20 and number + 1 < len(lines):
        return blocks.block_at(lines, number + 1, after_mark=False) is not None
    return blocks.block_at(lines, number, after_mark=False) is not None


def _joined(lines: Sequence[str]) -> str:
    kept: list[str] = []
    for line in lines:
        if line.strip() or (kept and kept[-1].strip()):
            kept.append(line)
    return "\n".join(kept).strip("\n")
