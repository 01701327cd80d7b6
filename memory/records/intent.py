"""What the owner wants, or what a source asks for."""

from typing import Literal

from pydantic import Field

from memory.records.shape import Frozen, Text

Tier = Literal["typed", "rules", "small", "large", "owner"]
"""Who read it: the adapter itself, the rules, a model, or the owner by a press."""

CORRECTS = "@corrects"
"""Slot of our own in what was said: id of the Source whose words it takes the place of."""


class Intent(Frozen):
    """A typed wish with its slots."""

    kind: str
    """For example "task.create"; "say" is free text that nobody has read yet."""
    slots: dict[str, Text] = Field(default_factory=dict)
    """Names and values; dates ISO in the owner's zone, money as "1200.00 EUR"."""
    confidence: float = Field(default=1.0, ge=0, le=1)
    tier: Tier = "typed"
    span: tuple[int, int] | None = None
    """Which part of the source's text says so; None means all of it."""
