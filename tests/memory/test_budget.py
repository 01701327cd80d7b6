"""Budget: a day's money is never promised twice."""

import asyncio
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from memory import budget, tables
from memory.budget import Short, Used, Wanted
from memory.company import Company
from memory.config import Budget
from tests.memory.given import NOW, a_company

A_CENT = 10_000
"""In millionths."""
LIMITS = Budget(
    per_day=Decimal("0.20"),
    per_agent_per_day=Decimal("0.12"),
    per_customer_per_day=Decimal("0.05"),
)


async def reserve(
    company: Company,
    run: str,
    *,
    agent: str = "replies",
    micro: int = A_CENT,
    day: str = "2026-03-10",
    customer: tuple[str, ...] = (),
) -> int | Short:
    wanted = Wanted(run=run, agent=agent, micro=micro, day=day, customer=customer)

    async def work(connection: AsyncConnection) -> int | Short:
        return await budget.reserve(connection, company.ledger, LIMITS, wanted, NOW)

    return await company.store.write(work)


async def settle(company: Company, run: str, attempt: int, micro: int) -> None:
    async def work(connection: AsyncConnection) -> None:
        await budget.settle(
            connection, company.ledger, run=run, attempt=attempt, micro=micro, agent="replies",
            now=NOW,
        )  # fmt: skip

    await company.store.write(work)


async def add(company: Company, micro: int) -> None:
    async def work(connection: AsyncConnection) -> None:
        await budget.add(
            connection, company.ledger, day="2026-03-10", micro=micro, actor="local owner",
            subject="note_1", now=NOW,
        )  # fmt: skip

    await company.store.write(work)


@pytest.mark.parametrize(("agents", "granted"), [(1, 12), (2, 20), (8, 20)])
async def test_many_at_once_never_get_more_than_there_is(data: Path, agents: int, granted: int):
    async with a_company(data) as company:
        answers = await asyncio.gather(
            *(reserve(company, f"run_{n}", agent=f"agent {n % agents}") for n in range(64))
        )

    assert sum(isinstance(answer, int) for answer in answers) == granted


async def test_one_customer_never_costs_more_than_one_may(data: Path):
    async with a_company(data) as company:
        of_person = [await reserve(company, f"run_{n}", customer=("con_1",)) for n in range(3)]
        of_company = [
            await reserve(company, f"run_1{n}", customer=("cus_1", "con_1")) for n in range(3)
        ]
        other = await reserve(company, "run_99", customer=("con_2",))

    short = Short("customer", 5 * A_CENT, hopeless=False, soon=True)
    assert of_person == [1, 1, 1]
    assert of_company == [1, 1, short]
    assert other == 1


async def test_what_a_call_did_not_cost_is_free_again(data: Path):
    async with a_company(data) as company:
        assert await reserve(company, "run_1", micro=12 * A_CENT) == 1
        assert await reserve(company, "run_2") == Short("agent", 12 * A_CENT, False, soon=True)
        await settle(company, "run_1", 1, 11 * A_CENT)

        assert await reserve(company, "run_2") == 1
        assert await reserve(company, "run_3", micro=2 * A_CENT) == Short(
            "agent", 12 * A_CENT, hopeless=False, soon=False
        )


async def test_money_that_a_call_holds_for_long_is_given_up_for_spent(data: Path):
    async with a_company(data) as company:
        await reserve(company, "run_1", micro=12 * A_CENT)
        wanted = Wanted(run="run_2", agent="replies", micro=A_CENT, day="2026-03-10")

        async def work(connection: AsyncConnection) -> int | Short:
            later = NOW + timedelta(minutes=3)
            return await budget.reserve(connection, company.ledger, LIMITS, wanted, later)

        answer = await company.store.write(work)

    assert answer == Short("agent", 12 * A_CENT, hopeless=False, soon=False)


async def test_what_no_day_could_pay_for_is_hopeless(data: Path):
    async with a_company(data) as company:
        answer = await reserve(company, "run_1", micro=13 * A_CENT)

    assert answer == Short("agent", 12 * A_CENT, hopeless=True, soon=False)


async def test_what_the_owner_adds_counts_for_every_limit_of_that_day(data: Path):
    async with a_company(data) as company:
        await reserve(company, "run_1", micro=5 * A_CENT, customer=("con_1",))
        await add(company, 3 * A_CENT)

        assert await reserve(company, "run_2", micro=3 * A_CENT, customer=("con_1",)) == 1
        assert await reserve(company, "run_3", micro=8 * A_CENT) == Short(
            "agent", 15 * A_CENT, hopeless=False, soon=True
        )


async def test_each_try_of_a_run_has_a_reservation_of_its_own(data: Path):
    async with a_company(data) as company:
        assert [await reserve(company, "run_1") for _ in range(3)] == [1, 2, 3]


async def test_tomorrow_has_money_of_its_own(data: Path):
    async with a_company(data) as company:
        await reserve(company, "run_1", micro=12 * A_CENT)

        assert await reserve(company, "run_2", day="2026-03-11") == 1


async def test_a_call_is_settled_once(data: Path):
    async with a_company(data) as company:
        await reserve(company, "run_1")
        await settle(company, "run_1", 1, 42)
        await settle(company, "run_1", 1, 0)
        async with company.store.read() as connection:
            assert await budget.cost_of(connection, "run_1") == 42


async def test_what_nobody_can_tell_any_more_cost_the_worst(data: Path):
    async with a_company(data) as company:
        await reserve(company, "run_1", micro=7_000)
        await settle(company, "run_1", 1, 3_000)
        await reserve(company, "run_1", micro=5_000)

        async def work(connection: AsyncConnection) -> None:
            await budget.settle_lost(connection, company.ledger, run="run_1", now=NOW)

        await company.store.write(work)
        async with company.store.read() as connection:
            rows = (await connection.execute(select(tables.budget.c.settled_micro))).scalars()
            assert list(rows) == [3_000, 5_000]
            assert await budget.cost_of(connection, "run_1") == 8_000


async def test_how_far_a_day_is_gone_goes_by_the_nearest_limit(data: Path):
    async with a_company(data) as company:
        async with company.store.read() as connection:
            assert (await budget.used(connection, LIMITS, "2026-03-10")).micro == 0
        await reserve(company, "run_1", micro=9 * A_CENT)
        await settle(company, "run_1", 1, 9 * A_CENT)
        await reserve(company, "run_2", agent="other")
        async with company.store.read() as connection:
            found = await budget.used(connection, LIMITS, "2026-03-10")

    assert found == Used(9 * A_CENT, 12 * A_CENT)
    assert found.share == 0.75


async def test_money_set_aside_added_and_settled_is_in_the_ledger(data: Path):
    async with a_company(data) as company:
        await reserve(company, "run_1", customer=("con_1",))
        await settle(company, "run_1", 1, 42)
        await add(company, A_CENT)
        async with company.store.read() as connection:
            assert await company.ledger.faults(connection) == ()
