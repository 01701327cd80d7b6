"""Letter: what a mail says, once forwards, history and signature are peeled off."""

from datetime import datetime
from typing import Literal

from memory.records.shape import Frozen

NO_MAIL = "not a mail"
"""The defect of bytes that nobody can read."""


class Person(Frozen):
    """Someone as a mail names them. Both are None when nobody is named."""

    name: str | None
    email: str | None


class Attachment(Frozen):
    """A file that came with a mail; its bytes stay with the source."""

    name: str
    media_type: str
    size_bytes: int
    digest: str
    """SHA-256 of the decoded bytes, in lower-case hex."""


class Letter(Frozen):
    """What a mail says.

    Everything but `sender` and `owner_note` is a stranger's word: a forward's header block is typed
    text and can be invented by whoever wrote the mail.
    """

    author: Person
    """Who wrote the innermost forwarded message; the From header when nothing was forwarded."""
    sender: Person
    """The From header of the outer message. Nobody, for text pasted into chat."""
    via: tuple[Person, ...] = ()
    """Who passed it on between sender and author, the last one first."""
    reply_to: Person | None = None
    to: tuple[Person, ...] = ()
    subject: str = ""
    """Of the innermost message, as written there."""
    message_id: str | None = None
    """With its angle brackets. Of the original if that is known: None for an inline forward."""
    references: tuple[str, ...] = ()
    """Message ids from References and In-Reply-To, oldest first. An inline forward keeps those of
    the outer message; many clients put the original's id there."""
    written_at: datetime | None = None
    """Of the innermost message. Aware where a zone is written, else the writer's wall clock."""
    text: str
    """The innermost writer's own words, without quoted history and signature."""
    signature: str = ""
    quoted: str = ""
    """Earlier messages that were quoted below or between the writer's words."""
    owner_note: str | None = None
    """What the forwarding person wrote above the forward, without signature."""
    forward: Literal["inline", "attached"] | None = None
    forward_client: str | None = None
    """gmail, ios_mail, apple_mail, outlook, thunderbird, proton or unknown; None if attached."""
    attachments: tuple[Attachment, ...] = ()
    hidden_text: str = ""
    """Text of the mail that nobody could see. Never act on it; its presence is a warning."""
    defects: tuple[str, ...] = ()
    """What was wrong with the bytes, in plain words: "no sender", "broken attachment"."""
    automatic: bool = False
    """A machine wrote it: lists, bulk mail, absence notes, delivery failures."""
    full_text: str = ""
    """All that the outer message shows. Spans elsewhere point into `text`, not into this."""

    @property
    def is_unreadable(self) -> bool:
        """Whether the bytes are no mail at all, so that nothing in it may be taken for words."""
        return NO_MAIL in self.defects
