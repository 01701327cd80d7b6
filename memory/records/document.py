"""A text of the company's own that is kept under a name."""

from typing import ClassVar

from memory.records.kept import Kept, normal


class Document(Kept):
    """A text that is kept under a name, to be used again."""

    kind: ClassVar[str] = "document"

    name: str
    text: str

    def key(self) -> str:
        """The name."""
        return normal(self.name)

    def title(self) -> str:
        """The name."""
        return self.name

    def words(self) -> str:
        """Name and text."""
        return f"{self.name} {self.text}"
