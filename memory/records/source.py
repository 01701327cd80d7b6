"""What came in, as it came."""

from datetime import datetime

from memory.labels import Label
from memory.records.shape import Frozen, Text


class File(Frozen):
    """A file that came with a Source; its bytes are kept under their digest."""

    name: Text
    media_type: Text
    size_bytes: int
    digest: str
    """SHA-256 of the bytes, hex."""


class Source(Frozen):
    """One message, mail, press of a hook or tick of the clock, exactly as it arrived."""

    id: str
    channel: str
    """The door: "local", "telegram", "mailbox", "script", "clock"."""
    native_id: Text
    """The door's own name for it; the same pair of channel and native id is the same Source."""
    chat: Text
    """Where answers go, in the door's own words."""
    sender: Text
    label: Label
    text: Text
    files: tuple[File, ...] = ()
    forwarded: bool = False
    """Passed on by the owner: not the owner's words."""
    reply_to: str | None = None
    """Id of the Notice this answers; None when it stands alone."""
    received_at: datetime
