"""Money for models: reserved in SQL before a call, settled after it, never overdrawn."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from sqlalchemy import ColumnElement, case, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from memory import tables
from memory.config import Budget
from memory.ledger import Ledger

MICRO = Decimal(1_000_000)
"""Millionths in one unit of the currency."""

_RUNS = timedelta(minutes=2)
"""So long a call may run before its money is given up for spent."""

Scope = Literal["day", "agent", "customer"]


@dataclass(frozen=True)
class Wanted:
    """One call that is to be made."""

    run: str
    agent: str
    micro: int
    """The worst it may cost, in millionths of the budget's currency."""
    day: str
    """ISO date in the owner's zone."""
    model: str = ""
    customer: tuple[str, ...] = ()
    """Records of whom it is for, the one it is counted under first; empty for the owner."""


@dataclass(frozen=True)
class Short:
    """A call that the day's money does not reach for."""

    scope: Scope
    """Which of the three limits is in the way."""
    limit_micro: int
    """That limit today, with what the owner has added."""
    hopeless: bool
    """Whether a day that has just begun would not reach for it either."""
    soon: bool = False
    """Whether only calls that are being made now are in the way, which may cost less."""


async def reserve(
    connection: AsyncConnection, ledger: Ledger, budget: Budget, wanted: Wanted, now: datetime
) -> int | Short:
    """Set money aside for one call.

    Returns:
        The reservation's number for `settle`, or what the money does not reach for.
    """
    table, micro = tables.budget, wanted.micro
    more = await added(connection, wanted.day)
    own: dict[Scope, tuple[Decimal, ColumnElement[bool]]] = {
        "day": (budget.per_day, table.c.day == wanted.day),
        "agent": (budget.per_agent_per_day, table.c.agent == wanted.agent),
    }
    if wanted.customer:
        of_customer = table.c.customer.in_(wanted.customer)
        own["customer"] = (budget.per_customer_per_day, of_customer)
    today = {scope: int(limit * MICRO) + more for scope, (limit, _) in own.items()}
    conditions = (where for _, where in own.values())
    spent, certain = await _spent(connection, wanted.day, now - _RUNS, *conditions)
    short: list[Scope] = [
        one for one, gone in zip(own, spent, strict=True) if gone + micro > today[one]
    ]
    if short:
        hopeless = any(micro > limit * MICRO for limit, _ in own.values())
        soon = all(gone + micro <= today[one] for one, gone in zip(own, certain, strict=True))
        return Short(short[0], today[short[0]], hopeless, soon)
    attempt = 1 + (
        await connection.scalar(
            select(func.coalesce(func.max(table.c.attempt), 0)).where(table.c.run == wanted.run)
        )
        or 0
    )
    await connection.execute(
        insert(table).values(
            run=wanted.run, attempt=attempt, day=wanted.day, agent=wanted.agent,
            reserved_micro=micro, at=now, model=wanted.model,
            customer=wanted.customer[0] if wanted.customer else "",
        )
    )  # fmt: skip
    await ledger.add(
        connection, "money_reserved", at=now, actor=wanted.agent, subject=wanted.run,
        row=(table, {"run": wanted.run, "attempt": attempt}), micro=micro, model=wanted.model,
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
    """Put what the call cost in place of what was reserved, once."""
    table = tables.budget
    settled = await connection.execute(
        update(table)
        .where(table.c.run == run, table.c.attempt == attempt, table.c.settled_micro.is_(None))
        .values(settled_micro=micro)
    )
    if settled.rowcount != 1:
        return
    await ledger.add(
        connection, "money_settled", at=now, actor=agent, subject=run,
        row=(table, {"run": run, "attempt": attempt}), micro=micro,
    )  # fmt: skip


async def settle_lost(
    connection: AsyncConnection, ledger: Ledger, *, run: str, now: datetime
) -> None:
    """Nobody is left to say what a run's calls cost: they count as the worst they may have."""
    table = tables.budget
    query = select(table).where(table.c.run == run, table.c.settled_micro.is_(None))
    for row in (await connection.execute(query)).all():
        await settle(
            connection, ledger, run=run, attempt=row.attempt, micro=row.reserved_micro,
            agent=row.agent, now=now,
        )  # fmt: skip


async def add(
    connection: AsyncConnection,
    ledger: Ledger,
    *,
    day: str,
    micro: int,
    actor: str,
    subject: str,
    now: datetime,
) -> None:
    """The owner gives a day more money, for every limit of that day."""
    table = tables.allowance
    made = await connection.execute(insert(table).values(day=day, micro=micro, at=now))
    key = made.inserted_primary_key
    await ledger.add(
        connection, "money_added", at=now, actor=actor, subject=subject,
        row=(table, {"id": key[0] if key else None}), micro=micro,
    )  # fmt: skip


async def added(connection: AsyncConnection, day: str) -> int:
    """What the owner has added to a day, in millionths."""
    table = tables.allowance
    query = select(func.coalesce(func.sum(table.c.micro), 0)).where(table.c.day == day)
    return int(await connection.scalar(query) or 0)


async def cost_of(connection: AsyncConnection, run: str) -> int:
    """What the calls of a run have cost so far; what is still open counts as its worst."""
    query = select(func.coalesce(func.sum(_cost()), 0)).where(tables.budget.c.run == run)
    return int(await connection.scalar(query) or 0)


@dataclass(frozen=True)
class Used:
    """How far a day's money is gone, by the limit that is nearest to its end."""

    micro: int
    limit_micro: int

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.micro / self.limit_micro if self.limit_micro else 0.0


async def used(connection: AsyncConnection, budget: Budget, day: str) -> Used:
    """How far a day's money is gone; calls that are still open are not counted."""
    table, more = tables.budget, await added(connection, day)
    cost = func.sum(func.coalesce(table.c.settled_micro, 0)).label("cost")
    query = select(table.c.agent, cost).where(table.c.day == day).group_by(table.c.agent)
    by_agent = [int(row.cost) for row in await connection.execute(query)]
    limits = (
        Used(sum(by_agent), int(budget.per_day * MICRO) + more),
        Used(max(by_agent, default=0), int(budget.per_agent_per_day * MICRO) + more),
    )
    return max(limits, key=lambda one: one.share)


def _cost() -> ColumnElement[int]:
    return func.coalesce(tables.budget.c.settled_micro, tables.budget.c.reserved_micro)


async def _spent(
    connection: AsyncConnection, day: str, begun: datetime, *which: ColumnElement[bool]
) -> tuple[list[int], list[int]]:
    """What a day has cost, for each condition: with open calls at their worst, and without.

    Args:
        begun: An open call from before this moment has no hope of costing less.
    """
    table = tables.budget
    may_cost_less = table.c.settled_micro.is_(None) & (table.c.at > begun)
    sums = [
        func.coalesce(func.sum(case((where, cost), else_=0)), 0)
        for cost in (_cost(), case((may_cost_less, 0), else_=_cost()))
        for where in which
    ]
    row = (await connection.execute(select(*sums).where(table.c.day == day))).one()
    every = [int(one) for one in row]
    return every[: len(which)], every[len(which) :]
