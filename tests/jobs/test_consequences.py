from jobs import consequences
from memory.records.action import Action
from memory.records.change import Change
from memory.records.task import Task
from tests.doubles.builders import NOW, Desk

TASK = Task(what="Send quote", origin="src_1", due=NOW.date())
DONE = Change.to(TASK.changed(state="done")).model_copy(update={"before": TASK.data(), "base": 1})


async def action_that_closes_the_task(desk: Desk) -> Action:
    await desk.keep(TASK)
    return await desk.action(await desk.propose(then=(DONE,)))


async def settle(desk: Desk, action: Action) -> None:
    async def work(connection) -> None:
        await consequences.settle(connection, desk.company, action, desk.now)

    await desk.company.store.write(work)


async def take_back(desk: Desk, action: Action) -> None:
    async def work(connection) -> None:
        await consequences.take_back(connection, desk.company, action, desk.now, "local owner")

    await desk.company.store.write(work)


async def test_only_what_is_meant_changes(desk: Desk):
    action = await action_that_closes_the_task(desk)
    await desk.keep(TASK.changed(due=None))

    await settle(desk, action)

    assert await desk.records("task") == [TASK.changed(due=None, state="done")]


async def test_what_was_taken_back_stays_away(desk: Desk):
    action = await desk.action(await desk.propose(then=(DONE,)))

    await settle(desk, action)

    assert await desk.records("task") == []


async def test_settling_twice_writes_once(desk: Desk):
    action = await action_that_closes_the_task(desk)

    await settle(desk, action)
    await settle(desk, action)

    assert len(await desk.versions(TASK)) == 2


async def test_taking_back_opens_what_was_closed(desk: Desk):
    action = await action_that_closes_the_task(desk)
    await settle(desk, action)

    await take_back(desk, action)

    assert await desk.records("task") == [TASK]


async def test_taking_back_leaves_what_somebody_has_touched_since(desk: Desk):
    action = await action_that_closes_the_task(desk)
    await settle(desk, action)
    dropped = TASK.changed(state="dropped")
    await desk.keep(dropped)

    await take_back(desk, action)

    assert await desk.records("task") == [dropped]
