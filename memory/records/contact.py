"""A person the company knows."""

from typing import ClassVar

from memory.records.kept import Kept, normal


class Contact(Kept):
    """A person; the mail address is what makes two mentions the same person."""

    kind: ClassVar[str] = "contact"

    name: str
    email: str | None = None
    phone: str | None = None
    customer: str | None = None
    """Record id of the customer this person works for."""

    def key(self) -> str:
        """The mail address, else the name."""
        return self.email.lower() if self.email else normal(self.name)

    def title(self) -> str:
        """The person's name."""
        return self.name

    def words(self) -> str:
        """Name, address and phone."""
        return " ".join(part for part in (self.name, self.email, self.phone) if part)

    def line(self) -> str:
        """Name and address."""
        return f"Contact: {self.name}" + (f", {self.email}" if self.email else "")
