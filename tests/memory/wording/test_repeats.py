from datetime import date, timedelta

import pytest
from dateutil.rrule import rrulestr

from tests.memory.wording.said import NOW, all_of, one, rule, time

EVERYDAY = [
    ("every Friday", "FREQ=WEEKLY;BYDAY=FR", "2026-03-13"),
    ("each Monday", "FREQ=WEEKLY;BYDAY=MO", "2026-03-16"),
    ("on Fridays", "FREQ=WEEKLY;BYDAY=FR", "2026-03-13"),
    ("Friday mornings", "FREQ=WEEKLY;BYDAY=FR", "2026-03-13"),
    ("every Mon and Wed", "FREQ=WEEKLY;BYDAY=MO,WE", "2026-03-11"),
    ("every Mon, Wed and Fri", "FREQ=WEEKLY;BYDAY=MO,WE,FR", "2026-03-11"),
    ("every second Tuesday", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "2026-03-17"),
    ("every other Thursday", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", "2026-03-12"),
    ("every weekday", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "2026-03-11"),
    ("on weekends", "FREQ=WEEKLY;BYDAY=SA,SU", "2026-03-14"),
    ("every day", "FREQ=DAILY", "2026-03-11"),
    ("daily", "FREQ=DAILY", "2026-03-11"),
    ("every morning", "FREQ=DAILY", "2026-03-11"),
    ("every week", "FREQ=WEEKLY", "2026-03-17"),
    ("every other week", "FREQ=WEEKLY;INTERVAL=2", "2026-03-24"),
    ("fortnightly", "FREQ=WEEKLY;INTERVAL=2", "2026-03-24"),
    ("every 3 months", "FREQ=MONTHLY;INTERVAL=3", "2026-06-10"),
    ("quarterly", "FREQ=MONTHLY;INTERVAL=3", "2026-06-10"),
    ("every year", "FREQ=YEARLY", "2027-03-10"),
    ("once a month", "FREQ=MONTHLY", "2026-04-10"),
    ("the 15th of every month", "FREQ=MONTHLY;BYMONTHDAY=15", "2026-03-15"),
    ("every month on the 1st", "FREQ=MONTHLY;BYMONTHDAY=1", "2026-04-01"),
    ("the end of every month", "FREQ=MONTHLY;BYMONTHDAY=-1", "2026-03-31"),
    ("every first Monday", "FREQ=MONTHLY;BYDAY=1MO", "2026-04-06"),
    ("the second Tuesday of every month", "FREQ=MONTHLY;BYDAY=2TU", "2026-04-14"),
    ("last Friday of every month", "FREQ=MONTHLY;BYDAY=-1FR", "2026-03-27"),
    ("every 3 May", "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=3", "2026-05-03"),
]


@pytest.mark.parametrize(("text", "wanted", "begins"), EVERYDAY)
def test_what_comes_again_is_a_rule_and_the_first_day_ahead(text: str, wanted: str, begins: str):
    assert rule(text) == (wanted, date.fromisoformat(begins))


@pytest.mark.parametrize(("text", "wanted", "begins"), EVERYDAY)
def test_a_calendar_that_reads_the_rule_begins_on_the_same_day(text: str, wanted: str, begins: str):
    start = one(text).start.replace(tzinfo=None)

    assert rrulestr(wanted, dtstart=start)[0] == start


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("every second Tuesday at 9", "2026-03-17T09:00"),
        ("every weekday at 8am", "2026-03-11T08:00"),
        ("every day at noon", "2026-03-10T12:00"),
        ("6am every day", "2026-03-11T06:00"),
        ("every morning at 7", "2026-03-11T07:00"),
        ("every hour", "2026-03-10T10:00"),
        ("every 30 minutes", "2026-03-10T09:30"),
    ],
)
def test_a_recurrence_with_a_time_begins_when_it_next_strikes(text: str, begins: str):
    assert time(text) == begins


def test_a_recurrence_can_have_a_length():
    assert one("every Friday 9 to 11").duration == timedelta(hours=2)


@pytest.mark.parametrize(
    "text",
    ["send a weekly report", "a monthly retainer", "85 an hour", "220 a month", "twice a week"],
)
def test_an_adjective_or_a_rate_is_no_recurrence(text: str):
    assert all_of(text) == ()


def test_a_recurrence_never_begins_in_the_past():
    assert all(one(text).start > NOW for text, _, _ in EVERYDAY)
