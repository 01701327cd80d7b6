"""How far the parts of one action are, counted in the database."""

from datetime import datetime

from memory.records.shape import Frozen


class Tally(Frozen):
    """The parts of one action, each counted once, by where it stands now."""

    total: int = 0
    sent: int = 0
    written: int = 0
    """Prepared as a file, for want of an account; nothing left."""
    leaving: int = 0
    """Past the last check, and not known yet how it ended."""
    waiting: int = 0
    """Not past the last check: it can still be held or taken back."""
    asking: int = 0
    """So late that the owner is asked again."""
    unsure: int = 0
    """Nobody can tell whether it left."""
    failed: int = 0
    cancelled: int = 0
    last_at: datetime | None = None
    """When the last one that is done was done, by its receipt."""
    trouble: str = ""
    """Why one that waits does not leave as planned, in the owner's words."""

    @property
    def done(self) -> int:
        """How many are done, sent or written."""
        return self.sent + self.written

    @property
    def open(self) -> int:
        """How many have not come to an end."""
        return self.leaving + self.waiting + self.asking + self.unsure

    def text(self, waiting: str) -> str:
        """The counts in words, as "3 sent, 9 to go".

        Args:
            waiting: What those that wait are called: "to go", "held".
        """
        counts = (
            (self.sent, "sent"),
            (self.written, "written, not sent"),
            (self.waiting + self.asking, waiting),
            (self.leaving, "leaving this very moment"),
            (self.unsure, "I can't tell yet"),
            (self.failed, "not sent"),
            (self.cancelled, "cancelled"),
        )
        return ", ".join(f"{count} {words}" for count, words in counts if count)
