"""Writes a calendar entry as a file that the owner taps."""

from datetime import UTC
from pathlib import Path
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from jobs.connector import Commit
from memory.clock import Clock
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
        assert isinstance(effect, CalendarAdd)
        now = self._clock.now()
        entry = Event()
        entry.add("uid", effect.entry)
        entry.add("dtstamp", now.astimezone(UTC))
        entry.add("summary", effect.what)
        entry.add("dtstart", effect.start.astimezone(ZoneInfo(effect.zone)))
        entry.add("dtend", effect.end.astimezone(ZoneInfo(effect.zone)))
        if effect.removed:
            entry.add("status", "CANCELLED")
        calendar = Calendar()
        calendar.add("prodid", "-//Steward//EN")
        calendar.add("version", "2.0")
        calendar.add("method", "CANCEL" if effect.removed else "PUBLISH")
        calendar.add_component(entry)
        self._folder.mkdir(parents=True, exist_ok=True)
        place = self._folder / f"{key}.ics"
        await commit()
        place.write_bytes(calendar.to_ical())
        return Receipt(outcome="created", at=now, path=f"{self._folder.name}/{place.name}")

    async def find(self, effect: Effect, key: str) -> Receipt | None:  # noqa: ARG002
        """The file itself is the evidence."""
        place = self._folder / f"{key}.ics"
        if not place.exists():
            return None
        return Receipt(
            outcome="created", at=self._clock.now(), path=f"{self._folder.name}/{place.name}"
        )
