"""A named list of people."""

from typing import ClassVar

from memory.records.kept import Kept, normal


class Group(Kept):
    """A named list of contacts, such as the newsletter."""

    kind: ClassVar[str] = "group"

    name: str
    members: tuple[str, ...] = ()
    """Record ids of contacts."""

    def key(self) -> str:
        """The name."""
        return normal(self.name)

    def title(self) -> str:
        """Name and size."""
        return f"{self.name} ({len(self.members)})"
