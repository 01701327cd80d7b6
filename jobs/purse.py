"""The purse a run carries: the ladder reserves from it and settles into it."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from agents.ladder import Held, Settled
from agents.tariff import Tier
from jobs import allowance, outage, rests
from memory import budget
from memory.budget import Short, Wanted
from memory.company import Company
from memory.records.contact import Contact
from memory.records.kept import record_id
from memory.records.letter import Letter
from memory.revisions import current


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
