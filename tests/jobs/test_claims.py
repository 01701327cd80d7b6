from datetime import timedelta

import pytest

from jobs import claims
from jobs.stop import Stopped
from memory import tables
from memory.errors import Stale
from memory.records.action import Action, State
from memory.records.change import Change
from memory.records.receipt import Receipt
from memory.records.task import Task
from tests.doubles.builders import Desk


async def claim(desk: Desk, action: Action, worker: str = "wrk_1") -> Action | None:
    async def work(connection):
        return await claims.claim_action(connection, desk.company, action.id, 1, worker)

    return await desk.company.store.write(work)


async def mark(desk: Desk, action: Action) -> Action:
    async def work(connection):
        return await claims.mark(connection, desk.company, action)

    return await desk.company.store.write(work)


async def claimed(desk: Desk) -> Action:
    taken = await claim(desk, await desk.approved())
    assert taken is not None
    return taken


async def test_one_of_two_workers_gets_an_action(desk: Desk):
    action = await desk.approved()

    first = await claim(desk, action)
    second = await claim(desk, action, "wrk_2")

    assert first is not None
    assert first.fence == 1
    assert second is None


async def test_nobody_claims_while_everything_is_stopped(desk: Desk):
    action = await desk.approved()
    await desk.outbox.stop("local owner")

    assert await claim(desk, action) is None


async def test_a_worker_that_has_just_woken_claims_nothing_before_it_has_looked(desk: Desk):
    action = await desk.approved()
    await desk.here_beats()
    await desk.pass_time(timedelta(minutes=10), working=False)

    assert await claim(desk, action) is None


async def test_the_marker_lets_a_fresh_claim_pass(desk: Desk):
    assert (await mark(desk, await claimed(desk))).state is State.COMMITTING


async def test_the_marker_passes_once(desk: Desk):
    action = await claimed(desk)
    await mark(desk, action)

    with pytest.raises(Stale):
        await mark(desk, action)


@pytest.mark.parametrize(
    "changed",
    [
        {"fence": 7},
        {"version": 99},
        {"approved_digest": "0" * 64},
        {"digest": "0" * 64},
        {"approved_digest": None},
        {"state": State.CANCELLED.value},
        {"hold_until": None},
    ],
    ids=[
        "another claim",
        "moved since",
        "something else was approved",
        "the row is not what was claimed",
        "nothing was approved",
        "taken back",
        "never held",
    ],
)
async def test_the_marker_refuses_a_claim_that_is_no_longer_what_it_was(
    desk: Desk, changed: dict[str, object]
):
    action = await claimed(desk)
    await desk.change(tables.action, action.id, **changed)

    with pytest.raises(Stale):
        await mark(desk, action)


async def test_the_marker_refuses_before_the_hold_is_over(desk: Desk):
    action = await claimed(desk)
    await desk.change(tables.action, action.id, hold_until=desk.now + timedelta(seconds=5))

    with pytest.raises(Stale, match="still held"):
        await mark(desk, action)


async def test_the_marker_reads_the_stop_file_itself(desk: Desk):
    action = await claimed(desk)
    desk.company.stop_file.write_text("by hand, while the database was stuck")

    with pytest.raises(Stopped):
        await mark(desk, action)


async def test_a_receipt_closes_the_task_that_was_waiting_for_it(desk: Desk):
    task = Task(what="Send quote", origin="src_1")
    await desk.keep(task)
    done = task.changed(state="done")
    change = Change.to(done).model_copy(update={"before": task.data(), "base": 1})
    taken = await claim(desk, await desk.approved(then=(change,)))
    assert taken is not None
    marked = await mark(desk, taken)

    async def work(connection):
        receipt = Receipt(outcome="sent", at=desk.now)
        return await claims.receive(connection, desk.company, marked, receipt)

    received = await desk.company.store.write(work)

    assert received.state is State.DONE
    assert await desk.records("task") == [done]
