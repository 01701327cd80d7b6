"""The purse a run carries: the ladder reserves from it and settles into it."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from agents.purse import Held, Settled
from agents.tariff import Tier
from jobs import allowance, outage, rests
from memory import budget, tables
from memory.budget import Short, Wanted
from memory.company import Company
from memory.records.contact import Contact
from memory.records.kept import record_id
from memory.records.letter import Letter
from memory.records.run import RunState
from memory.revisions import current

_LONG_OVER = timedelta(minutes=15)
_DAYS = timedelta(days=2)
"""Calls of earlier days need not be looked at, wherever on earth the owner's day begins."""


class RunPurse:
    """Money for the model calls of one run."""

    def __init__(
        self,
        company: Company,
        run: str,
        agent: str,
        *,
        customer: tuple[str, ...] = (),
        is_trial: bool = False,
    ) -> None:
        """A purse for one run.

        Args:
            run: Its id.
            agent: Who spends.
            customer: Records of whom it works for; empty for the owner.
            is_trial: Whether the call is to find out if a model answers, also one that rests.
        """
        self._company = company
        self._run = run
        self._agent = agent
        self._customer = customer
        self._is_trial = is_trial
        self._open: tuple[Tier, int] | None = None

    async def reserve(self, tier: Tier, micro: int) -> Held | None:
        """Set money aside for a call; what stands in its way, or None when it may be made."""

        async def work(connection: AsyncConnection) -> Held | int:
            now = self._company.clock.now()
            day = allowance.day_of(self._company, now)
            until = None if self._is_trial else await rests.begin(connection, tier, now)
            if until is not None:
                return Held(tier, "silence", until)
            wanted = Wanted(
                run=self._run, agent=self._agent, micro=micro, day=day, model=tier,
                customer=self._customer,
            )  # fmt: skip
            got = await budget.reserve(
                connection, self._company.ledger, self._company.config.budget, wanted, now
            )
            if not isinstance(got, Short):
                return got
            simple = await allowance.is_simple(connection, day)
            stopped = allowance.Stopped(tier=tier, micro=micro, short=got, customer=self._customer)
            return Held(tier, "money", simple=simple, about=stopped)

        got = await self._company.store.write(work)
        if isinstance(got, Held):
            return got
        self._open = (tier, got)
        return None

    async def settle(self, settled: Settled) -> Held | None:
        """What the call really cost; for one that failed, when to ask again."""
        if self._open is None:
            return None
        tier, attempt = self._open

        async def work(connection: AsyncConnection) -> datetime | None:
            now = self._company.clock.now()
            await budget.settle(
                connection, self._company.ledger, run=self._run, attempt=attempt,
                micro=settled.micro, agent=self._agent, now=now,
            )  # fmt: skip
            await allowance.warn(connection, self._company, now)
            if not settled.failed:
                await outage.over(connection, self._company, now, tier)
            return await rests.note(
                connection, tier, now, failed=settled.failed, again_s=settled.again_s
            )

        until = await self._company.store.write(work)
        self._open = None
        return Held(tier, "silence", until) if settled.failed else None


async def customer_of(company: Company, letter: Letter | None) -> tuple[str, ...]:
    """Records of whom a letter's reading is for: the customer and the person, as far as known."""
    if letter is None or not letter.author.email:
        return ()
    person = record_id(Contact.kind, letter.author.email.lower())
    async with company.store.read() as connection:
        known = await current(connection, person)
    customer = known.data.get("customer") if known is not None and known.data else None
    return (customer, person) if isinstance(customer, str) else (person,)


async def settle_left_over(company: Company, now: datetime) -> None:
    """Calls that nobody is left to speak of, and that no run can tell of, cost the worst.

    Those of a worker that died are settled with its run; this is for whoever else asks a model.
    """
    async with company.store.read() as connection:
        runs = await _left_over(connection, now)
    if not runs:
        return

    async def work(connection: AsyncConnection) -> None:
        for run in await _left_over(connection, now):
            await budget.settle_lost(connection, company.ledger, run=run, now=now)

    await company.store.write(work)


async def _left_over(connection: AsyncConnection, now: datetime) -> list[str]:
    table, run = tables.budget, tables.run
    query = (
        select(table.c.run)
        .outerjoin(run, run.c.id == table.c.run)
        .where(
            table.c.settled_micro.is_(None),
            table.c.day >= (now - _DAYS).date().isoformat(),
            table.c.at <= now - _LONG_OVER,
            run.c.id.is_(None) | (run.c.state != RunState.CLAIMED.value),
        )
        .distinct()
    )
    return list(await connection.scalars(query))
