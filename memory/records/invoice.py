"""A bill, sent or received."""

from datetime import date, datetime
from typing import ClassVar, Literal

from memory.records.kept import Kept, normal
from memory.records.money import Money


class Invoice(Kept):
    """A bill the owner sent or received."""

    kind: ClassVar[str] = "invoice"

    number: str
    customer: str
    """Record id of the customer, or of the contact who sent it."""
    total: Money
    due: date | None = None
    direction: Literal["out", "in"] = "out"
    state: Literal["open", "paid", "void"] = "open"
    paid: Money | None = None
    """What came in for it so far; None when nothing did, or when nobody counted."""
    paid_at: datetime | None = None
    """Aware, when the last of it came in; None while it is open, or when nobody said."""

    def key(self) -> str:
        """Direction and number."""
        return f"{self.direction}/{normal(self.number)}"

    def title(self) -> str:
        """The number."""
        return self.number
