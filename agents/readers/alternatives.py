"""Alternatives: a body that came as plain text and as HTML, of which a person sees the HTML."""

import re

_FEWEST_WORDS = 4
"""A paragraph with fewer words is not compared."""
_LEAST_SHARE = 0.5
_ADDRESS = re.compile(r"(?:https?://|mailto:|www\.)\S{1,2000}")
_WORD = re.compile(r"\w{2,}")


def agree(plain: str, page: str) -> tuple[str, str]:
    """The text a person is shown, and the paragraphs only the plain form has.

    The plain form is easier to read by code, so it is taken. But most people see the page: what
    stands in the plain form alone was seen by nobody.

    Args:
        plain: The plain form; may be empty.
        page: The text of the HTML form; may be empty.
    """
    if not plain or not page:
        return plain or page, ""
    seen = frozenset(_words(page))
    kept: list[str] = []
    unseen: list[str] = []
    for paragraph in plain.split("\n\n"):
        words = _words(paragraph)
        share = sum(word in seen for word in words) / max(1, len(words))
        is_seen = len(words) < _FEWEST_WORDS or share >= _LEAST_SHARE
        (kept if is_seen else unseen).append(paragraph)
    if not unseen and len(_words(plain)) >= _LEAST_SHARE * len(_words(page)):
        return plain, ""
    told = [word for paragraph in kept for word in _words(paragraph)]
    is_whole = len(told) >= _LEAST_SHARE * len(_words(page))
    return "\n\n".join(kept).strip("\n") if is_whole else page, "\n\n".join(unseen)


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(_ADDRESS.sub(" ", text))]
