from datetime import timedelta
from pathlib import Path

import pytest
from icalendar import Calendar

from jobs.connectors.calendar_file import CalendarFileConnector
from memory.clock import WallClock
from memory.errors import Refused
from memory.records.calendar_add import CalendarAdd
from tests.doubles.builders import NOW, a_mail_to

KEY = "key_abcdefgh"
LUNCH = CalendarAdd(
    what="Lunch with Anna",
    start=NOW,
    end=NOW + timedelta(hours=1),
    zone="Europe/Lisbon",
    entry="event_1@steward",
)


async def yes() -> None:
    """A marker that lets it pass."""


async def no() -> None:
    """A marker that does not."""
    raise Refused("Everything is stopped.")


def files(folder: Path) -> list[str]:
    return [one.name for one in folder.iterdir()]


def only_entry(folder: Path):
    calendar = Calendar.from_ical((folder / f"{KEY}.ics").read_bytes())
    return calendar, calendar.walk("VEVENT")[0]


async def test_an_entry_becomes_a_file_in_the_owners_zone(tmp_path: Path):
    receipt = await CalendarFileConnector(WallClock(), tmp_path).apply(LUNCH, KEY, yes)

    calendar, entry = only_entry(tmp_path)
    assert (receipt.outcome, receipt.path) == ("created", f"{tmp_path.name}/{KEY}.ics")
    assert (entry["summary"], entry["uid"]) == ("Lunch with Anna", "event_1@steward")
    assert entry.decoded("dtstart") == NOW
    assert calendar["method"] == "PUBLISH"


async def test_taking_an_entry_out_is_a_file_with_the_same_id(tmp_path: Path):
    removed = LUNCH.model_copy(update={"removed": True})

    await CalendarFileConnector(WallClock(), tmp_path).apply(removed, KEY, yes)

    calendar, entry = only_entry(tmp_path)
    assert (calendar["method"], entry["status"]) == ("CANCEL", "CANCELLED")
    assert entry["uid"] == "event_1@steward"


async def test_a_marker_that_raises_leaves_no_file(tmp_path: Path):
    connector = CalendarFileConnector(WallClock(), tmp_path)

    with pytest.raises(Refused):
        await connector.apply(LUNCH, KEY, no)

    assert files(tmp_path) == []
    assert await connector.find(LUNCH, KEY) is None


async def test_the_file_is_the_evidence(tmp_path: Path):
    connector = CalendarFileConnector(WallClock(), tmp_path)

    await connector.apply(LUNCH, KEY, yes)

    found = await connector.find(LUNCH, KEY)
    assert found is not None
    assert found.path == f"{tmp_path.name}/{KEY}.ics"


async def test_it_writes_nothing_but_calendar_entries(tmp_path: Path):
    with pytest.raises(Refused):
        await CalendarFileConnector(WallClock(), tmp_path).apply(a_mail_to(), KEY, yes)
