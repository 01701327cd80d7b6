"""A company or person the owner works for."""

from typing import ClassVar

from memory.records.kept import Kept, normal


class Customer(Kept):
    """A company or person the owner works for, or may."""

    kind: ClassVar[str] = "customer"

    name: str
    domain: str | None = None
    """The mail domain its people write from."""

    def key(self) -> str:
        """The name, compared without case and accents."""
        return normal(self.name)

    def title(self) -> str:
        """The name."""
        return self.name

    def words(self) -> str:
        """Name and domain."""
        return f"{self.name} {self.domain or ''}".strip()
