"""Counting with days, weeks, months and years."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from memory.wording.values import Day, Length, Period, Repeat, Setting, Unit

FRIDAY = 4


MOST_WORKDAYS = 10_000


UNIT_LENGTHS = {
    Unit.SECOND: Length(seconds=1),
    Unit.MINUTE: Length(seconds=60),
    Unit.HOUR: Length(seconds=3600),
    Unit.DAY: Length(days=1),
    Unit.WEEK: Length(days=7),
    Unit.FORTNIGHT: Length(days=14),
    Unit.WEEKEND: Length(days=7),
    Unit.MONTH: Length(months=1),
    Unit.QUARTER: Length(months=3),
    Unit.YEAR: Length(months=12),
    Unit.DECADE: Length(months=120),
}


UNIT_DAYS = {Unit.WEEK: 7, Unit.MONTH: 31, Unit.YEAR: 366}
"""At most so many days, for the units that can be left unsaid."""


def length_of(count: int, unit: Unit) -> Length:
    """So many of a unit."""
    one = UNIT_LENGTHS[unit]
    return Length(one.months * count, one.days * count, one.seconds * count)


def day_of(year: int, month: int, day: int) -> date | None:
    """A date, or None when the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def later(day: date, length: Length) -> date | None:
    """A day so much later; the 31st becomes the last day of a shorter month.

    None beyond the calendar's years 1 to 9999.
    """
    months = day.year * 12 + day.month - 1 + length.months
    year, month = divmod(months, 12)
    if not 1 <= year <= 9998:
        return None
    try:
        moved = date(year, month + 1, min(day.day, month_days(year, month + 1)))
        return moved + timedelta(days=length.days)
    except OverflowError:
        return None


def month_days(year: int, month: int) -> int:
    """How many days a month has."""
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - timedelta(days=1)).day


def month_end(day: date) -> date:
    """The last day of its month."""
    return day.replace(day=month_days(day.year, day.month))


