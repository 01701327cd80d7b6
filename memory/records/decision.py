"""The owner's press or words about an action."""

from enum import StrEnum

from memory.records.shape import Frozen, Text


class Verb(StrEnum):
    """What the owner may decide."""

    APPROVE = "approve"
    EDIT = "edit"
    REJECT = "reject"
    TAKE = "take"
    UNDO = "undo"
    UNDO_ONE = "undo_one"
    SEND = "send"
    """Send a cancelled or late one after all, or one more time after doubt."""
    SENT = "sent"
    """"It was sent", or "I sent it myself"."""
    CANCEL = "cancel"
    RETRY = "retry"
    CHOOSE = "choose"
    WHY = "why"
    SHOW = "show"
    COPY = "copy"
    CONNECT = "connect"
    OPEN = "open"
    SKIP = "skip"
    STOP = "stop"
    """Nothing leaves from now on."""
    RESUME = "resume"


class Decision(Frozen):
    """One press or typed decision, as a door hands it over."""

    notice: str
    """Id of the Notice the owner looked at."""
    verb: Verb
    door: str
    actor: str
    """The door's own id of the person."""
    revision: int | None = None
    """What the owner saw; None when typed without looking at a card."""
    digest: str | None = None
    text: Text = ""
    choice: int | None = None
    """Which of the question's choices."""
    native_id: Text = ""
    """The door's own name for the press; the same press twice decides once."""


class Outcome(Frozen):
    """What became of a decision."""

    accepted: bool
    text: str
    """One line for the owner."""
    action: str | None = None
    state: str | None = None
    notice: str | None = None
    """A notice that answers the press, when it made one."""
