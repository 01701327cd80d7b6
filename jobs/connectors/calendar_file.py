"""Writes a calendar entry as a file that the owner taps."""

from datetime import UTC
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from jobs import papers
from jobs.connector import Commit
from memory.clock import Clock
from memory.errors import Refused, Unavailable
from memory.records.calendar_add import CalendarAdd
from memory.records.effect import Effect
from memory.records.receipt import Receipt


class CalendarFileConnector:
    """Writes one .ics file per entry; the entry's own id makes a second tap the same entry."""

    kinds = ("calendar.add",)

    def __init__(self, clock: Clock, folder: Path) -> None:
        self._clock = clock
        self._folder = folder

    async def apply(self, effect: Effect, key: str, commit: Commit) -> Receipt:
        """Write the file."""
        if not isinstance(effect, CalendarAdd):
            raise Refused("This is not a calendar entry.")
        content = self._entry(effect)
        self._folder.mkdir(parents=True, exist_ok=True)
        await commit()
        try:
            papers.put(self._place(key), content)
        except OSError as error:
            raise Unavailable("The disk did not take the file. Free some space first.") from error
        return self._written(key)

    async def find(self, effect: Effect, key: str) -> Receipt | None:  # noqa: ARG002 - the key tells
        """The file itself is the evidence."""
        return self._written(key) if self._place(key).exists() else None

    def _place(self, key: str) -> Path:
        return self._folder / f"{key}.ics"

    def _written(self, key: str) -> Receipt:
        path = f"{self._folder.name}/{self._place(key).name}"
        return Receipt(outcome="created", at=self._clock.now(), path=path)

    def _entry(self, effect: CalendarAdd) -> bytes:
        zone = ZoneInfo(effect.zone)
        # icalendar 7 leaves the values it takes untyped
        entry, calendar = cast("Any", Event()), cast("Any", Calendar())
        entry.add("uid", effect.entry)
        entry.add("dtstamp", self._clock.now().astimezone(UTC))
        entry.add("summary", effect.what)
        entry.add("dtstart", effect.start.astimezone(zone))
        entry.add("dtend", effect.end.astimezone(zone))
        if effect.removed:
            entry.add("status", "CANCELLED")
        calendar.add("prodid", "-//Steward//EN")
        calendar.add("version", "2.0")
        calendar.add("method", "CANCEL" if effect.removed else "PUBLISH")
        calendar.add_component(entry)
        return cast("bytes", calendar.to_ical())
