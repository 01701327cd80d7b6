"""Money for models: reserved in SQL before a call, settled after it, never overdrawn."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from memory import tables
from memory.config import Budget
from memory.ledger import Ledger

_MICRO = Decimal(1_000_000)


async def reserve(
    connection: AsyncConnection,
    ledger: Ledger,
    budget: Budget,
    *,
    run: str,
    agent: str,
    micro: int,
    now: datetime,
    day: str,
) -> int | None:
    """Set money aside for one call.

    Args:
        micro: The worst it may cost, in millionths of the budget's currency.
        day: ISO date in the owner's zone.

    Returns:
        The reservation's number for `settle`, or None when the day's money does not reach.
    """
    spent = await _spent(connection, day, None)
    spent_by_agent = await _spent(connection, day, agent)
    if spent + micro > budget.per_day * _MICRO:
        return None
    if spent_by_agent + micro > budget.per_agent_per_day * _MICRO:
        return None
    attempt = 1 + (
        await connection.scalar(
            select(func.coalesce(func.max(tables.budget.c.attempt), 0)).where(
                tables.budget.c.run == run
            )
        )
        or 0
    )
    await connection.execute(
        insert(tables.budget).values(
            run=run, attempt=attempt, day=day, agent=agent, reserved_micro=micro, at=now
        )
    )
    await ledger.add(
        connection, "money_reserved", at=now, actor=agent, subject=run,
        row=(tables.budget, {"run": run, "attempt": attempt}), micro=micro,
    )  # fmt: skip
    return attempt


async def settle(
    connection: AsyncConnection,
    ledger: Ledger,
    *,
    run: str,
    attempt: int,
    micro: int,
    agent: str,
    now: datetime,
) -> None:
    """Put what the call really cost in place of what was reserved."""
    await connection.execute(
        update(tables.budget)
        .where(tables.budget.c.run == run, tables.budget.c.attempt == attempt)
        .values(settled_micro=micro)
    )
    await ledger.add(
        connection, "money_settled", at=now, actor=agent, subject=run,
        row=(tables.budget, {"run": run, "attempt": attempt}), micro=micro,
    )  # fmt: skip


async def _spent(connection: AsyncConnection, day: str, agent: str | None) -> int:
    query = select(
        func.coalesce(
            func.sum(func.coalesce(tables.budget.c.settled_micro, tables.budget.c.reserved_micro)),
            0,
        )
    ).where(tables.budget.c.day == day)
    if agent is not None:
        query = query.where(tables.budget.c.agent == agent)
    return int(await connection.scalar(query) or 0)
