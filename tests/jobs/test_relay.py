from datetime import timedelta
from typing import Any

from sqlalchemy import select

from jobs import relay
from jobs.relay import Due
from memory import tables
from tests.doubles.builders import NOW, Desk, a_letter, a_source


async def test_a_run_waits_for_those_before_it(desk: Desk):
    await desk.tell(desk.envelope(a_letter()))
    steps: list[int] = []

    while due := await desk.due():
        steps.append(len(due))
        await desk.tasks.consider(due[0].id)

    assert steps == [1] * 5


async def test_different_messages_do_not_wait_for_each_other(desk: Desk):
    await desk.tell(a_source("note: one"))
    await desk.tell(a_source("note: two"))

    assert len(await desk.due()) == 2


async def test_what_may_leave_is_due_after_its_time_and_never_while_stopped(desk: Desk):
    await desk.approved()
    due = [one.task for one in await desk.due()]
    await desk.outbox.stop("local owner")

    assert due == ["execute"]
    assert await desk.due() == ()


async def test_thinking_goes_on_while_everything_is_stopped(desk: Desk):
    await desk.outbox.stop("local owner")
    await desk.tell(a_source("note: one"))

    assert [one.task for one in await desk.due()] == ["consider"]


async def came(desk: Desk, name: str, second: int, **fields: Any) -> None:
    """A message that came in at a second of the last minute."""
    at = NOW - timedelta(seconds=60 - second)
    await desk.tell(a_source(f"note: {name}", native_id=name, received_at=at, **fields))


async def heard(desk: Desk) -> list[str]:
    """The native ids of the messages whose runs are due, in the order they go."""
    query = select(tables.run.c.id, tables.source.c.native_id).join(
        tables.source, tables.source.c.id == tables.run.c.source
    )
    async with desk.company.store.read() as connection:
        names = {row.id: row.native_id for row in await connection.execute(query)}
    return [names[one.id] for one in await desk.due()]


async def test_what_the_owner_typed_does_not_wait_for_what_was_passed_on(desk: Desk):
    for number in range(4):
        await came(desk, f"mail {number}", number, forwarded=True)
    for number in range(4):
        await came(desk, f"typed {number}", 4 + number)

    assert await heard(desk) == [
        *("typed 0", "typed 1", "typed 2", "mail 0", "typed 3", "mail 1", "mail 2", "mail 3"),
    ]


async def test_an_answer_to_a_question_goes_before_everything_else(desk: Desk):
    await came(desk, "typed", 1)
    await came(desk, "answer", 2, reply_to="note_1")

    assert (await heard(desk))[0] == "answer"


async def test_a_message_is_done_with_before_the_next_one_is_begun(desk: Desk):
    await came(desk, "first", 1)
    await came(desk, "second", 2)
    order: list[str] = []

    while due := await desk.due():
        order.append((await heard(desk))[0])
        await desk.tasks.consider(due[0].id)

    assert order == ["first"] * 3 + ["second"] * 3


async def test_no_more_is_handed_out_than_is_asked_for(desk: Desk):
    for number in range(5):
        await came(desk, f"typed {number}", number)

    async with desk.company.store.read() as connection:
        assert len(await relay.due(connection, desk.now, stopped=False, limit=3)) == 3


def test_the_same_attempt_rings_under_the_same_name():
    one = Due(task="execute", id="act_1", revision=2, fence=1, since=NOW)
    later = one.model_copy(update={"since": NOW + timedelta(seconds=9)})

    assert one.ring() == later.ring() == "act_1:2:1"
    assert one.model_copy(update={"fence": 2}).ring() != one.ring()
