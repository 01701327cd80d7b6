"""Budget: a day's money is never promised twice."""

import asyncio
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from memory import budget
from memory.company import Company
from memory.config import Budget
from tests.memory.given import NOW, a_company

A_CENT = 10_000
"""In millionths."""
LIMITS = Budget(per_day=Decimal("0.20"), per_agent_per_day=Decimal("0.12"))


async def reserve(
    company: Company,
    run: str,
    *,
    agent: str = "replies",
    micro: int = A_CENT,
    day: str = "2026-03-10",
) -> int | None:
    async def work(connection: AsyncConnection) -> int | None:
        return await budget.reserve(
            connection, company.ledger, LIMITS, run=run, agent=agent, micro=micro, now=NOW, day=day
        )

    return await company.store.write(work)


async def settle(company: Company, run: str, attempt: int, micro: int) -> None:
    async def work(connection: AsyncConnection) -> None:
        await budget.settle(
            connection, company.ledger, run=run, attempt=attempt, micro=micro, agent="replies",
            now=NOW,
        )  # fmt: skip

    await company.store.write(work)


@pytest.mark.parametrize(("agents", "granted"), [(1, 12), (2, 20), (8, 20)])
async def test_many_at_once_never_get_more_than_there_is(data: Path, agents: int, granted: int):
    async with a_company(data) as company:
        answers = await asyncio.gather(
            *(reserve(company, f"run_{n}", agent=f"agent {n % agents}") for n in range(64))
        )

    assert sum(answer is not None for answer in answers) == granted


async def test_what_a_call_did_not_cost_is_free_again(data: Path):
    async with a_company(data) as company:
        assert await reserve(company, "run_1", micro=12 * A_CENT) == 1
        assert await reserve(company, "run_2") is None
        await settle(company, "run_1", 1, 11 * A_CENT)

        assert await reserve(company, "run_2") == 1


async def test_each_try_of_a_run_has_a_reservation_of_its_own(data: Path):
    async with a_company(data) as company:
        assert [await reserve(company, "run_1") for _ in range(3)] == [1, 2, 3]


async def test_tomorrow_has_money_of_its_own(data: Path):
    async with a_company(data) as company:
        await reserve(company, "run_1", micro=12 * A_CENT)

        assert await reserve(company, "run_2", day="2026-03-11") == 1


async def test_money_set_aside_and_settled_is_in_the_ledger(data: Path):
    async with a_company(data) as company:
        await reserve(company, "run_1")
        await settle(company, "run_1", 1, 42)
        async with company.store.read() as connection:
            assert await company.ledger.faults(connection) == ()
