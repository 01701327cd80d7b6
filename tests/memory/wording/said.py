"""What a florist in Lisbon means on Tuesday 10 March 2026 at nine in the morning."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from memory import when
from memory.when import When

LISBON = ZoneInfo("Europe/Lisbon")
NOW = datetime(2026, 3, 10, 9, 0, tzinfo=LISBON)


def all_of(text: str, *, now: datetime = NOW, locale: str = "en-GB", past: bool = False):
    """Everything that is found in a text."""
    return when.find(text, now=now, locale=locale, past=past)


def one(text: str, *, now: datetime = NOW, locale: str = "en-GB", past: bool = False) -> When:
    """The only date in a text."""
    found = all_of(text, now=now, locale=locale, past=past)
    assert len(found) == 1, f"{text!r} holds {[each.text for each in found]}"
    return found[0]


def day(text: str, *, now: datetime = NOW, locale: str = "en-GB", past: bool = False) -> str:
    """The day that the only date in a text means; it says no time and is no stretch of days."""
    found = one(text, now=now, locale=locale, past=past)
    assert not found.has_time
    assert found.end is None
    return found.day.isoformat()


def days(text: str, *, now: datetime = NOW, past: bool = False) -> str:
    """The first and the last day of the only stretch in a text, as "first/last"."""
    found = one(text, now=now, past=past)
    assert not found.has_time
    assert found.end is not None
    return f"{found.day}/{found.last_day}"


def time(text: str, *, now: datetime = NOW, locale: str = "en-GB", past: bool = False) -> str:
    """The moment that the only time in a text means, on the owner's clock."""
    found = one(text, now=now, locale=locale, past=past)
    assert found.has_time
    return f"{found.start:%Y-%m-%dT%H:%M}"


def hours(text: str, *, now: datetime = NOW) -> str:
    """The beginning and the end of the only stretch of hours in a text."""
    found = one(text, now=now)
    assert found.has_time
    assert found.end is not None
    return f"{found.start:%Y-%m-%dT%H:%M}/{found.end:%Y-%m-%dT%H:%M}"


def choices(text: str, *, now: datetime = NOW, locale: str = "en-GB") -> list[str]:
    """Every start that the only date in a text can mean."""
    return [f"{each:%Y-%m-%dT%H:%M}" for each in one(text, now=now, locale=locale).choices]


def rule(text: str) -> tuple[str | None, date]:
    """The recurrence in a text, and the day it first falls on."""
    found = one(text)
    return found.repeats, found.day
