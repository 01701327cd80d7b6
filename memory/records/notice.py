"""Something the owner should see."""

from datetime import datetime
from typing import Literal

from memory.records.action import Action
from memory.records.proposal import Question
from memory.records.shape import Frozen
from memory.records.standstill import Standstill
from memory.records.tally import Tally


class Notice(Frozen):
    """Something the owner should see. A card follows its action; a line stays as it is."""

    id: str
    kind: Literal["line", "card", "question", "stop"]
    """A stop tells of everything that is held."""
    text: str
    """What to say; empty for a card, which words itself from its action."""
    action: str | None = None
    revision: int | None = None
    """Which revision of the action it shows."""
    source: str | None = None
    run: str | None = None
    """The run that asks, for a question."""
    question: Question | None = None
    answered: str = ""
    """What a question was answered with; empty while it is open."""
    file: str | None = None
    """A file to hand over, below the data folder."""
    rings: bool = False
    created_at: datetime
    seq: int = 0
    """Order of creation."""
    stamp: int = 0
    """Grows over all notices whenever what a notice shows has changed."""


class Delivery(Frozen):
    """What one door shows of a notice."""

    notice: str
    door: str
    chat: str
    message: str | None
    """The door's own name for the message; None while it was never shown."""
    shown: str
    """Digest of what is shown."""
    attempts: int


class Shown(Frozen):
    """A notice with the present state of what it is about."""

    notice: Notice
    action: Action | None = None
    """The revision of the action that the notice shows, as it is now."""
    latest: int = 0
    """Number of the action's newest revision."""
    outdone: bool = False
    """Whether a later card shows the same revision: then only that one can be pressed."""
    again: bool = False
    """Whether an earlier card shows the same revision, with all that it says."""
    tally: Tally | None = None
    """How far the parts of the action are; None for an action without parts."""
    standstill: Standstill | None = None
    """What is held, for a notice that tells of a stop."""

    @property
    def bound(self) -> tuple[int | None, str | None]:
        """Revision and digest of what it shows: a button means that and nothing else."""
        if self.action is not None:
            return self.action.revision, self.action.digest
        return None, self.standstill.bound if self.standstill is not None else None
