"""Signatures: the closing, the name and the lines below it, at the end of a message."""

import re
from collections.abc import Sequence

from agents.readers.phrases import CLOSINGS, DISCLAIMERS, GREETINGS, PHONE_MARKS

_REACH = 24
"""Lines from the end in which a signature may begin."""
_LONGEST_LINE = 90
_MOST_LINES = 14
_PARTICLES = frozenset({"de", "da", "do", "dos", "du", "van", "von", "der", "den", "y", "e", "la"})
_WORD = re.compile(r"[^\W\d_]+")
_MONEY = re.compile(r"[€$£]\s?\d|\d\s?[€$£]|\d\s?(?:EUR|USD|GBP|CHF)\b|(?:EUR|USD|GBP|CHF)\s?\d")
_PHONE = re.compile(r"\+?\(?\d[\d ()/.\u2011-]{5,20}\d")


def split(text: str, author: str | None) -> tuple[str, str]:
    """A message without its signature, and the signature.

    Args:
        text: One writer's words, without quoted history.
        author: The writer's name, if known: a last paragraph that begins with it is a signature.
    """
    lines = text.split("\n")
    start = _start(lines, _words(author or ""))
    if start is None:
        return text.strip("\n"), ""
    body, signature = lines[:start], lines[start:]
    after = next((at for at, line in enumerate(signature) if _is_postscript(line)), None)
    if after is not None:
        body, signature = [*body, *signature[after:]], signature[:after]
    return "\n".join(body).strip("\n"), "\n".join(signature).strip("\n")


def is_phone_mark(line: str) -> bool:
    """Whether a line is what a phone or a mail program adds: "Sent from my iPhone"."""
    said = line.strip("> \t*_<").casefold()
    if not said.startswith(PHONE_MARKS) or len(said) > 80:
        return False
    return "outlook" in said or ("," not in said and not said.endswith((".", "!", "?")))


def name_in_closing(signature: str) -> str | None:
    """The name a signature gives: the line below the closing, or behind its comma."""
    for line in signature.split("\n")[:4]:
        text = line.strip().lstrip("-\u2013\u2014 ").strip()
        formula, comma, rest = text.partition(",")
        if comma and _is_closing(formula):
            text = rest.strip()
        if not text or _is_closing(text) or is_phone_mark(text):
            continue
        name = re.split(r"\s*[|,/\u00b7\u2022(]", text, maxsplit=1)[0].strip()
        return name if _looks_like_name(name) else None
    return None


def _start(lines: Sequence[str], author: frozenset[str]) -> int | None:
    first = max(0, len(lines) - _REACH)
    candidates = [
        _delimiter(lines, first),
        _closing(lines, first, author),
        _phone_mark(lines, first),
        _list_footer(lines, first),
        _name_block(lines, first, author),
        None if author else _bare_name(lines),
        _card(lines, first),
    ]
    known = [at for at in candidates if at is not None]
    return min(known) if known else None


def _delimiter(lines: Sequence[str], first: int) -> int | None:
    ats = [at for at in range(first, len(lines)) if lines[at].rstrip() in {"--", "\u2014"}]
    return ats[0] if ats else None


def _closing(lines: Sequence[str], first: int, author: frozenset[str]) -> int | None:
    """The last closing formula with a name or nothing below it, and then only small lines."""
    for at in range(len(lines) - 1, first - 1, -1):
        if _closes(lines[at].strip(), author, below=_next(lines, at + 1)) and _all_small(
            lines[at + 1 :]
        ):
            return at
    return None


def _closes(line: str, author: frozenset[str], *, below: str) -> bool:
    """Whether a line is a closing formula, alone or before a name."""
    if _is_closing(line):
        return _may_be_name(below)
    formula, comma, name = line.partition(",")
    if comma:
        return _is_closing(formula) and _looks_like_name(name.strip(" .!"))
    # "Cheers Tom" is Tom's closing; "Thanks Dana" may thank Dana.
    formula, _, name = line.rpartition(" ")
    return _is_closing(formula) and name.strip(".!").casefold() in author


def _next(lines: Sequence[str], start: int) -> str:
    return next((line.strip() for line in lines[start:] if line.strip()), "")


