"""A change to the company's own memory, as data."""

from datetime import datetime

from pydantic import Field, JsonValue

from memory.records.kept import Kept
from memory.records.provenance import Provenance
from memory.records.shape import Frozen


class Change(Frozen):
    """One record, as it will be; and as it was, so that undo needs nobody's memory."""

    record: str
    """Record id."""
    kind: str
    key: str
    title: str
    data: dict[str, JsonValue] | None
    """The whole new data; None takes the record back."""
    before: dict[str, JsonValue] | None = None
    """The whole data it replaces; None when the record is new."""
    base: int = 0
    """Version it replaces; 0 when the record is new. Another version there makes it stale."""
    valid_from: datetime | None = None
    """Since or from when it is true, aware; None means from the moment it is recorded."""
    provenance: dict[str, Provenance] = Field(default_factory=dict)
    """Field name to origin."""
    author: str = ""
    """agent@version that thought of it; empty means the action's own agent."""

    @classmethod
    def to(
        cls,
        kept: Kept,
        *,
        was: "Version | None" = None,
        valid_from: datetime | None = None,
        provenance: dict[str, Provenance] | None = None,
    ) -> "Change":
        """The change that makes a record be `kept`."""
        return cls(
            record=was.record if was else kept.record_id(),
            kind=kept.kind,
            key=was.key if was else kept.key(),
            title=kept.title(),
            data=kept.data(),
            before=was.data if was else None,
            base=was.version if was else 0,
            valid_from=valid_from,
            provenance=provenance or {},
        )

    def inverse(self) -> "Change":
        """The change that takes this one back: history grows, the data returns."""
        return self.model_copy(
            update={"data": self.before, "before": self.data, "base": self.base + 1}
        )


class Version(Frozen):
    """One version of a record as it was recorded."""

    record: str
    kind: str
    key: str
    version: int
    data: dict[str, JsonValue] | None
    """None when this version took the record back."""
    valid_from: datetime
    recorded_at: datetime
    author: str
    """"owner" or agent@version."""
    action: str | None
    """Id of the action that wrote it."""
    sources: tuple[str, ...]
    rationale: str
    provenance: dict[str, Provenance]
