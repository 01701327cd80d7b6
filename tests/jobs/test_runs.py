import pytest

from agents.purse import Settled
from jobs import runs, sources
from jobs.purse import RunPurse
from memory import tables
from memory.errors import Stale
from memory.records.run import Run, RunState
from tests.doubles.builders import Desk, a_source


async def claimed(desk: Desk, worker: str = "wrk_1") -> Run | None:
    if not await desk.due():
        await desk.tell(a_source("note: paper"))
    (due,) = await desk.due()

    async def work(connection) -> Run | None:
        return await runs.claim_run(connection, desk.company, due.id, worker)

    return await desk.company.store.write(work)


async def test_a_result_of_an_older_claim_is_dropped(desk: Desk):
    first = await claimed(desk)
    assert first is not None

    async def release(connection) -> None:
        await runs.release_run(connection, desk.company, first.id, "wrk_1")

    await desk.company.store.write(release)
    second = await claimed(desk, "wrk_2")

    async def end(connection) -> None:
        await runs.end_run(connection, desk.company, first, RunState.DONE)

    assert second is not None
    assert second.fence == first.fence + 1
    with pytest.raises(Stale):
        await desk.company.store.write(end)


async def test_a_run_that_somebody_else_holds_is_not_released(desk: Desk):
    run = await claimed(desk)
    assert run is not None

    async def release(connection) -> None:
        await runs.release_run(connection, desk.company, run.id, "wrk_other")

    await desk.company.store.write(release)

    async with desk.company.store.read() as connection:
        assert (await sources.find_run(connection, run.id)).state is RunState.CLAIMED


async def test_what_a_dead_worker_was_paying_for_cost_the_worst(desk: Desk):
    run = await claimed(desk)
    assert run is not None
    slow = RunPurse(desk.company, run.id, run.agent)
    await slow.reserve("small", 20_000)

    async def release(connection) -> None:
        await runs.release_run(connection, desk.company, run.id, "wrk_1")

    await desk.company.store.write(release)
    # it was not dead, only slow: what it says now comes too late
    await slow.settle(Settled(5))

    (row,) = await desk.rows(tables.budget)
    assert row.settled_micro == 20_000
    assert await desk.is_ledger_true()


async def test_a_run_knows_what_its_calls_have_cost_however_it_ends(desk: Desk):
    run = await claimed(desk)
    assert run is not None
    purse = RunPurse(desk.company, run.id, run.agent)
    for micro in (300, 500):
        await purse.reserve("small", 1_000)
        await purse.settle(Settled(micro))

    async def fail(connection) -> None:
        await runs.fail_run(connection, desk.company, run, "ValueError")

    await desk.company.store.write(fail)

    assert [row.cost_micro for row in await desk.rows(tables.run)] == [800]


async def test_a_failure_is_tried_again_a_few_times_and_then_told(desk: Desk):
    for attempt in range(1, runs.TRIES + 1):
        for row in await desk.rows(tables.run):
            await desk.change(tables.run, row.id, due_at=desk.now)
        run = await claimed(desk)
        assert run is not None
        assert run.attempts == attempt

        async def fail(connection, run: Run = run) -> None:
            await runs.fail_run(connection, desk.company, run, "ValueError")

        await desk.company.store.write(fail)

    (row,) = await desk.rows(tables.run)
    assert (row.state, row.outcome) == ("failed", "ValueError")
    assert len(await desk.texts()) == 1
    assert await desk.is_ledger_true()
