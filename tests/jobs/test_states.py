import itertools

import pytest

from jobs import states
from memory.errors import NotFound, Stale
from memory.ledger import entries
from memory.records.action import State
from memory.transitions import may_follow
from tests.doubles.builders import Desk


async def test_a_move_that_may_not_be_is_refused(desk: Desk):
    action = await desk.action(await desk.propose())
    forbidden = [one for one in State if not may_follow(one, State.AWAITING)]

    for to in forbidden:

        async def work(connection, to: State = to) -> None:
            await states.move(
                connection, desk.company.ledger, action, to, now=desk.now, actor="page me"
            )

        with pytest.raises(Stale):
            await desk.company.store.write(work)

    assert await desk.state(action) is State.AWAITING


async def test_of_two_who_saw_the_same_one_moves_it(desk: Desk):
    action = await desk.action(await desk.propose())

    async def work(connection) -> None:
        await states.move(
            connection,
            desk.company.ledger,
            action,
            State.REJECTED,
            now=desk.now,
            actor="page me",
        )

    await desk.company.store.write(work)

    with pytest.raises(Stale, match="moved on"):
        await desk.company.store.write(work)


async def test_what_is_not_there_is_not_found(desk: Desk):
    async with desk.company.store.read() as connection:
        with pytest.raises(NotFound):
            await states.latest(connection, "act_nowhere")
        with pytest.raises(NotFound):
            await states.exact(connection, "act_nowhere", 1)


async def test_every_move_is_one_line_in_the_ledger(desk: Desk):
    action = await desk.approved()

    async with desk.company.store.read() as connection:
        events = [one.event for one in await entries(connection, action.id)]
    moves = [one for one in events if one.startswith("action_")]
    assert moves == [
        f"action_{one}" for one in ("proposed", "awaiting", "approved", "held", "ready")
    ]
    assert all(
        may_follow(State(to.removeprefix("action_")), State(of.removeprefix("action_")))
        for of, to in itertools.pairwise(moves)
    )
