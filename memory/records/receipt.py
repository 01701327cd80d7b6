"""Proof of what became of an action."""

from datetime import datetime
from typing import Literal

from memory.records.shape import Frozen


class Receipt(Frozen):
    """The other side's answer. Only this makes a chat line say "sent" or "done"."""

    outcome: Literal["filed", "sent", "written", "owner_sent", "created"]
    """"written" means a text was prepared and nothing left; "owner_sent" is the owner's word."""
    at: datetime
    message_id: str | None = None
    answer: str = ""
    """What the server said, as it said it."""
    path: str | None = None
    """Where a written file lies, below the data folder."""
