"""Seeing that a folder's own entries are on the disk: a new name, or one that was taken over."""

import os
from pathlib import Path


def settle(folder: Path) -> None:
    """Bring a folder's entries onto the disk.

    Raises:
        OSError: The disk did not take it.
    """
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
