"""What a Guard is: code that may say no. A guard that crashes or is silent means "ask"."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Literal

from memory.config import Config
from memory.plugins import members
from memory.recall import View
from memory.records.effect import Effect
from memory.records.verdict import Level, Verdict

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Case:
    """What a guard is asked to judge."""

    effect: Effect
    agent: str
    """agent@version that suggested it."""
    cost_micro: int
    phase: Literal["propose", "execute"]
    now: datetime
    config: Config
    memory: View


Judge = Callable[[Case], Awaitable[tuple[Level, str] | None]]
"""Level and reason, or None when this effect is none of the guard's business."""


@dataclass(frozen=True)
class Guard:
    """One rule, in one file."""

    name: str
    judge: Judge
    reads: tuple[str, ...] = ()
    """Kinds of record it may look up."""


@cache
def guards() -> tuple[Guard, ...]:
    """Every guard, found by being there."""
    return members("agents.guards", "GUARD", Guard)


async def review(case: Case) -> tuple[Verdict, ...]:
    """What every guard says. Nobody saying anything is for the caller to read as "ask"."""
    verdicts: list[Verdict] = []
    for guard in guards():
        try:
            said = await guard.judge(case)
        except Exception:
            logger.exception("guard failed", extra={"action": "guard_failed", "guard": guard.name})
            said = (Level.ASK, "this check could not be made")
        if said is not None:
            verdicts.append(Verdict(guard=guard.name, level=said[0], reason=said[1]))
    return tuple(verdicts)
