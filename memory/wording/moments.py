"""Wall clocks, zones, and time that passes."""

from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from memory.wording.calendar import later
from memory.wording.date_words import PART_HOURS
from memory.wording.values import Clock, Length, Setting

NIGHT = 4


MORNING = 1


LAST_AFTERNOON_HOUR = 6
"""Bare hours from 1 to this one are in the afternoon."""


EITHER_HOUR = 7
"""A bare 7 may be in the morning or in the evening."""


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
