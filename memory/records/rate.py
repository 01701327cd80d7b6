"""What the owner charges for something."""

from typing import ClassVar, Literal

from memory.money import say
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

    def line(self) -> str:
        """What is sold, and for how much."""
        each = (
            "" if self.unit == "piece" else f" {'an' if self.unit == 'hour' else 'a'} {self.unit}"
        )
        return f"Price: {self.what}, {say(self.price)}{each}"
