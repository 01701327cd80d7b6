"""What travels through redis: JSON only, so that whoever can write there runs no code."""

import json
from typing import Any, cast


def to_json(job: dict[str, Any]) -> bytes:
    """A job as JSON; an exception of a failed one as its name."""
    return json.dumps(job, default=lambda value: type(value).__name__).encode()


def from_json(raw: bytes) -> dict[str, Any]:
    """A job out of JSON.

    Raises:
        ValueError: It is not one.
    """
    job: object = json.loads(raw)
    if isinstance(job, dict):
        return cast("dict[str, Any]", job)
    message = "not a job"
    raise ValueError(message)
