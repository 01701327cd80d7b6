"""The scheduler: what the clock has to say is said once, whoever works, whatever clocks do."""

import asyncio
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from jobs import notices
from jobs.scheduler import keep_time
from memory import tables
from memory.records.note import Note
from memory.records.notice import Notice
from memory.records.task import Task
from tests.doubles.builders import NOW, Desk, a_company, a_desk, a_mail_to
from tests.house.words import assert_plain

LISBON = ZoneInfo("Europe/Lisbon")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def until(desk: Desk, day: int, hour: int, minute: int = 0) -> None:
    """The worker works on until a moment in March, and looks."""
    moment = datetime(2026, 3, day, hour, minute, 1, tzinfo=LISBON)
    await desk.pass_time(moment - desk.now)
    await desk.look()


async def lines(desk: Desk) -> list[Notice]:
    return [one.notice for one in await desk.cards()]


async def said(desk: Desk, start: str) -> list[Notice]:
    return [one for one in await lines(desk) if one.text.startswith(start)]


@pytest.fixture
async def at_work(desk: Desk) -> Desk:
    """Somebody works since Tuesday at nine, and a task is due every day."""
    await desk.here_beats()
    await desk.keep(Task(what="Pay the tax", due=date(2026, 3, 9), origin="s"))
    return desk


async def test_the_brief_comes_at_its_time_once_and_rings(at_work: Desk):
    await until(at_work, 11, 7, 59)
    assert await said(at_work, "Good") == []

    await until(at_work, 11, 8)
    await at_work.look()

    (brief,) = await said(at_work, "Good")
    assert brief.text == ("Good morning, Dana. Wednesday, 11 March.\nLate: Pay the tax, 2 days.")
    assert brief.rings


async def test_whoever_begins_at_nine_gets_no_brief_of_eight(at_work: Desk):
    await at_work.look()

    assert await said(at_work, "Good") == []


async def test_a_day_with_nothing_to_say_has_no_brief(desk: Desk):
    await desk.here_beats()
    await until(desk, 11, 8)

    assert await lines(desk) == []
    assert "clock:brief:2026-03-11" in [one.native_id for one in await desk.rows(tables.source)]


async def test_a_clock_that_is_put_back_says_nothing_twice(at_work: Desk):
    await until(at_work, 11, 8)
    await until(at_work, 11, 7, 30)
    await until(at_work, 11, 8, 5)

    assert len(await said(at_work, "Good")) == 1


async def test_after_days_without_a_worker_there_is_one_brief_for_today(at_work: Desk):
    await at_work.pass_time(3 * DAY + HOUR, working=False)
    await at_work.here_beats()
    await at_work.look()
    await at_work.pass_time(timedelta(seconds=4))
    await at_work.look()

    (brief,) = await said(at_work, "Good")
    assert "Friday, 13 March" in brief.text


async def test_a_kill_and_a_second_worker_double_nothing(tmp_path: Path):
    async with a_desk(tmp_path) as desk:
        await desk.here_beats()
        await desk.keep(Task(what="Pay the tax", due=date(2026, 3, 9), origin="s"))
        await desk.pass_time(23 * HOUR + timedelta(seconds=1))
        await desk.look()
    async with a_company(tmp_path) as company, a_desk(tmp_path) as again:
        await asyncio.gather(keep_time(company), keep_time(again.company), again.look())

        assert len(await said(again, "Good")) == 1


async def test_two_workers_at_the_same_moment_say_it_once(tmp_path: Path):
    async with a_desk(tmp_path) as desk, a_company(tmp_path) as other:
        await desk.here_beats()
        await desk.keep(Task(what="Pay the tax", due=date(2026, 3, 9), origin="s"))
        await desk.pass_time(23 * HOUR + timedelta(seconds=1))
        await other.store.read_clock()
        await asyncio.gather(*(keep_time(one) for one in (desk.company, other) * 4))

        assert len(await said(desk, "Good")) == 1
        assert await desk.is_ledger_true()


async def test_the_night_is_told_with_the_brief_in_one_ring(at_work: Desk):
    await until(at_work, 10, 22)

    async def work(connection) -> None:
        await notices.tell(
            connection, at_work.company, now=at_work.now, text="A door broke.", rings=True
        )

    await at_work.company.store.write(work)
    await until(at_work, 11, 8)
    await at_work.look()

    rang = [one for one in await lines(at_work) if one.rings]
    assert [one.text for one in rang] == [
        "Good morning, Dana. Wednesday, 11 March.\n"
        "While you slept: 1 message.\n- A door broke.\n"
        "Late: Pay the tax, 2 days."
    ]


