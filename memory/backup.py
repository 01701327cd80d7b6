"""A copy of everything, taken while the company works."""

import shutil
import sqlite3
from datetime import datetime
from pathlib import Path

from memory.company import database_url
from memory.config import Config
from memory.errors import Refused, Unavailable
from memory.schema import backup
from memory.store import sqlite_file


def back_up(config: Config, data: Path, target: Path | None, now: datetime) -> Path:
    """Copy database and files into a new folder.

    Args:
        target: The folder to make; None makes one under DATA/backups.

    Raises:
        Refused: There is nothing to copy, or the target is there already.
        Unavailable: The disk did not take all of it; no half copy is left.
    """
    file = sqlite_file(database_url(config, data))
    if file is None or not file.exists():
        raise Refused(f"There is no company in {data}.", hint="Name its folder with --data.")
    place = target or data / "backups" / f"{now:%Y%m%d-%H%M%S}"
    if place.exists():
        raise Refused(f"{place} is there already.", hint="Name a new folder.")
    try:
        place.mkdir(parents=True)
        backup(file, place / "steward.db")
        if (data / "blobs").exists():
            shutil.copytree(data / "blobs", place / "blobs")
    except (OSError, sqlite3.Error) as error:
        # half a copy would be trusted on the day it is needed
        shutil.rmtree(place, ignore_errors=True)
        raise Unavailable(
            "The disk did not take the copy.", hint="Free some space, or name another folder."
        ) from error
    return place
