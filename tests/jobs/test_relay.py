from datetime import timedelta

from jobs.relay import Due
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


def test_the_same_attempt_rings_under_the_same_name():
    one = Due(task="execute", id="act_1", revision=2, fence=1, since=NOW)
    later = one.model_copy(update={"since": NOW + timedelta(seconds=9)})

    assert one.ring() == later.ring() == "act_1:2:1"
    assert one.model_copy(update={"fence": 2}).ring() != one.ring()
