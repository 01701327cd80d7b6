"""A guard's opinion of an action."""

from enum import StrEnum

from memory.records.shape import Frozen


class Level(StrEnum):
    """What a guard demands, from the mildest to the strictest."""

    ALLOW = "allow"
    ASK = "ask"
    CONFIRM = "confirm"
    """The owner must type, not press."""
    REFUSE = "refuse"


class Verdict(Frozen):
    """One guard's opinion and its reason in one sentence."""

    guard: str
    level: Level
    reason: str


def strictest(verdicts: tuple[Verdict, ...]) -> Verdict:
    """The verdict that counts. Silence is not consent: no verdict at all means ask."""
    order = tuple(Level)
    if not verdicts:
        return Verdict(guard="none", level=Level.ASK, reason="no guard spoke")
    return max(verdicts, key=lambda one: order.index(one.level))
