"""The nightly backup: made once, tried, kept for a week of nights and four weeks."""

import asyncio
import shutil
from datetime import date, timedelta
from pathlib import Path

from jobs import backups
from memory import backup, tables
from tests.doubles.builders import Desk, a_company
from tests.house.words import assert_plain

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def names(first: date, number: int) -> list[str]:
    return [f"night-{first + timedelta(days=index):%Y%m%d}" for index in range(number)]


async def the_night_comes(desk: Desk) -> None:
    """A worker that began on Tuesday works on until Wednesday, a quarter past three."""
    await desk.here_beats()
    await desk.pass_time(18 * HOUR + timedelta(minutes=15))


async def make(desk: Desk) -> None:
    night = await backups.due(desk.company, desk.now)
    assert night is not None
    await backups.make(desk.company, night)


def test_seven_nights_and_the_last_of_four_weeks_stay():
    nights = names(date(2026, 2, 1), 45)

    gone = set(backups.outlived([*nights, "20260310-090000", "before-0003-x.db"]))

    stay = sorted(set(nights) - gone)
    assert stay == [
        *("night-20260301", "night-20260308", "night-20260311", "night-20260312"),
        *("night-20260313", "night-20260314", "night-20260315", "night-20260316"),
        "night-20260317",
    ]
    assert "20260310-090000" not in gone


async def test_before_three_nothing_is_due(desk: Desk):
    await desk.here_beats()
    await desk.pass_time(17 * HOUR)

    assert await backups.due(desk.company, desk.now) is None


async def test_a_night_has_one_backup_that_can_be_restored(desk: Desk):
    await desk.hear("note: thicker paper")
    await the_night_comes(desk)

    await make(desk)

    place = desk.company.data / "backups" / "night-20260311"
    assert backup.faults(place) + backup.changed(place, desk.company.ledger) == ()
    assert await backups.due(desk.company, desk.now) is None
    assert "backup" not in " ".join(await desk.texts())
    async with a_company(place) as copy, copy.store.read() as connection:
        assert len(list(await connection.execute(tables.record.select()))) == 1


async def test_two_workers_make_one(desk: Desk, tmp_path: Path):
    await the_night_comes(desk)
    async with a_company(tmp_path) as other:
        night = await backups.due(desk.company, desk.now)
        assert night is not None
        await asyncio.gather(
            *(backups.make(one, night) for one in (desk.company, other, desk.company))
        )

    made = [one.native_id for one in await desk.rows(tables.source) if "backup" in one.native_id]
    assert made == ["clock:backup:2026-03-11"]


async def test_what_a_death_left_half_done_is_made_anew(desk: Desk):
    await the_night_comes(desk)
    half = desk.company.data / "backups" / "night-20260311"
    half.mkdir(parents=True)
    (half / "steward.db").write_bytes(b"half")

    await make(desk)

    assert backup.faults(half) == ()


async def test_a_backup_with_a_fault_speaks_once_and_waits_for_the_morning(desk: Desk):
    await desk.hear("note: thicker paper")
    await the_night_comes(desk)
    (note,) = await desk.rows(tables.record)
    await desk.change(tables.record, note.id, title="other")

    await make(desk)

    (text,) = [one for one in await desk.texts() if "backup" in one]
    assert text == (
        "Last night's backup: The copy is made, but something in it was changed from outside. "
        "Run steward ledger verify; it says what."
    )
    assert await backups.due(desk.company, desk.now) is None
    assert_plain(text)
    (ring,) = await desk.rows(tables.ring)
    assert (ring.rang, ring.heard_in) == (False, None)


async def test_what_has_outlived_its_time_goes(desk: Desk):
    await the_night_comes(desk)
    folder = desk.company.data / "backups"
    for name in (*names(date(2026, 1, 1), 69), "mine"):
        (folder / name).mkdir(parents=True)

    await make(desk)

    left = {one.name for one in folder.iterdir() if one.is_dir()}
    assert {"mine", "night-20260311", "night-20260305"} <= left
    # the seven nights reach into a second week, so two older weeks make four
    assert len(left) == 7 + 2 + 1
    shutil.rmtree(folder)
