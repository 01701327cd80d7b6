"""The shape every record shares: frozen, closed, comparable."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict


def _whole(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


Text = Annotated[str, AfterValidator(_whole)]
"""Text from outside. A phone that cuts a message may leave half a character at its end, which no
database takes; it becomes the sign for an unreadable one."""


class Frozen(BaseModel):
    """A plain, frozen value that refuses unknown keys.

    Whatever crosses a room's border is one of these. Sequences inside are tuples.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_timedelta="iso8601")
