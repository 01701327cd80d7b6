"""What was written while the lid was closed is read as of when it was written."""

from datetime import timedelta

from jobs import moments, presence
from tests.doubles.builders import Desk, a_source

NIGHT = timedelta(hours=9)


async def say(desk: Desk, text: str, *, ago: timedelta) -> None:
    """A message that was written some time before it comes in."""
    source = a_source(text).model_copy(update={"received_at": desk.now})

    async def work(connection) -> None:
        await moments.keep(
            connection, source.id, written_at=desk.now - ago, received_at=source.received_at
        )

    await desk.company.store.write(work)
    await desk.hear(source)


async def sleep(desk: Desk) -> None:
    """Nobody works for a night."""

    async def work(connection) -> None:
        await presence.beat(connection, desk.here.worker, desk.now)

    await desk.company.store.write(work)
    await desk.pass_time(NIGHT + timedelta(hours=6), working=False)
    await desk.company.store.write(work)


async def test_tomorrow_said_last_night_is_today(desk: Desk):
    await sleep(desk)

    await say(desk, "task: call the printer tomorrow", ago=NIGHT)

    assert await desk.texts() == ["Task: Call the printer, by today."]


async def test_what_was_said_a_moment_ago_counts_from_now(desk: Desk):
    await sleep(desk)

    await say(desk, "task: call the printer tomorrow", ago=timedelta(seconds=90))

    assert await desk.texts() == ["Task: Call the printer, by tomorrow."]


async def test_a_platform_whose_clock_is_far_off_is_not_believed(desk: Desk):
    await sleep(desk)

    await say(desk, "task: call the printer tomorrow", ago=timedelta(days=200))

    assert await desk.texts() == ["Task: Call the printer, by tomorrow."]


async def test_in_a_sample_company_that_was_at_work_its_own_clock_counts(desk: Desk):
    await desk.pass_time(NIGHT)

    await say(desk, "task: call the printer tomorrow", ago=NIGHT)

    assert await desk.texts() == ["Task: Call the printer, by tomorrow."]
