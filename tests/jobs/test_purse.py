import asyncio
from decimal import Decimal
from pathlib import Path

from jobs.purse import RunPurse
from memory import tables
from memory.config import Budget
from memory.records.run import Run, RunState
from tests.doubles.builders import NOW, Desk, a_config, a_desk


def a_run(name: str) -> Run:
    return Run(
        id=name, source="src_1", agent="coordinator", version="1", step=0, state=RunState.CLAIMED,
        fence=1, attempts=1, due_at=NOW, trigger="your message", intents="[]",
    )  # fmt: skip


def a_day_of(amount: str):
    budget = Budget(per_day=Decimal(amount), per_agent_per_day=Decimal(amount))
    return a_config(budget=budget)


async def test_money_is_set_aside_and_settled_at_what_it_cost(desk: Desk):
    purse = RunPurse(desk.company, a_run("run_1"))

    assert await purse.reserve(20_000)
    await purse.settle(1_500)

    (row,) = await desk.rows(tables.budget)
    assert (row.reserved_micro, row.settled_micro) == (20_000, 1_500)


async def test_a_spent_day_gives_no_more(tmp_path: Path):
    async with a_desk(tmp_path, a_day_of("0.03")) as desk:
        purse = RunPurse(desk.company, a_run("run_1"))

        answers = [await purse.reserve(20_000), await purse.reserve(20_000)]

        assert answers == [True, False]


async def test_many_at_once_never_take_more_than_there_is(tmp_path: Path):
    async with a_desk(tmp_path, a_day_of("0.10")) as desk:
        purses = [RunPurse(desk.company, a_run(f"run_{number}")) for number in range(20)]

        answers = await asyncio.gather(*(one.reserve(20_000) for one in purses))

        assert answers.count(True) == 5


async def test_settling_what_was_never_reserved_changes_nothing(desk: Desk):
    await RunPurse(desk.company, a_run("run_1")).settle(5)

    assert await desk.rows(tables.budget) == []
