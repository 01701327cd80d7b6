import asyncio
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from agents.purse import Held, Settled
from jobs.allowance import Stopped
from jobs.purse import RunPurse, customer_of
from memory import tables
from memory.budget import Short
from memory.config import Budget
from memory.records.contact import Contact
from memory.records.customer import Customer
from tests.doubles.builders import Desk, a_config, a_desk, a_letter


def a_purse(desk: Desk, run: str = "run_1", **fields: object) -> RunPurse:
    return RunPurse(desk.company, run, "coordinator", **fields)  # pyright: ignore[reportArgumentType]


def a_day_of(amount: str):
    budget = Budget(per_day=Decimal(amount), per_agent_per_day=Decimal(amount))
    return a_config(budget=budget)


async def test_money_is_set_aside_and_settled_at_what_it_cost(desk: Desk):
    purse = a_purse(desk, customer=("con_1",))

    assert await purse.reserve("small", 20_000) is None
    assert await purse.settle(Settled(1_500)) is None

    (row,) = await desk.rows(tables.budget)
    assert (row.reserved_micro, row.settled_micro) == (20_000, 1_500)
    assert (row.day, row.agent, row.model) == ("2026-03-10", "coordinator", "small")
    assert row.customer == "con_1"


async def test_a_spent_day_gives_no_more(tmp_path: Path):
    async with a_desk(tmp_path, a_day_of("0.03")) as desk:
        await a_purse(desk).reserve("small", 20_000)
        held = await a_purse(desk, "run_2").reserve("large", 20_000)

    short = Short("day", 30_000, hopeless=False, soon=True)
    assert held == Held("large", "money", about=Stopped("large", 20_000, short, ()))


async def test_many_at_once_never_take_more_than_there_is(tmp_path: Path):
    async with a_desk(tmp_path, a_day_of("0.10")) as desk:
        purses = [a_purse(desk, f"run_{number}") for number in range(20)]

        answers = await asyncio.gather(*(one.reserve("small", 20_000) for one in purses))

        assert answers.count(None) == 5


async def test_settling_what_was_never_reserved_changes_nothing(desk: Desk):
    assert await a_purse(desk).settle(Settled(5)) is None
    assert await desk.rows(tables.budget) == []


async def test_what_was_settled_is_not_settled_again(desk: Desk):
    purse = a_purse(desk)
    await purse.reserve("small", 20_000)
    await purse.settle(Settled(1_500))
    await purse.settle(Settled(0))

    (row,) = await desk.rows(tables.budget)
    assert row.settled_micro == 1_500


async def test_a_model_that_rests_is_not_paid_for_unless_somebody_tries_it(desk: Desk):
    held: list[Held | None] = []
    for _ in range(3):
        purse = a_purse(desk)
        await purse.reserve("small", 10)
        held.append(await purse.settle(Settled(0, failed=True)))

    assert held[-1] is not None
    assert held[-1] == await a_purse(desk).reserve("small", 10)
    assert await a_purse(desk).reserve("large", 10) is None
    assert await a_purse(desk, is_trial=True).reserve("small", 10) is None


async def test_a_call_that_nobody_is_left_to_speak_of_cost_the_worst(desk: Desk):
    await a_purse(desk, "run_of_nobody").reserve("small", 20_000)
    await desk.look()
    before = [row.settled_micro for row in await desk.rows(tables.budget)]
    await desk.pass_time(timedelta(minutes=16))
    await desk.look()

    assert before == [None]
    assert [row.settled_micro for row in await desk.rows(tables.budget)] == [20_000]
    assert await desk.is_ledger_true()


async def test_a_letter_is_counted_for_its_writer_and_the_company_of_theirs(desk: Desk):
    bluefin = Customer(name="Bluefin Cafe")
    marta = Contact(name="Marta", email="marta@bluefincafe.example", customer=bluefin.record_id())
    stranger = Contact(name="Zoe", email="zoe@firm.example")
    await desk.keep(bluefin, marta)

    assert await customer_of(desk.company, None) == ()
    assert await customer_of(desk.company, a_letter(email=None)) == ()
    assert await customer_of(desk.company, a_letter()) == (
        bluefin.record_id(),
        marta.record_id(),
    )
    assert await customer_of(desk.company, a_letter(email="Zoe@firm.example")) == (
        stranger.record_id(),
    )
