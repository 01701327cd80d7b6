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

    def line(self) -> str:
        """Name and size."""
        many = "1 person" if len(self.members) == 1 else f"{len(self.members)} people"
        return f"List: {self.name}, {many}"
