"""Waiting for a model or for money, where waiting helps."""

from datetime import timedelta

from agents.purse import Held
from jobs import allowance, outage, runs, waits
from jobs.allowance import Stopped
from memory import tables
from memory.budget import Short
from memory.records.run import Run
from tests.agents.test_ladder import HARD
from tests.doubles.builders import Desk, a_source


def money(*, hopeless: bool = False, simple: bool = False, soon: bool = False) -> Held:
    short = Short("day", 5_000_000, hopeless=hopeless, soon=soon)
    return Held("large", "money", simple=simple, about=Stopped("large", 60_000, short, ()))


def silence(desk: Desk, *, seconds: int = 5) -> Held:
    return Held("small", "silence", until=desk.now + timedelta(seconds=seconds))


async def waited(desk: Desk, *held: Held) -> str | None:
    """What a message waits for; None when the owner is to be asked now."""
    source = a_source(HARD)
    await desk.tell(source)
    due = [one for one in await desk.due() if one.task == "consider"][-1]

    async def work(connection) -> bool:
        run: Run | None = await runs.claim_run(connection, desk.company, due.id, "wrk_1")
        assert run is not None
        received = source.model_copy(update={"received_at": desk.now})
        return await waits.wait(connection, desk.company, run, received, held)

    waiting = await desk.company.store.write(work)
    (row,) = [one for one in await desk.rows(tables.run) if one.id == due.id]
    assert waiting == (row.state == "planned")
    return row.outcome if waiting else None


async def test_money_is_waited_for_and_so_is_a_model(desk: Desk):
    assert await waited(desk, money()) == allowance.WAITS
    assert await waited(desk, silence(desk)) == outage.WAITS


async def test_a_silent_model_may_be_back_before_tomorrows_money(desk: Desk):
    assert await waited(desk, silence(desk), money()) == outage.WAITS


async def test_where_it_stays_away_the_owner_is_asked_for_money(desk: Desk):
    assert await waited(desk, silence(desk, seconds=600), money()) == allowance.WAITS


async def test_a_pause_that_is_too_long_for_a_message_is_not_waited_for(desk: Desk):
    assert await waited(desk, silence(desk, seconds=7200)) is None


async def test_nobody_waits_for_what_never_comes_or_is_not_wanted(desk: Desk):
    assert await waited(desk, money(hopeless=True)) is None
    assert await waited(desk, money(simple=True)) is None


async def test_money_that_calls_hold_which_run_now_is_looked_for_soon_without_a_card(desk: Desk):
    assert await waited(desk, money(soon=True)) == allowance.WAITS
    assert await desk.texts() == []
    await desk.pass_time(timedelta(seconds=3))
    assert any(one.task == "consider" for one in await desk.due())
