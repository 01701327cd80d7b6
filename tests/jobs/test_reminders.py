"""Reminders: said once, at their time, whoever dies and whoever else works."""

from datetime import timedelta
from pathlib import Path

from jobs.presence import Presence
from jobs.sweep import sweep
from memory.records.reminder import Reminder
from tests.doubles.builders import NOW, Desk, a_company, a_desk

HOUR = timedelta(hours=1)


async def test_a_reminder_is_said_once_at_its_time(desk: Desk):
    at = NOW + HOUR
    await desk.keep(Reminder(what="Call Anna", at=at, origin="src_1"))
    await desk.look()

    await desk.pass_time(HOUR + timedelta(seconds=1))
    await desk.look()
    await desk.look()

    assert await desk.texts() == ["Reminder: Call Anna."]
    assert (await desk.cards())[0].notice.rings


async def test_a_reminder_is_said_once_across_a_kill_and_a_second_worker(tmp_path: Path):
    at = NOW + HOUR
    async with a_desk(tmp_path) as desk:
        await desk.keep(Reminder(what="Call Anna", at=at, origin="src_1"))
        await desk.pass_time(2 * HOUR)
        await desk.look()
    async with a_company(tmp_path) as company, a_desk(tmp_path) as again:
        with Presence(tmp_path) as other:
            await sweep(company, other, {})
        await again.look()

        assert await again.texts() == ["Reminder for today 10:00: Call Anna."]


async def test_a_reminder_rings_at_its_time_also_at_night(desk: Desk):
    await desk.keep(Reminder(what="Water the plants", at=NOW + 14 * HOUR, origin="src_1"))
    await desk.pass_time(14 * HOUR + timedelta(seconds=1))
    await desk.look()

    (card,) = await desk.cards()
    assert (card.notice.text, card.notice.rings) == ("Reminder: Water the plants.", True)


async def test_a_reminder_that_was_missed_says_for_when_it_was_and_wakes_nobody(desk: Desk):
    await desk.keep(Reminder(what="Call Anna", at=NOW + HOUR, origin="src_1"))
    await desk.pass_time(14 * HOUR)
    await desk.look()

    (card,) = await desk.cards()
    assert card.notice.text == "Reminder for today 10:00: Call Anna."
    assert not card.notice.rings


async def test_a_kill_just_before_and_just_after_its_time_tells_a_reminder_once(tmp_path: Path):
    async with a_desk(tmp_path) as desk:
        await desk.keep(Reminder(what="Call Anna", at=NOW + HOUR, origin="src_1"))
        await desk.pass_time(HOUR - timedelta(minutes=1))
        await desk.look()
        before = await desk.texts()
    async with a_desk(tmp_path) as again:
        await again.pass_time(timedelta(minutes=2))
        await again.look()
        said = await again.texts()
    async with a_desk(tmp_path) as last:
        await last.look()

        assert (before, said, await last.texts()) == ([], ["Reminder: Call Anna."], said)
