"""One effect on its way through the state machine."""

from datetime import datetime
from enum import StrEnum

from pydantic import SerializeAsAny, field_validator

from memory.records.change import Change
from memory.records.effect import Effect
from memory.records.kinds import effect_of
from memory.records.receipt import Receipt
from memory.records.shape import Frozen

FROM_A_COPY = "I began again from a copy"
"""How the trouble of an action begins that may have left since the copy was made."""


class State(StrEnum):
    """Where an action stands."""

    PROPOSED = "proposed"
    REFUSED = "refused"
    AWAITING = "awaiting"
    APPROVED = "approved"
    REJECTED = "rejected"
    TAKEN = "taken"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    HELD = "held"
    READY = "ready"
    CLAIMED = "claimed"
    COMMITTING = "committing"
    DONE = "done"
    FAILED = "failed"
    RETRY_WAIT = "retry_wait"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"
    COMPENSATING = "compensating"
    COMPENSATED = "compensated"


class Action(Frozen):
    """One revision of one effect on its way through the state machine."""

    id: str
    revision: int
    source: str
    run: str
    agent: str
    """agent@version that suggested it."""
    heading: str
    effect: SerializeAsAny[Effect]
    then: tuple[Change, ...]
    rationale: str
    path: str
    """Who read and wrote it, for example "rules"."""
    cost_micro: int
    state: State
    version: int
    """Grows with every change of state."""
    digest: str
    """What an approval binds: effect, consequences, hold and lines of this revision."""
    key: str
    """Idempotency key, the same for every attempt at this revision."""
    compensates: str | None
    """Id of the action that this one answers."""
    created_at: datetime
    expires_at: datetime | None
    hold_until: datetime | None
    due_at: datetime | None
    """Next moment the worker should look at it."""
    late_since: datetime | None
    """When it should have left, once it is so late that the owner is asked again."""
    approved_by: str | None
    """Door and person, for example "telegram 111"."""
    approved_at: datetime | None
    fence: int
    attempts: int
    trouble: str
    """Why it waits or failed, in the owner's words."""
    hint: str = ""
    """What the owner can do about the trouble."""
    receipt: Receipt | None
    part_of: str | None = None
    """Id of the action that it is one part of: under one yes, on one card."""
    part_revision: int | None = None
    """Which revision of that action."""

    @property
    def kind(self) -> str:
        """The kind of its effect."""
        return self.effect.kind

    @field_validator("effect", mode="before")
    @classmethod
    def _by_kind(cls, value: object) -> object:
        return effect_of(value)
