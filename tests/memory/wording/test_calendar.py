from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.wording import calendar
from memory.wording.values import Day, Length, Period, Unit

DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 1, 1))


@pytest.mark.parametrize(
    ("day", "length", "meant"),
    [
        (date(2026, 1, 31), Length(months=1), date(2026, 2, 28)),
        (date(2024, 2, 29), Length(months=12), date(2025, 2, 28)),
        (date(2026, 3, 10), Length(months=-3), date(2025, 12, 10)),
        (date(2026, 12, 31), Length(days=1), date(2027, 1, 1)),
    ],
)
def test_a_month_later_is_at_most_its_last_day(day: date, length: Length, meant: date):
    assert calendar.later(day, length) == meant


def test_beyond_the_calendar_there_is_no_day():
    assert calendar.later(date(2026, 1, 1), Length(months=12 * 9000)) is None
    assert calendar.later(date(2026, 1, 1), Length(days=10**8)) is None


@given(day=DAYS, weekday=st.integers(0, 6))
def test_the_next_weekday_is_within_a_week(day: date, weekday: int):
    found = calendar.next_weekday(day, weekday)

    assert found.weekday() == weekday
    assert 1 <= (found - day).days <= 7


@given(day=DAYS, unit=st.sampled_from([Unit.WEEK, Unit.MONTH, Unit.QUARTER, Unit.YEAR]))
def test_a_day_lies_in_its_own_period_and_periods_touch(day: date, unit: Unit):
    this = calendar.period_around(day, unit)
    following = calendar.period_around(day, unit, 1)

    assert this is not None
    assert following is not None
    assert this.start <= day < this.end == following.start


@pytest.mark.parametrize(
    ("year", "meant"), [(2024, "2024-03-31"), (2025, "2025-04-20"), (2026, "2026-04-05")]
)
def test_easter_moves(year: int, meant: str):
    assert calendar.easter(year).isoformat() == meant


@given(day=DAYS, count=st.integers(1, 60))
def test_working_days_skip_weekends_and_lead_back(day: date, count: int):
    found = calendar.in_workdays(day, count)

    assert found is not None
    assert found.weekday() < 5
    between = [date.fromordinal(each) for each in range(day.toordinal() + 1, found.toordinal() + 1)]
    assert sum(each.weekday() < 5 for each in between) == count


def test_the_open_end_of_a_stretch_follows_its_beginning():
    first = Day(date(2026, 12, 28), Unit.YEAR)
    last = Day(date(2026, 1, 3), Unit.YEAR)

    assert calendar.between(first, last) == Period(date(2025, 12, 28), date(2026, 1, 4))


def test_a_stretch_that_would_end_before_it_begins_is_none():
    assert calendar.between(Day(date(2026, 3, 10)), Day(date(2026, 3, 9))) is None
