"""What models have cost in one day: by action, by agent and by customer, from the ledger's rows."""

from collections import Counter
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from memory import budget, revisions, tables
from memory.budget import MICRO
from memory.config import Config
from memory.records.contact import Contact
from memory.records.kinds import kept_of
from memory.records.shape import Frozen

_CALLED = {"coordinator": "reading", "doctor": "trying a model out"}
"""What an agent does, where its name says nothing to the owner."""
_MOST = 6
"""Entries under one heading before the rest is summed up."""
_NO_CARD = "messages without a card"
_TRIAL = "trying a model out"
_OWN = "your own words"
_STRANGER = "somebody new"


class Spending(Frozen):
    """One day. Each of the three adds up to the total."""

    total_micro: int
    """Millionths of the budget's currency; what is still open counts as its worst."""
    open_micro: int
    """The part of it that is only set aside, for calls that are being made."""
    limit_micro: int
    by_action: dict[str, int]
    by_agent: dict[str, int]
    by_customer: dict[str, int]

    def text(self, currency: str) -> str:
        """All of it, for the owner."""
        if not self.total_micro:
            return "Models have cost nothing today."
        of = f"Models cost {amount(self.total_micro)} {currency} today, of"
        lines = [f"{of} {amount(self.limit_micro)}."]
        for label, parts in (
            ("By action", self.by_action),
            ("By agent", self.by_agent),
            ("By customer", self.by_customer),
        ):
            lines.append(f"{label}:")
            lines += [
                f"- {_CALLED.get(name, name)}: {amount(micro)}" for name, micro in _shown(parts)
            ]
        if self.open_micro:
            lines.append(f"{amount(self.open_micro)} of it is set aside for a call that runs now.")
        return "\n".join(lines)


async def today(connection: AsyncConnection, config: Config, now: datetime) -> Spending:
    """What models have cost on the owner's day of a moment."""
    day = now.astimezone(config.owner.zone).date().isoformat()
    table, run = tables.budget, tables.run
    query = (
        select(table, run.c.source)
        .outerjoin(run, run.c.id == table.c.run)
        .where(table.c.day == day)
        .order_by(table.c.at)
    )
    by_source: Counter[str | None] = Counter()
    by_agent: Counter[str] = Counter()
    by_record: Counter[str] = Counter()
    open_micro = 0
    for row in await connection.execute(query):
        micro = row.reserved_micro if row.settled_micro is None else row.settled_micro
        open_micro += micro if row.settled_micro is None else 0
        by_source[row.source] += micro
        by_agent[row.agent] += micro
        by_record[row.customer] += micro
    headings = await _headings(connection, day)
    by_action: Counter[str] = Counter()
    for source, micro in by_source.items():
        by_action[_TRIAL if source is None else headings.get(source, _NO_CARD)] += micro
    by_customer: Counter[str] = Counter()
    for record, micro in by_record.items():
        by_customer[await _customer(connection, record)] += micro
    return Spending(
        total_micro=sum(by_agent.values()),
        open_micro=open_micro,
        limit_micro=int(config.budget.per_day * MICRO) + await budget.added(connection, day),
        by_action=_worth(by_action),
        by_agent=_worth(by_agent),
        by_customer=_worth(by_customer),
    )


def amount(micro: int) -> str:
    """Millionths of a currency with two decimals, or as many as they need."""
    plain = f"{Decimal(micro) / MICRO:.6f}".rstrip("0")
    whole, _, decimals = plain.partition(".")
    return f"{whole}.{decimals.ljust(2, '0')}"


async def _headings(connection: AsyncConnection, day: str) -> dict[str, str]:
    """The first thing each message led to, as its card calls it; own records come last."""
    table, run, action = tables.budget, tables.run, tables.action
    asked = select(run.c.source).join(table, table.c.run == run.c.id).where(table.c.day == day)
    query = (
        select(action.c.source, action.c.heading)
        .where(action.c.source.in_(asked))
        .order_by(action.c.kind != "file", action.c.created_at.desc(), action.c.revision.desc())
    )
    return {row.source: row.heading for row in await connection.execute(query)}


async def _customer(connection: AsyncConnection, record: str) -> str:
    """Whose record it is: a person's company, where that is known."""
    if not record:
        return _OWN
    version = await revisions.current(connection, record)
    if version is None or version.data is None:
        return _STRANGER
    kept = kept_of(version.kind, version.data)
    if isinstance(kept, Contact) and kept.customer:
        company = await revisions.current(connection, kept.customer)
        if company is not None and company.data is not None:
            kept = kept_of(company.kind, company.data)
    return kept.title()


def _worth(parts: Counter[str]) -> dict[str, int]:
    """What has cost something, the dearest first."""
    return {name: micro for name, micro in parts.most_common() if micro}


def _shown(parts: dict[str, int]) -> list[tuple[str, int]]:
    every = list(parts.items())
    if len(every) <= _MOST + 1:
        return every
    rest = every[_MOST:]
    return [*every[:_MOST], (f"{len(rest)} more", sum(micro for _, micro in rest))]
