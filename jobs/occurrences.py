"""When the clock has something to say: computed from the owner's zone, each with its own name."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from memory.config import Policy
from memory.records.shape import Frozen

Name = Literal["brief", "morning", "late", "evening", "review", "backup"]
"""The brief; the summary when quiet ends; the one before it begins; the line on what was filed;
the week's review; the backup."""
_FRIDAY = 4
_AFTERNOON = time(18)
_NIGHT = time(3)
_BEFORE_QUIET = timedelta(minutes=30)
_TOGETHER = timedelta(hours=1)
"""A summary this close before the brief waits for it: one ring."""
_REVIEW_LASTS = timedelta(days=4)
"""A lid that was closed over the weekend does not cost the owner the review."""
_DAY = timedelta(days=1)


class Occurrence(Frozen):
    """One tick of the clock. Its name and day make it the same one for ever."""

    name: Name
    day: date
    at: datetime
    until: datetime
    """From then on it is not made up for."""

    @property
    def native_id(self) -> str:
        """The clock's own name for it."""
        return f"clock:{self.name}:{self.day.isoformat()}"


def due(policy: Policy, zone: ZoneInfo, now: datetime) -> tuple[Occurrence, ...]:
    """What has come up to a moment and is not too late, in order of time.

    Whether it was said already is not asked here.
    """
    today = now.astimezone(zone).date()
    days = [today - timedelta(days=back) for back in range(_REVIEW_LASTS.days + 1)]
    found = [one for day in days for one in _of_day(policy, zone, day) if one.at <= now < one.until]
    return tuple(sorted(found, key=lambda one: (one.at, _ORDER.index(one.name))))


_ORDER: tuple[Name, ...] = ("brief", "morning", "late", "evening", "review", "backup")


def last_call(policy: Policy) -> time:
    """When what was kept from ringing during the day is told, before it is quiet."""
    evening = policy.evening_time or _AFTERNOON
    if policy.quiet is None:
        return evening
    begin, end = policy.quiet
    latest = (datetime.combine(date.min + _DAY, begin) - _BEFORE_QUIET).time()
    is_quiet = begin <= evening < end if begin < end else evening >= begin or evening < end
    return latest if is_quiet else evening


def _of_day(policy: Policy, zone: ZoneInfo, day: date) -> Iterator[Occurrence]:
    def at(when: time) -> datetime:
        return datetime.combine(day, when, zone)

    def occurrence(name: Name, begin: datetime, until: datetime) -> Occurrence:
        return Occurrence(name=name, day=day, at=begin, until=until)

    midnight = datetime.combine(day + _DAY, time(), zone)
    call = at(last_call(policy))
    brief = policy.brief_time if day.weekday() <= _FRIDAY else None
    if brief is not None:
        yield occurrence("brief", at(brief), call if at(brief) < call else midnight)
    if policy.quiet is not None:
        end = at(policy.quiet[1])
        over = call if call > end else midnight
        with_brief = brief is not None and end <= at(brief) <= end + _TOGETHER
        yield occurrence("morning", at(brief) if with_brief and brief else end, over)
    yield occurrence("late", call, midnight)
    if policy.evening_time is not None:
        yield occurrence("evening", at(policy.evening_time), midnight)
    if policy.review_day is not None and day.weekday() == policy.review_day[0]:
        begin = at(policy.review_day[1])
        yield occurrence("review", begin, begin + _REVIEW_LASTS)
    yield occurrence("backup", at(_NIGHT), at(_NIGHT) + _DAY)