async def test_on_a_saturday_the_night_is_told_by_itself(at_work: Desk):
    await until(at_work, 13, 22)

    async def work(connection) -> None:
        await notices.tell(
            connection, at_work.company, now=at_work.now, text="A door broke.", rings=True
        )

    await at_work.company.store.write(work)
    await until(at_work, 14, 8)
    await until(at_work, 14, 9)

    (summary,) = await said(at_work, "While you slept")
    assert summary.text == "While you slept: 1 message.\n- A door broke."
    assert summary.rings
    assert_plain(summary.text)


async def test_more_than_a_days_rings_come_in_one_at_the_end_of_the_day(at_work: Desk):
    await until(at_work, 11, 10)
    for index in range(6):

        async def work(connection, text: str = f"number {index}") -> None:
            await notices.tell(connection, at_work.company, now=at_work.now, text=text, rings=True)

        await at_work.company.store.write(work)
        await at_work.pass_time(10 * timedelta(minutes=1))
        await at_work.look()
    await until(at_work, 11, 18, 30)

    rang = [one.text for one in await lines(at_work) if one.rings]
    assert rang == [
        *await briefs(at_work),
        "number 0",
        "number 1",
        "number 2",
        "To ring less, I kept these for now: 3 messages.\n- number 3\n- number 4\n- number 5",
    ]
    assert len(rang) == 5


async def briefs(desk: Desk) -> list[str]:
    return [one.text for one in await said(desk, "Good")]


async def test_the_evening_says_silently_what_was_filed_since_the_last_one(at_work: Desk):
    await at_work.hear("note: thicker paper")
    await until(at_work, 10, 18, 30)
    await at_work.pass_time(HOUR)
    await at_work.hear("note: two for one")
    await until(at_work, 11, 18, 30)
    await until(at_work, 12, 18, 30)

    evenings = await said(at_work, "Filed today")
    assert [one.text.partition("\n")[0] for one in evenings] == [
        "Filed today (1): 1 note.",
        "Filed today (1): 1 note.",
    ]
    assert [one.rings for one in evenings] == [False, False]


async def test_the_week_comes_with_a_picture_and_its_seal(at_work: Desk):
    await at_work.hear("note: thicker paper")
    await until(at_work, 13, 16)
    await at_work.look()

    (review,) = await said(at_work, "Your week")
    assert review.file is not None
    assert not review.rings
    assert "I seal my records every hour" in review.text
    assert_plain(review.text)
    with Image.open(at_work.company.data / review.file) as picture:
        assert picture.format == "PNG"
        assert picture.width == 1080


async def test_a_week_in_which_nothing_happened_has_no_review(desk: Desk):
    await desk.here_beats()
    await until(desk, 13, 16)

    assert await said(desk, "Your week") == []


async def test_after_a_night_with_the_lid_closed_one_ring_tells_all(desk: Desk):
    await desk.here_beats()
    await desk.keep(Task(what="Pay the tax", due=date(2026, 3, 9), origin="s"))
    await desk.pass_time(24 * HOUR + timedelta(minutes=10), working=False)
    await desk.here_beats()
    await desk.hear("note: came in at night")
    await desk.look()
    await desk.pass_time(timedelta(seconds=4))
    await desk.look()
    await desk.look()

    rang = [one.text for one in await lines(desk) if one.rings]
    every = [one.text for one in await lines(desk)]
    assert rang == [
        "I'm back. I was off from Tue 09:00 to Wed 09:10. 1 message came in; it is filed."
    ]
    assert any(one.startswith("Good morning, Dana.") for one in every)


async def test_an_absence_in_which_nothing_came_leaves_the_ring_to_the_brief(desk: Desk):
    await desk.here_beats()
    await desk.keep(Task(what="Pay the tax", due=date(2026, 3, 9), origin="s"))
    await desk.pass_time(24 * HOUR, working=False)
    await desk.here_beats()
    await desk.pass_time(timedelta(seconds=4))
    await desk.look()

    rang = [one.text[:12] for one in await lines(desk) if one.rings]
    assert rang == ["Good morning"]


async def test_what_was_said_can_be_verified(at_work: Desk):
    await at_work.keep(Note(text="x", origin="s9"))
    await until(at_work, 11, 8)
    await until(at_work, 13, 18, 30)

    assert await at_work.is_ledger_true()
    assert at_work.now > NOW


async def test_a_mail_that_became_late_overnight_asks_brings_the_news_and_rings_alone(desk: Desk):
    await desk.here_beats()
    await desk.keep(Task(what="Pay the tax", due=date(2026, 3, 9), origin="s"))
    await desk.approved(a_mail_to(hold_s=60))
    await desk.pass_time(24 * HOUR + timedelta(minutes=10), working=False)
    await desk.here_beats()
    await desk.pass_time(timedelta(seconds=4))
    await desk.look()

    shown = await lines(desk)
    assert [one.kind for one in shown if one.rings] == ["card"]
    late = next(one for one in shown if one.rings)
    assert late.text == "I'm back. I was off from Tue 09:00 to Wed 09:10. Nothing came in."
    assert len(await said(desk, "Good morning, Dana.")) == 1
