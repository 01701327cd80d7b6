import itertools

import pytest

from jobs import states
from jobs.states import may_follow
from memory.errors import NotFound, Stale
from memory.ledger import entries
from memory.records.action import State
from tests.doubles.builders import Desk


def test_doubt_arises_only_after_the_marker():
    before = [one for one in State if may_follow(State.UNKNOWN, one)]

    assert before == [State.COMMITTING]


def test_only_a_claim_can_pass_the_marker():
    assert [one for one in State if may_follow(State.COMMITTING, one)] == [State.CLAIMED]


@pytest.mark.parametrize(
    "final", [State.REFUSED, State.REJECTED, State.TAKEN, State.SUPERSEDED, State.COMPENSATED]
)
def test_nothing_follows_the_end(final: State):
    assert not any(may_follow(one, final) for one in State)


def test_nothing_can_be_taken_back_silently_once_it_is_leaving():
    assert not may_follow(State.CANCELLED, State.COMMITTING)


async def test_a_move_that_may_not_be_is_refused(desk: Desk):
    action = await desk.action(await desk.propose())
    forbidden = [one for one in State if not may_follow(one, State.AWAITING)]

    for to in forbidden:

        async def work(connection, to: State = to) -> None:
            await states.move(connection, desk.company.ledger, action, to, now=desk.now, actor="x")

        with pytest.raises(Stale):
            await desk.company.store.write(work)

    assert await desk.state(action) is State.AWAITING


async def test_of_two_who_saw_the_same_one_moves_it(desk: Desk):
    action = await desk.action(await desk.propose())

    async def work(connection) -> None:
        await states.move(
            connection, desk.company.ledger, action, State.REJECTED, now=desk.now, actor="x"
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
