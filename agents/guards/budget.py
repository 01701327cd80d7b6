"""What an action's thinking cost must stay within the day's money."""

from decimal import Decimal

from agents.guard import Case, Guard
from memory.records.verdict import Level

_MICRO = Decimal(1_000_000)


async def judge(case: Case) -> tuple[Level, str] | None:
    """Ask when one action's models cost more than an agent may spend in a day."""
    if case.cost_micro == 0:
        return None
    cost = Decimal(case.cost_micro) / _MICRO
    limit = case.config.budget.per_agent_per_day
    if cost > limit:
        return Level.ASK, f"thinking about it cost {cost:.2f} {case.config.budget.currency}"
    return None


GUARD = Guard(name="budget", judge=judge)
