"""The shape every record shares: frozen, closed, comparable."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """A plain, frozen value that refuses unknown keys.

    Whatever crosses a room's border is one of these. Sequences inside are tuples.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_timedelta="iso8601")
