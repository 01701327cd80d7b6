from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tests.memory.wording.said import NOW, choices, days, hours, one, time


def test_a_day_begins_at_local_midnight():
    assert one("by Friday").start == datetime(2026, 3, 13, tzinfo=ZoneInfo("Europe/Lisbon"))


def test_a_time_that_is_over_today_is_tomorrows():
    assert time("at 8:30") == "2026-03-11T08:30"
    assert time("at 8:30", past=True) == "2026-03-10T08:30"


def test_a_time_told_of_the_past_lies_behind():
    assert time("at 3", past=True) == "2026-03-09T15:00"


def test_the_two_readings_of_a_bare_seven_are_in_order():
    assert choices("at 7") == ["2026-03-10T19:00", "2026-03-11T07:00"]


def test_a_length_makes_an_end():
    found = one("tomorrow at 3 for 45 min")

    assert found.duration == timedelta(minutes=45)
    assert found.end == found.start + timedelta(minutes=45)


def test_hours_that_end_before_they_begin_end_the_next_day():
    assert hours("tomorrow from 10pm to 2am") == "2026-03-11T22:00/2026-03-12T02:00"


def test_the_length_of_a_night_in_which_clocks_change_is_what_passes():
    found = one("28 March 22:00 to 06:00")

    assert found.duration == timedelta(hours=7)


def test_since_ends_today():
    assert days("since 1 March") == "2026-03-01/2026-03-10"


def test_in_the_morning_said_before_dawn_is_this_morning():
    assert one("in the morning", now=NOW.replace(hour=5)).day == NOW.date()
