"""Progress: work that takes long shows one line, and the line becomes the answer."""

from datetime import timedelta

from jobs import notices, runs
from jobs.progress import show
from memory import tables
from memory.records.run import RunState
from memory.records.source import Source
from tests.doubles.builders import Desk, a_letter, a_source
from tests.house.words import assert_plain

LONG = timedelta(seconds=4)


async def begun(desk: Desk, source: Source) -> str:
    """Somebody has begun to work on a message, and goes on; the id of the run."""
    await desk.tell(source)
    (planned,) = [one for one in await desk.due() if one.task == "consider"]

    async def work(connection) -> None:
        await runs.claim_run(connection, desk.company, planned.id, "wrk_slow")

    await desk.company.store.write(work)
    return planned.id


async def goes_on(desk: Desk, run: str) -> None:
    """The one who had it is back, and everything that follows is done."""
    await desk.change(tables.run, run, state=RunState.PLANNED.value, owner=None)
    await desk.think()


async def test_what_is_quick_shows_nothing_on_the_way(desk: Desk):
    await begun(desk, a_source("note: thicker paper"))
    await desk.pass_time(timedelta(seconds=2))
    await show(desk.company, desk.now)

    assert await desk.texts() == []


async def test_what_takes_long_says_so_once_and_becomes_its_answer(desk: Desk):
    run = await begun(desk, a_source("note: thicker paper"))
    await desk.pass_time(LONG)
    for _ in range(2):
        await show(desk.company, desk.now)
    (waiting,) = await desk.cards()
    await goes_on(desk, run)

    (answer,) = await desk.cards()
    assert waiting.notice.text == notices.READING
    assert answer.notice.id == waiting.notice.id
    assert "thicker paper" in answer.notice.text
    assert answer.action is not None
    assert answer.notice.stamp > waiting.notice.stamp
    assert_plain(notices.READING)


async def test_a_card_that_rings_comes_anew_below(mailing: Desk):
    run = await begun(mailing, mailing.envelope(a_letter()))
    await mailing.pass_time(LONG)
    await show(mailing.company, mailing.now)
    await goes_on(mailing, run)

    first, *others = await mailing.cards()
    assert first.notice.text == "Read. See below."
    assert [one.notice.rings for one in others] == [True]
    assert notices.READING not in await mailing.texts()


async def test_a_line_that_nothing_takes_over_is_closed(desk: Desk):
    source = a_source("note: thicker paper")
    await begun(desk, source)
    await desk.pass_time(LONG)
    await show(desk.company, desk.now)

    async def work(connection) -> None:
        await notices.end_reading(connection, source.id)

    await desk.company.store.write(work)

    assert await desk.texts() == ["Read. See below."]


async def test_a_message_that_waits_for_a_worker_is_not_being_read(desk: Desk):
    await desk.tell(a_source("note: thicker paper"))
    await desk.pass_time(LONG)
    await show(desk.company, desk.now)

    assert await desk.texts() == []
