"""What the guards say about an effect, before it is shown and once more before it leaves."""

from typing import Literal

from sqlalchemy.ext.asyncio import AsyncConnection

from agents.guard import Case, guards, review
from memory.company import Company
from memory.recall import View
from memory.records.effect import Effect
from memory.records.verdict import Verdict


async def judged(
    connection: AsyncConnection,
    company: Company,
    effect: Effect,
    *,
    agent: str,
    cost_micro: int,
    phase: Literal["propose", "execute"],
) -> tuple[Verdict, ...]:
    """Every guard's verdict, from the records as they are on this connection.

    Args:
        agent: agent@version that suggested it.
        cost_micro: What thinking of it cost, in millionths of the budget's currency.
    """
    reads = tuple({kind for guard in guards() for kind in guard.reads})
    return await review(
        Case(
            effect=effect,
            agent=agent,
            cost_micro=cost_micro,
            phase=phase,
            now=company.clock.now().astimezone(company.zone),
            config=company.config,
            memory=View(connection, reads),
        )
    )
