"""Files that are handed to the owner: whole, or not there at all."""

import os
from pathlib import Path


def put(place: Path, content: bytes) -> None:
    """Write a file so that nobody ever finds a part of it.

    Raises:
        OSError: The disk did not take it; nothing is there.
    """
    draft = place.with_name(place.name + ".draft")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(place)
