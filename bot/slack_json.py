"""What Slack sends, read without trusting its shape: what is missing or odd is empty."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

Json = Mapping[str, Any]


def part(data: Json, *names: str) -> Json:
    """The object under these names, one inside the other; empty when there is none."""
    for name in names:
        found: object = data.get(name)
        data = cast("Json", found) if isinstance(found, Mapping) else {}
    return data


def words(data: Json, name: str) -> str:
    """The text or number under a name; empty when there is none."""
    found = data.get(name)
    return str(found) if isinstance(found, str | int | float) else ""


def parts(data: Json, name: str) -> tuple[Json, ...]:
    """The objects in the list under a name."""
    found = data.get(name)
    if not isinstance(found, Sequence) or isinstance(found, str):
        return ()
    return tuple(
        cast("Json", one) for one in cast("Sequence[object]", found) if isinstance(one, Mapping)
    )
