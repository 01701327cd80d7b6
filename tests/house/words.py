"""The words a person never sees, and the check that a text has none of them.

Journeys call `assert_plain` on every text that Steward renders for its owner. What stays behind
[Why?], on the page's Staff tab and in `--json` may use our own words.
"""

import re
from collections.abc import Iterable

JARGON = {
    "a reversal class": r"\bR[0-4]\b",
    "a class letter": r"\bclass [A-D]\b",
    "tier": r"\btiers?\b",
    "guard": r"\bguard(s|ed|rails?)?\b",
    "effect": r"\beffects?\b",
    "revision": r"\brevisions?\b",
    "digest": r"\bdigests?\b",
    "epoch": r"\bepochs?\b",
    "lease": r"\b(lease|leases|leased)\b",
    "idempotent": r"\bidempoten\w+",
    "compensation": r"\bcompensat\w+",
    "payload": r"\bpayloads?\b",
    "schema": r"\bschemas?\b",
    "outbox": r"\boutbox\b",
    "connector": r"\bconnectors?\b",
    "specialist": r"\bspecialists?\b",
    "coordinator": r"\bcoordinator\b",
    "traceback": r"\b(traceback|exception|stack trace)\b",
}
"""What it is called in a report, and how it looks. Letter case does not matter."""

STATES = (
    "PROPOSED|REFUSED|AWAITING|APPROVED|REJECTED|TAKEN|EXPIRED|SUPERSEDED|HELD|READY|CLAIMED|"
    "COMMITTING|DONE|FAILED|RETRY_WAIT|UNKNOWN|CANCELLED|COMPENSATING|COMPENSATED"
)
EXACT = {
    "a state's name": rf"\b(?:{STATES})\b",
    "an id": r"\b(?:act|card|int|led|not|rec|rev|run|src)_\w+|\b[a-z]{2,16}_[a-z2-7]{16}\b",
    "an exclamation mark": r"[!\u00a1\uff01]",
}
"""The same, where letter case matters: "unknown sender" is plain English."""

LEFTOVERS = {
    "an unfilled blank": r"\{[a-z_]*\}|%\([a-z_]+\)s",
    "a value in Python's words": r"\bdatetime\.|\bDecimal\(|<[\w.]+ object at 0x|\bNone\b(?! of)",
}
"""What only a rendered text must not have: a template may well hold blanks."""


def faults(text: str) -> list[str]:
    """What a template or a rendered text says that a florist would not, in the text's order."""
    return _found(text, JARGON, re.IGNORECASE) + _found(text, EXACT, re.NOFLAG)


def assert_plain(text: str, *, quoted: Iterable[str] = ()) -> None:
    """Fail unless a rendered text is in words everyone knows.

    Args:
        text: The whole text as the owner sees it, buttons included.
        quoted: Passages in it that are someone else's words, such as a mail's own lines. They are
            taken out first: a customer may well write "lease" or an exclamation mark.
    """
    own = text
    for passage in sorted(quoted, key=len, reverse=True):
        own = own.replace(passage, " ")
    found = faults(own) + _found(own, LEFTOVERS, re.NOFLAG)
    assert not found, f"not plain: {', '.join(found)}\n{text}"


def _found(text: str, patterns: dict[str, str], flags: re.RegexFlag) -> list[str]:
    return [
        f"{name} ({hit.group()!r})"
        for name, pattern in patterns.items()
        for hit in re.finditer(pattern, text, flags)
    ]
