"""Something to do."""

from datetime import date
from typing import ClassVar, Literal

from memory.records.kept import Kept, normal


class Task(Kept):
    """Something to do, by the owner or by somebody else."""

    kind: ClassVar[str] = "task"

    what: str
    due: date | None = None
    owner: str = "me"
    """"me", or the name of whoever has to do it."""
    customer: str | None = None
    """Record id of the customer."""
    project: str | None = None
    """Record id of the project."""
    origin: str
    """Id of the Source that asked for it: the same words in two sources are two tasks."""
    state: Literal["open", "done", "dropped"] = "open"

    def key(self) -> str:
        """Where it came from and what it says."""
        return f"{self.origin}/{normal(self.what)}"

    def title(self) -> str:
        """What there is to do."""
        return self.what

    def line(self) -> str:
        """What, by when and by whom."""
        due = f", by {self.due:%A %-d %B}" if self.due else ""
        whose = "" if self.owner == "me" else f" ({self.owner})"
        return f"Task: {self.what}{due}{whose}"
