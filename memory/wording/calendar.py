"""What date words stand for: days, periods, clock times, lengths; and counting with them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from enum import IntEnum
from zoneinfo import ZoneInfo

from memory.wording.date_words import PART_HOURS

FRIDAY = 4
MOST_WORKDAYS = 10_000
NIGHT = 4
MORNING = 1
LAST_AFTERNOON_HOUR = 6
"""Bare hours from 1 to this one are in the afternoon."""
EITHER_HOUR = 7
"""A bare 7 may be in the morning or in the evening."""


class Unit(IntEnum):
    """Units of time; the numbers are those of the word table."""

    SECOND = 1
    MINUTE = 2
    HOUR = 3
    DAY = 4
    WEEK = 5
    FORTNIGHT = 6
    MONTH = 7
    QUARTER = 8
    YEAR = 9
    WEEKEND = 10
    DECADE = 11


@dataclass(frozen=True, slots=True)
class Setting:
    """What the words are read against."""

    now: datetime
    """Aware, in the owner's zone."""
    past: bool
    """Bare days are behind us ("I paid on Friday")."""
    month_first: bool
    """3/4 is the 4th of March."""
    mixed: bool
    """People in this country write both 3/4 and 4/3, so a date that can be both is asked about."""
    anchor: date | None = None
    """The day spoken of last: "that morning"."""

    @property
    def today(self) -> date:
        return self.now.date()


@dataclass(frozen=True, slots=True)
class Day:
    """One day."""

    on: date
    step: Unit | None = None
    """What was left unsaid: a day moves by this much to make sense in a range."""
    others: tuple[date, ...] = ()
    """All days that the words can mean, when there is more than one."""


@dataclass(frozen=True, slots=True)
class Period:
    """A run of days."""

    start: date
    end: date
    """The day after the last."""
    unit: Unit = Unit.DAY
    step: Unit | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day."""

    hour: int
    minute: int = 0
    second: int = 0
    bare: bool = False
    """Said without morning or afternoon, so that 3 is 15:00 and 7 is a question."""
    part: int = 0
    """The part of the day that was said with it, 0 for none."""
    zone: str = ""
    """The zone that was said with it, or an offset like "+02:00"."""


@dataclass(frozen=True, slots=True)
class Hours:
    """From one time of day to another."""

    start: Clock
    end: Clock


@dataclass(frozen=True, slots=True)
class DayPart:
    """A part of the day, on a day of its own ("tonight") or on one said elsewhere."""

    part: int
    day: Day | None = None


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time. Days and more count on the calendar, seconds on the clock."""

    months: int = 0
    days: int = 0
    seconds: int = 0

    def __add__(self, other: "Length") -> "Length":
        return Length(
            self.months + other.months, self.days + other.days, self.seconds + other.seconds
        )

    def __neg__(self) -> "Length":
        return Length(-self.months, -self.days, -self.seconds)

    def as_timedelta(self) -> timedelta:
        """The length with months of 30 and years of 365 days."""
        years, months = divmod(self.months, 12)
        return timedelta(days=years * 365 + months * 30 + self.days, seconds=self.seconds)


@dataclass(frozen=True, slots=True)
class Moment:
    """An exact point in time, or a stretch between two."""

    start: datetime
    """Aware."""
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Weekdays:
    """Some days of the week, Monday being 0."""

    days: frozenset[int]


@dataclass(frozen=True, slots=True)
class Repeat:
    """Something that comes again: an RRULE and the days it falls on."""

    rule: str
    weekdays: frozenset[int] = frozenset()
    """Empty for any weekday."""
    monthday: int = 0
    """-1 is the last day of the month, 0 any day."""
    month: int = 0
    nth: int = 0
    """Which of the weekdays in the month, -1 the last, 0 any."""
    part: int = 0
    hours: int = 0
    """Every so many hours or, below 0, minutes: the first is counted from now."""

    def falls_on(self, day: date) -> bool:
        """Whether the rule, interval aside, includes a day."""
        if self.weekdays and day.weekday() not in self.weekdays:
            return False
        if self.month and day.month != self.month:
            return False
        if self.nth > 0 and (day.day - 1) // 7 + 1 != self.nth:
            return False
        if self.nth < 0 and day.month == (day + timedelta(days=7)).month:
            return False
        if self.monthday > 0:
            return day.day == self.monthday
        return self.monthday == 0 or day == month_end(day)

    def days(self, since: date) -> Iterator[date]:
        """The days it falls on, from a day on, for five years."""
        for ahead in range(5 * 366):
            day = later(since, Length(days=ahead))
            if day is not None and self.falls_on(day):
                yield day


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


def hours_of(clock: Clock, part: int) -> tuple[tuple[int, int], ...]:
    """The (days later, hour) that a time of day can mean, given the part of the day if any."""
    hour = clock.hour
    part = part or clock.part
    if not clock.bare:
        # "Tonight at 2am" is said in the evening, about the small hours after it.
        return ((1, hour),) if part == NIGHT and hour < 6 else ((0, hour),)
    if part == MORNING:
        return ((0, hour % 12),)
    if part == NIGHT:
        return ((0, hour + 12),) if 6 <= hour < 12 else ((1, hour % 12),)
    if part and hour < 12:
        return ((0, hour + 12),)
    if hour == EITHER_HOUR:
        return (0, hour), (0, hour + 12)
    return ((0, hour + 12),) if 1 <= hour <= LAST_AFTERNOON_HOUR else ((0, hour),)


def at_clock(day: date, clock: Clock, part: int, setting: Setting) -> tuple[datetime, ...]:
    """The moments that a time on a day can mean, in the owner's zone."""
    own = setting.now.tzinfo
    zone = zone_of(clock.zone) if clock.zone else own
    moments: list[datetime] = []
    for shift, hour in hours_of(clock, part):
        moved = later(day, Length(days=shift + hour // 24))
        if moved is not None:
            wall = time(hour % 24, clock.minute, clock.second)
            moment = datetime.combine(moved, wall, tzinfo=zone)
            moments.append(settled(moment).astimezone(own) if clock.zone else settled(moment))
    return tuple(moments)


def zone_of(name: str) -> tzinfo:
    """The zone of a name from the tables, or of an offset such as "+02:00"."""
    if name[0] not in "+-":
        return ZoneInfo(name)
    offset = timedelta(hours=int(name[1:3]), minutes=int(name[4:6]))
    return timezone(-offset if name[0] == "-" else offset)


def settled(moment: datetime) -> datetime:
    """A wall clock time that exists: one skipped in spring moves on by the hour that was lost."""
    if not 1 < moment.year < 9999:
        return moment
    return moment.astimezone(UTC).astimezone(moment.tzinfo)


def elapsed(moment: datetime, length: Length) -> datetime | None:
    """So much later: days and months on the calendar, hours and less as time that passes."""
    day = later(moment.date(), length)
    if day is None or not 1 < day.year < 9998:
        return None
    wall = datetime.combine(day, moment.timetz()) if length.months or length.days else moment
    try:
        return (wall.astimezone(UTC) + timedelta(seconds=length.seconds)).astimezone(moment.tzinfo)
    except OverflowError:
        return None


def part_hours(part: int) -> tuple[int, int]:
    """From and until which hour a part of the day lasts."""
    return PART_HOURS[part]
