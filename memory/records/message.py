"""A letter that was written to or by the owner."""

from datetime import datetime
from typing import ClassVar, Literal

from memory.records.kept import Kept


class Message(Kept):
    """A letter, remembered so that the same one is never filed twice."""

    kind: ClassVar[str] = "message"
    home: ClassVar[str] = "mailbox"

    direction: Literal["in", "out"]
    subject: str
    text: str
    contact: str | None = None
    """Record id of the other person."""
    address: str | None = None
    """The other person's mail address; None when the text did not say."""
    message_id: str | None = None
    """The mail's own Message-ID; None for an inline forward, which has lost it."""
    content: str
    """Digest of author, subject and words: the same letter forwarded twice has the same one."""
    written_at: datetime | None = None

    def key(self) -> str:
        """The content."""
        return self.content

    def title(self) -> str:
        """The subject, else the first words."""
        return self.subject or self.text[:60]

    def words(self) -> str:
        """Subject, address and text."""
        return " ".join(part for part in (self.subject, self.address, self.text) if part)
