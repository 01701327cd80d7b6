"""A few hundred calls of a provider that lies; `make faults PART=budget` has ten thousand."""

import asyncio
from decimal import Decimal
from pathlib import Path

import pytest

from agents.ladder import Ladder
from jobs.allowance import Stopped
from jobs.purse import RunPurse
from memory import budget, spending
from memory.company import Company
from memory.config import Budget, Models
from memory.prices import price_in
from tests.doubles.builders import a_company, a_config, heard
from tests.doubles.model_server import ModelServer, a_model_server, earned_micro, lines_of
from tests.faultkit.budget.part import PRICES, Journal, choosing

WORKERS = 64
CALLS = 300
LIMIT = "0.50"
A_PRESS = 250_000


class Owner:
    """Gives more money when the day's is spent, and knows how much there is."""

    def __init__(self, company: Company) -> None:
        self.limit_micro = int(Decimal(LIMIT) * budget.MICRO)
        self.presses = 0
        self._company = company
        self._one_at_a_time = asyncio.Lock()

    async def give(self, seen_micro: int) -> None:
        """More money, unless somebody was quicker since a worker saw this limit."""
        async with self._one_at_a_time:
            if seen_micro != self.limit_micro:
                return

            async def work(connection) -> None:
                now = self._company.clock.now()
                await budget.add(
                    connection, self._company.ledger, day=now.date().isoformat(), micro=A_PRESS,
                    actor="local owner", subject="note_1", now=now,
                )  # fmt: skip

            await self._company.store.write(work)
            self.limit_micro += A_PRESS
            self.presses += 1


@pytest.mark.filterwarnings("ignore:Failed to extract usage")
async def test_whatever_a_provider_claims_it_never_earns_more_than_the_budget(tmp_path: Path):
    file, least_left = tmp_path / "journal", 10**9
    prices = {name: price_in(text) for name, text in PRICES.items()}
    async with a_model_server(ModelServer(file, prices, choosing(1))) as url:
        config = a_config(
            models=Models(
                small="small", large="large", base_url=url, timeout_s=3.0,
                small_price=PRICES["small"], large_price=PRICES["large"],
            ),
            budget=Budget(per_day=Decimal(LIMIT), per_agent_per_day=Decimal(LIMIT)),
        )  # fmt: skip
        ladder, journal = Ladder(config), Journal(file)
        async with a_company(tmp_path / "data", config) as company:
            owner = Owner(company)

            async def work(worker: int) -> None:
                nonlocal least_left
                number = 0
                while journal.calls() < CALLS:
                    number += 1
                    run = f"run_{worker}_{number}"
                    purse = RunPurse(company, run, "coordinator", is_trial=True)
                    reading = await ladder.read(heard(f"hosting ate {number}, ugh"), purse)
                    least_left = min(least_left, owner.limit_micro - journal.earned_micro())
                    stops = [one.about for one in reading.held if isinstance(one.about, Stopped)]
                    if any(one.short.soon for one in stops):
                        await asyncio.sleep(0.5)
                    elif stops:
                        await owner.give(stops[0].short.limit_micro)

            async with asyncio.TaskGroup() as group:
                for worker in range(WORKERS):
                    group.create_task(work(worker))
            await ladder.close()
            async with company.store.read() as connection:
                spent = await spending.today(connection, config, company.clock.now())
                assert await company.ledger.faults(connection) == ()
            assert spent.open_micro == 0
            assert earned_micro(file) <= spent.total_micro <= owner.limit_micro

    assert least_left >= 0
    assert owner.presses >= 3
    assert len({line["how"] for line in lines_of(file)}) >= 12


async def test_a_journal_is_read_up_to_its_last_whole_line(tmp_path: Path):
    file = tmp_path / "journal"
    file.write_text('{"micro": 5}\n{"mic')
    journal = Journal(file)
    first = journal.earned_micro(), journal.calls()
    file.write_text('{"micro": 5}\n{"micro": 7}\n')

    assert (first, journal.earned_micro(), journal.calls()) == ((5, 1), 12, 2)
