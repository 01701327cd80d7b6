"""Where a value came from."""

from pydantic import Field

from memory.labels import Label
from memory.records.shape import Frozen


class Provenance(Frozen):
    """Who said a value, where, and how it was read."""

    source: str
    """Id of the Source it was read from."""
    label: Label
    span: tuple[int, int] | None = None
    """Character offsets in the source's own text; None when it is from a header or computed."""
    method: str = "rule"
    """How it was read: "owner", "header", "rule", "model"."""
    confidence: float = Field(default=1.0, ge=0, le=1)
