"""Who said it: how far a value may be trusted."""

from collections.abc import Iterable
from enum import StrEnum


class Label(StrEnum):
    """Whose word a value is, from the most to the least trusted."""

    SYSTEM = "system"
    OWNER = "owner"
    """Typed in chat by the owner, not forwarded."""
    CONFIRMED = "confirmed"
    """Somebody else's value that the owner endorsed by pressing a button on exactly that value."""
    KNOWN_SENDER = "known_sender"
    EXTERNAL = "external"
    GUESS = "guess"


_ORDER = tuple(Label)


def trusts(label: Label, floor: Label) -> bool:
    """Whether `label` is at least as trusted as `floor`."""
    return _ORDER.index(label) <= _ORDER.index(floor)


def lowest(labels: Iterable[Label]) -> Label:
    """The least trusted of the labels: what anything computed from all of them deserves.

    With no labels at all nobody vouches for the value, so it is a guess.
    """
    found = tuple(labels)
    return max(found, key=_ORDER.index) if found else Label.GUESS