def period_around(day: date, unit: Unit, shift: int = 0) -> Period | None:
    """The week, weekend, month, quarter, year ... that a day is in, or one so many further."""
    if unit in (Unit.WEEK, Unit.FORTNIGHT, Unit.WEEKEND):
        first = day - timedelta(days=day.weekday() - (5 if unit is Unit.WEEKEND else 0))
    elif unit is Unit.MONTH:
        first = day.replace(day=1)
    elif unit is Unit.QUARTER:
        first = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    elif unit is Unit.YEAR:
        first = day.replace(month=1, day=1)
    elif unit is Unit.DECADE:
        first = day.replace(year=day.year // 10 * 10 or 1, month=1, day=1)
    else:
        first = day
    start = later(first, length_of(shift, unit))
    end = start and later(start, Length(days=2) if unit is Unit.WEEKEND else length_of(1, unit))
    return Period(start, end, unit) if start and end else None


def year_period(year: int) -> Period | None:
    """A whole year."""
    return Period(date(year, 1, 1), date(year + 1, 1, 1), Unit.YEAR) if 0 < year < 9999 else None


def month_period(year: int, month: int) -> Period:
    """A whole month."""
    first = date(year, month, 1)
    return Period(first, first + timedelta(days=month_days(year, month)), Unit.MONTH)


def in_workdays(day: date, count: int) -> date | None:
    """The day so many working days, Monday to Friday, later or (below 0) earlier."""
    if abs(count) > MOST_WORKDAYS:
        return None
    weeks, days = divmod(abs(count), 5)
    one = timedelta(days=1 if count > 0 else -1)
    while day.weekday() > FRIDAY:
        day -= one
    found = later(day, Length(days=7 * weeks * one.days))
    for _ in range(days):
        found = found and found + one
        while found and found.weekday() > FRIDAY:
            found += one
    return found


def next_weekday(today: date, weekday: int) -> date:
    """The next such day after today."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def last_weekday(today: date, weekday: int) -> date:
    """The last such day before today."""
    return today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)


def nth_weekday(period: Period, weekday: int, nth: int) -> date | None:
    """The nth such weekday in a period, -1 the last; None when there are not so many."""
    if nth < 0:
        return last_weekday(period.end, weekday)
    day = next_weekday(period.start - timedelta(days=1), weekday) + timedelta(days=7 * (nth - 1))
    return day if day < period.end else None


def easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar (the anonymous algorithm of 1876)."""
    century, of_century = divmod(year, 100)
    leap, rest = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * (year % 19) + century - leap - correction + 15) % 30
    quarter, left = divmod(of_century, 4)
    weekday = (32 + 2 * rest + 2 * quarter - moon - left) % 7
    late = (year % 19 + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def move(point: Day | Period, by: int) -> Day | Period:
    """The same point so many steps further, as far as it leaves something open."""
    if point.step is None:
        return point
    length = length_of(by, point.step)
    if isinstance(point, Day):
        day = later(point.on, length)
        return replace(point, on=day) if day else point
    start, end = later(point.start, length), later(point.end, length)
    return replace(point, start=start, end=end) if start and end else point


def first_day(point: Day | Period) -> date:
    """The day that a point begins with."""
    return point.on if isinstance(point, Day) else point.start


def end_day(point: Day | Period) -> date:
    """The day after the last one of a point."""
    return point.on + timedelta(days=1) if isinstance(point, Day) else point.end


def moved_after(point: Day | Period, day: date) -> Day | Period:
    """The first variant of a point that begins after a day, if it leaves something open."""
    if point.step is None:
        return point
    away = (day - first_day(point)).days
    point = move(point, away // UNIT_DAYS[point.step] - 1)
    while first_day(point) <= day and first_day(moved := move(point, 1)) > first_day(point):
        point = moved
    return point


def between(first: Day | Period, last: Day | Period) -> Period | None:
    """From one point to another, both included; what they leave open is chosen to fit.

    Where both leave the month or the year open, the stretch ends as soon as it can, so that "from
    August to October" has already begun in September.
    """
    if last.step is not None and (first.step is None or Unit.WEEK in (first.step, last.step)):
        last = moved_after(last, first_day(first))
    elif first.step is not None:
        first = move(moved_after(first, first_day(last)), -1)
    start, end = first_day(first), end_day(last)
    return Period(start, end) if start < end else None


def falls_on(repeat: Repeat, day: date) -> bool:
    """Whether a recurrence, interval aside, includes a day."""
    if repeat.weekdays and day.weekday() not in repeat.weekdays:
        return False
    if repeat.month and day.month != repeat.month:
        return False
    if repeat.nth > 0 and (day.day - 1) // 7 + 1 != repeat.nth:
        return False
    if repeat.nth < 0 and day.month == (day + timedelta(days=7)).month:
        return False
    if repeat.monthday > 0:
        return day.day == repeat.monthday
    return repeat.monthday == 0 or day == month_end(day)


def days_of(repeat: Repeat, since: date) -> Iterator[date]:
    """The days that a recurrence falls on, from a day on, for five years."""
    for ahead in range(5 * 366):
        day = later(since, Length(days=ahead))
        if day is not None and falls_on(repeat, day):
            yield day


def nearest_date(setting: Setting, month: int, day: int) -> date | None:
    """The next such day, today included, or the last one when the past is meant."""
    years = range(9) if not setting.past else range(0, -9, -1)
    for ahead in years:
        found = day_of(setting.today.year + ahead, month, day)
        if found and (found <= setting.today if setting.past else found >= setting.today):
            return found
    return None


def nearest_monthday(setting: Setting, day: int) -> date | None:
    """The next such day of a month, today included, or the last one when the past is meant."""
    for ahead in range(0, -13, -1) if setting.past else range(13):
        year, month = divmod(setting.today.year * 12 + setting.today.month - 1 + ahead, 12)
        found = day_of(year, month + 1, day)
        if found and (found <= setting.today if setting.past else found >= setting.today):
            return found
    return None


def nearest_month(setting: Setting, month: int) -> Period | None:
    """This month if it is the one, else the next such month, or the last when the past is meant."""
    year = setting.today.year
    if month != setting.today.month and (month > setting.today.month) == setting.past:
        year += -1 if setting.past else 1
    return month_period(year, month) if 0 < year < 9999 else None
