"""What date words stand for: days, periods, times of day, lengths of time."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum


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
    first: Length | None = None
    """How far away the first time is, where only an interval was said."""
    hours: int = 0
    """Every so many hours or, below 0, minutes: the first is counted from now."""
