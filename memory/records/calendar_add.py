"""The effect that hands the owner a calendar entry to tap."""

from datetime import datetime, tzinfo
from typing import ClassVar, Literal

from memory.records.effect import Effect, Line, Reversal
from memory.records.receipt import Receipt


class CalendarAdd(Effect):
    """Write one calendar entry as a file the owner taps to add or remove it."""

    kind: Literal["calendar.add"] = "calendar.add"
    repeatable: ClassVar = "A"
    reversal: ClassVar = Reversal.PROVIDER
    external: ClassVar = False

    what: str
    start: datetime
    """Aware."""
    end: datetime
    """Aware, exclusive."""
    zone: str
    """IANA name of the owner's zone."""
    entry: str
    """The entry's own id: the same entry written twice is one entry."""
    removed: bool = False
    """True for the file that takes the entry out again."""

    def facts(self) -> tuple[Line, ...]:
        """What and when."""
        return (
            Line(label="What", value=self.what),
            Line(label="When", value=f"{self.start:%a %-d %b %Y, %H:%M} to {self.end:%H:%M}"),
        )

    def preview(self) -> str:
        """What it is."""
        return f"Calendar: {self.what}"

    def undo(self, receipt: Receipt, zone: tzinfo) -> "CalendarAdd":  # noqa: ARG002
        """The file that removes the entry."""
        return self.model_copy(update={"removed": not self.removed})
