"""Occurrences: what the clock has to say, in the owner's zone, whatever the clock does."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from jobs.occurrences import Occurrence, due, last_call
from memory.config import Policy

LISBON = ZoneInfo("Europe/Lisbon")
TUESDAY = datetime(2026, 3, 10, tzinfo=LISBON)


def named(now: datetime, zone: ZoneInfo = LISBON, **policy: str) -> list[str]:
    return [one.native_id for one in found(now, zone, **policy)]


def found(now: datetime, zone: ZoneInfo = LISBON, **policy: str) -> tuple[Occurrence, ...]:
    return due(Policy.model_validate({"review": "", **policy}), zone, now)


def at(hour: int, minute: int = 0, *, day: datetime = TUESDAY) -> datetime:
    return day.replace(hour=hour, minute=minute)


def test_before_its_time_nothing_is_due():
    assert "clock:brief:2026-03-10" not in named(at(7, 59))


def test_the_brief_comes_with_what_the_night_kept():
    assert named(at(8))[1:] == ["clock:brief:2026-03-10", "clock:morning:2026-03-10"]


def test_a_missed_brief_comes_on_the_same_day_only():
    assert "clock:brief:2026-03-10" in named(at(18, 29))
    assert "clock:brief:2026-03-10" not in named(at(18, 30))
    assert [one for one in named(at(8, day=TUESDAY + timedelta(days=1))) if "brief" in one] == [
        "clock:brief:2026-03-11"
    ]


@pytest.mark.parametrize("day", [14, 15])
def test_on_a_weekend_there_is_no_brief_but_the_night_is_told(day: int):
    names = named(at(9, day=TUESDAY.replace(day=day)))

    assert f"clock:morning:2026-03-{day}" in names
    assert not any("brief" in one for one in names)


def test_a_brief_far_from_the_end_of_quiet_does_not_hold_it_up():
    assert "clock:morning:2026-03-10" in named(at(8), brief_at="09:30")
    assert "clock:morning:2026-03-10" not in named(at(8), brief_at="08:45")


def test_the_evening_has_its_line_and_what_was_kept_by_day():
    assert named(at(18, 30))[1:] == ["clock:late:2026-03-10", "clock:evening:2026-03-10"]


@pytest.mark.parametrize(
    ("quiet", "evening", "call"),
    [
        ("20:00-08:00", "18:30", time(18, 30)),
        ("18:00-08:00", "18:30", time(17, 30)),
        ("20:00-08:00", "", time(18)),
        ("", "21:00", time(21)),
        ("00:00-07:00", "18:30", time(18, 30)),
        ("12:00-14:00", "18:30", time(18, 30)),
        ("12:00-19:00", "18:30", time(11, 30)),
    ],
)
def test_what_was_kept_by_day_is_told_before_it_is_quiet(quiet: str, evening: str, call: time):
    assert last_call(Policy(quiet_hours=quiet, evening_at=evening)) == call


def test_the_review_waits_for_a_lid_that_was_closed_over_the_weekend():
    friday = TUESDAY.replace(day=13)
    review = "Friday 16:00"

    assert "clock:review:2026-03-13" in named(at(16, day=friday), review=review)
    assert "clock:review:2026-03-13" in named(at(9, day=TUESDAY.replace(day=16)), review=review)
    assert not [
        one for one in named(at(17, day=TUESDAY.replace(day=17)), review=review) if "rev" in one
    ]


def test_everything_can_be_turned_off_but_the_backup():
    off = {"quiet_hours": "", "brief_at": "", "evening_at": "", "review": ""}

    assert named(at(23), LISBON, **off) == ["clock:backup:2026-03-10", "clock:late:2026-03-10"]


@pytest.mark.parametrize(
    ("zone", "first", "name"),
    [
        # the hour that does not exist, the one that comes twice, and half an hour of it
        ("Europe/Berlin", datetime(2026, 3, 28, tzinfo=UTC), "02:30"),
        ("Europe/Berlin", datetime(2026, 10, 24, tzinfo=UTC), "02:30"),
        ("Australia/Lord_Howe", datetime(2026, 4, 4, tzinfo=UTC), "01:45"),
        ("America/New_York", datetime(2026, 3, 7, tzinfo=UTC), "02:30"),
    ],
)
def test_where_the_clocks_change_each_day_still_has_each_once(
    zone: str, first: datetime, name: str
):
    seen: dict[str, datetime] = {}
    for minutes in range(0, 4 * 24 * 60, 5):
        now = first + timedelta(minutes=minutes)
        for one in found(now, ZoneInfo(zone), evening_at=name, quiet_hours=""):
            if one.name == "evening":
                seen.setdefault(one.native_id, now)

    moments = sorted(seen.values())
    assert len(seen) in (4, 5)
    assert all(
        timedelta(hours=22) <= later - earlier <= timedelta(hours=26)
        for earlier, later in pairwise(moments[1:])
    )


def test_the_names_are_the_owners_days_not_the_worlds():
    auckland = ZoneInfo("Pacific/Auckland")

    names = named(datetime(2026, 3, 9, 19, 0, tzinfo=UTC), auckland)

    assert "clock:brief:2026-03-10" in names
