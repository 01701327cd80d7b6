"""A business process and where it stands."""

from datetime import date
from typing import ClassVar, Literal

from memory.records.kept import Kept

Stage = Literal["enquiry", "quote", "agreed", "work", "invoice", "paid", "closed"]


class Process(Kept):
    """Where one piece of business stands and what happens next."""

    kind: ClassVar[str] = "process"

    subject: str
    """Record id of the project or customer it is about."""
    name: str
    stage: Stage = "enquiry"
    waiting_for: str = "you"
    """"you" or the name of whoever has to move next."""
    next_step: str = ""
    due: date | None = None

    def key(self) -> str:
        """One process per subject."""
        return self.subject

    def title(self) -> str:
        """Name and stage."""
        return f"{self.name}: {self.stage}"
