"""A piece of work for a customer."""

from datetime import date
from typing import ClassVar

from memory.money import say
from memory.records.kept import Kept, normal
from memory.records.money import Money


class Project(Kept):
    """A piece of work for a customer, wished for or agreed."""

    kind: ClassVar[str] = "project"

    name: str
    customer: str | None = None
    """Record id of the customer."""
    deadline: date | None = None
    """The customer's own date for it."""
    budget: Money | None = None
    """What the customer said it may cost."""

    def key(self) -> str:
        """Customer and name."""
        return f"{self.customer or ''}/{normal(self.name)}"

    def title(self) -> str:
        """The name."""
        return self.name

    def line(self) -> str:
        """Name, the customer's date and budget."""
        parts = [f"Project: {self.name}"]
        if self.deadline:
            parts.append(f"wanted by {self.deadline:%-d %B %Y}")
        if self.budget:
            parts.append(f"budget {say(self.budget)}")
        return ", ".join(parts)
