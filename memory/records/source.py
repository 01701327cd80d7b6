"""What came in, as it came."""

from datetime import datetime

from memory.labels import Label
from memory.records.shape import Frozen


class File(Frozen):
    """A file that came with a Source; its bytes are kept under their digest."""

    name: str
    media_type: str
    size_bytes: int
    digest: str
    """SHA-256 of the bytes, hex."""


class Source(Frozen):
    """One message, mail, press of a hook or tick of the clock, exactly as it arrived."""

    id: str
    channel: str
    """The door: "local", "telegram", "mailbox", "script", "clock"."""
    native_id: str
    """The door's own name for it; the same pair of channel and native id is the same Source."""
    chat: str
    """Where answers go, in the door's own words."""
    sender: str
    label: Label
    text: str
    files: tuple[File, ...] = ()
    forwarded: bool = False
    """Passed on by the owner: not the owner's words."""
    reply_to: str | None = None
    """Id of the Notice this answers; None when it stands alone."""
    received_at: datetime