def _may_be_name(line: str) -> bool:
    """Whether a line can stand right below a closing formula."""
    said = line.strip("*-\u2013\u2014 ")
    if not said or is_phone_mark(said) or _is_postscript(said) or _is_closing(said):
        return True
    if _PHONE.search(said) or "@" in said or "|" in said:
        return True
    name = re.split(r"\s*[|,/\u00b7\u2022(]", said, maxsplit=1)[0]
    return _looks_like_name(name) or (len(name.split()) <= 2 and name.isalpha())


def _phone_mark(lines: Sequence[str], first: int) -> int | None:
    for at in range(first, len(lines)):
        if is_phone_mark(lines[at]) and _all_small(lines[at + 1 :]):
            return at
    return None


def _list_footer(lines: Sequence[str], first: int) -> int | None:
    for at in range(first, len(lines)):
        line = lines[at].strip()
        below = " ".join(lines[at + 1 :]).casefold()
        is_list = "mailing list" in below or "listinfo" in below or "unsubscribe" in below
        if len(line) >= 20 and not line.strip("_") and is_list and _all_small(lines[at + 1 :]):
            return at
    return None


def _name_block(lines: Sequence[str], first: int, author: frozenset[str]) -> int | None:
    """A last run of short lines that begins with the author's name."""
    for at in range(first, len(lines)):
        line = lines[at].strip()
        if not line or not _is_named(line, author) or not _all_small(lines[at + 1 :]):
            continue
        is_first_words = at == 0 or not any(one.strip() for one in lines[:at])
        return None if is_first_words else at
    return None


def _bare_name(lines: Sequence[str]) -> int | None:
    """The last line of a text that begins with a greeting, when nobody knows who wrote it."""
    said = [at for at, line in enumerate(lines) if line.strip()]
    if len(said) < 3 or not lines[said[0]].strip().casefold().startswith(GREETINGS):
        return None
    words = lines[said[-1]].split()
    return said[-1] if len(words) <= 3 and _looks_like_name(lines[said[-1]].strip()) else None


def _card(lines: Sequence[str], first: int) -> int | None:
    """A last paragraph of small lines that begins with a name and has a phone number."""
    start = len(lines)
    while start > first and lines[start - 1].strip():
        start -= 1
    card = lines[start:]
    if start == 0 or len(card) < 2 or not _all_small(card):
        return None
    has_phone = any(_PHONE.search(line) for line in card[1:])
    return start if has_phone and _looks_like_name(card[0].strip()) else None


def _is_named(line: str, author: frozenset[str]) -> bool:
    dashed = line.lstrip("-\u2013\u2014* ")
    head = re.split(r"\s*[|,/\u00b7\u2022(]|\s-\s", dashed, maxsplit=1)[0].strip("* ")
    words = _words(head)
    if not words or len(head) > 50:
        return False
    if author:
        return words <= author or (len(words) >= 2 and author <= words)
    return line != dashed and _looks_like_name(head)


def _all_small(lines: Sequence[str]) -> bool:
    """Whether lines could stand below a name: few, short, no sentence, no sum of money."""
    said = [line.strip() for line in lines if line.strip()]
    for at, line in enumerate(said):
        if _is_postscript(line):
            said = said[:at]
            break
    if len(said) > _MOST_LINES:
        return False
    return all(_is_small(line) for line in said)


def _is_small(line: str) -> bool:
    if any(word in line.casefold() for word in DISCLAIMERS):
        return len(line) < 600
    words = len(line.split())
    if len(line) > _LONGEST_LINE or words > 14 or line.endswith("?") or _MONEY.search(line):
        return False
    return words < 5 or not line.endswith((".", "!", ":"))


def _is_closing(text: str) -> bool:
    """Whether a text is a closing formula, or two of them in two languages."""
    return all(one.strip(" !.,*\u2013-:)").casefold() in CLOSINGS for one in text.split("/"))


def _is_postscript(line: str) -> bool:
    said = line.strip().casefold()
    return said.startswith(("ps:", "ps ", "p.s.", "pps", "p.p.s", "ps."))


def _looks_like_name(text: str) -> bool:
    words = text.split()
    if not 1 <= len(words) <= 5 or len(text) > 60 or _PHONE.search(text):
        return False
    if text.endswith((".", "!", "?", ":")) and len(words) > 2:
        return False
    return all(word[0].isupper() or word.casefold() in _PARTICLES for word in words)


def _words(text: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in _WORD.findall(text[:200]))
