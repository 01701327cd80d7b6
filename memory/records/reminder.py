"""Something to tell the owner at a time."""

from datetime import datetime
from typing import ClassVar, Literal

from memory.records.kept import Kept, normal


class Reminder(Kept):
    """Something to tell the owner at a time."""

    kind: ClassVar[str] = "reminder"

    what: str
    at: datetime
    """When to speak, aware."""
    all_day: bool = False
    """True when the owner named only a day; then it is said in the morning."""
    origin: str
    """Id of the Source that asked for it."""
    state: Literal["waiting", "told", "dropped"] = "waiting"

    def key(self) -> str:
        """Where it came from and what it says."""
        return f"{self.origin}/{normal(self.what)}"

    def title(self) -> str:
        """What to say."""
        return self.what

    def line(self) -> str:
        """What, and when it will be said."""
        time = "" if self.all_day else f", {self.at:%H:%M}"
        return f"Reminder: {self.what}, {self.at:%A %-d %B}{time}"
