"""One thing the owner said about something."""

from typing import ClassVar

from memory.records.kept import Kept, normal


class Fact(Kept):
    """One field of one subject: me / trade / "brand designer"."""

    kind: ClassVar[str] = "fact"

    subject: str
    """"me", or the name of what it is about."""
    field: str
    value: str

    def key(self) -> str:
        """Subject and field: a new value is a new revision."""
        return f"{normal(self.subject)}/{normal(self.field)}"

    def title(self) -> str:
        """For example "my trade: brand designer"."""
        owner = "my" if self.subject == "me" else f"{self.subject}'s"
        return f"{owner} {self.field}: {self.value}"
