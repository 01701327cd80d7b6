"""An appointment."""

from datetime import datetime
from typing import ClassVar

from memory.records.kept import Kept, normal


class Event(Kept):
    """An appointment of the owner's."""

    kind: ClassVar[str] = "event"
    home: ClassVar[str] = "calendar"

    what: str
    start: datetime
    """Aware."""
    end: datetime | None = None
    origin: str
    """Id of the Source that named it."""
    cancelled: bool = False

    def key(self) -> str:
        """Where it came from and what it is."""
        return f"{self.origin}/{normal(self.what)}"

    def title(self) -> str:
        """What it is."""
        return self.what

    def line(self) -> str:
        """What it is, and when."""
        return f"Appointment: {self.what}, {self.start:%A %-d %B, %H:%M}"
