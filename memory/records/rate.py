"""What the owner charges for something."""

from typing import ClassVar, Literal

from memory.records.kept import Kept, normal
from memory.records.money import Money

Unit = Literal["hour", "day", "week", "month", "year", "piece"]


class Rate(Kept):
    """What the owner charges for something."""

    kind: ClassVar[str] = "rate"

    what: str
    """As the owner says it: "landing page", "hourly"."""
    price: Money
    unit: Unit = "piece"

    def key(self) -> str:
        """What is sold."""
        return normal(self.what)

    def title(self) -> str:
        """What is sold."""
        return self.what
