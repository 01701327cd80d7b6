"""The slots of an intent that somebody else filled: which may be there, and what they look like."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import get_args

from memory.records.intent import Intent
from memory.records.money import Money
from memory.records.rate import Unit

OWN = "@"
"""What the coordinator's own slots begin with; nobody else may fill those."""


def given(slots: Mapping[str, str]) -> dict[str, str]:
    """The slots without blanks and without those of our own."""
    return {
        name: value.strip()
        for name, value in slots.items()
        if value.strip() and not name.startswith(OWN)
    }


def fits(intent: Intent, needs: tuple[str, ...]) -> bool:
    """Whether a specialist can work with an intent as it is.

    Args:
        needs: Slots that must be there.
    """
    return all(intent.slots.get(name) for name in needs) and all(
        _looks_right(intent.kind, name, value) for name, value in intent.slots.items()
    )


def _looks_right(kind: str, name: str, value: str) -> bool:
    shape = _SHAPES.get(f"{kind}.{name}") or _SHAPES.get(name)
    if shape is None:
        return True
    try:
        shape(value)
    except (ValueError, ArithmeticError, LookupError):
        return False
    return True


def _money(value: str) -> Money:
    amount, _, currency = value.partition(" ")
    return Money.of(amount, currency)


def _unit(value: str) -> int:
    return get_args(Unit).index(value)


_SHAPES: dict[str, Callable[[str], object]] = {
    "at": datetime.fromisoformat,
    "due": datetime.fromisoformat,
    "end": datetime.fromisoformat,
    "start": datetime.fromisoformat,
    "valid_from": datetime.fromisoformat,
    "rate.set.value": _money,
    "rate.set.unit": _unit,
}
"""Reads a slot's text or raises; by slot, or by kind and slot."""
