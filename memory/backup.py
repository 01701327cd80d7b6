"""A copy of everything, taken while the company works, and tried before anybody trusts it."""

import asyncio
import contextlib
import shutil
import sqlite3
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from memory.company import database_url
from memory.config import Config
from memory.errors import Refused, Unavailable
from memory.ledger import Ledger
from memory.schema import backup
from memory.store import sqlite_file

DATABASE = "steward.db"
"""The name of the database in a copy."""
COPIED = "copy"
"""Key in `meta` of a database that is a copy: whoever begins from it must know."""


def back_up(config: Config, data: Path, target: Path | None, now: datetime) -> Path:
    """Copy database and files into a new folder, and try whether the copy can be restored.

    Args:
        target: The folder to make; None makes one under DATA/backups.

    Raises:
        Refused: There is nothing to copy, or the target is there already.
        Unavailable: The disk did not take all of it, or the copy can't be restored, and none is
            left; or it is there, and what it holds was changed behind our back.
    """
    file = sqlite_file(database_url(config, data))
    if file is None or not file.exists():
        raise Refused(f"There is no company in {data}.", hint="Name its folder with --data.")
    place = target or data / "backups" / f"{now:%Y%m%d-%H%M%S}"
    if place.exists():
        raise Refused(f"{place} is there already.", hint="Name a new folder.")
    try:
        place.mkdir(parents=True)
        before = _counts(file)
        backup(file, place / DATABASE)
        after = _counts(file)
        if (data / "blobs").exists():
            shutil.copytree(data / "blobs", place / "blobs")
    except (OSError, sqlite3.Error) as error:
        # half a copy would be trusted on the day it is needed
        shutil.rmtree(place, ignore_errors=True)
        raise Unavailable(
            "The disk did not take the copy.", hint="Free some space, or name another folder."
        ) from error
    wrong = faults(place, between=(before, after))
    if wrong:
        shutil.rmtree(place, ignore_errors=True)
        raise Unavailable(
            f"The copy can't be restored: {wrong[0]}",
            hint="Look whether the disk is sound, then run steward backup.",
        )
    try:
        _mark(place / DATABASE)
    except sqlite3.Error as error:
        shutil.rmtree(place, ignore_errors=True)
        raise Unavailable("The disk did not take the copy.", hint="Free some space.") from error
    if changed(place, Ledger.with_key_in(data)):
        # it is still the best copy there is, so it stays
        raise Unavailable(
            "The copy is made, but something in it was changed from outside.",
            hint="Run steward ledger verify; it says what.",
        )
    return place


def _mark(file: Path) -> None:
    """Let a copy say that it is one."""
    with contextlib.closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, '1')", (COPIED,))


def faults(
    place: Path,
    *,
    between: tuple[dict[str, int], dict[str, int]] | None = None,
) -> tuple[str, ...]:
    """Why a copy could not be restored, one sentence each; opened read-only.

    Args:
        between: How many rows each table had before and after the copying: the copy lies between.
    """
    file = place / DATABASE
    try:
        with _opened(file) as connection:
            said = [row[0] for row in connection.execute("PRAGMA integrity_check")]
        copied = _counts(file)
    except sqlite3.Error as error:
        return (f"the database can't be opened ({error}).",)
    if said != ["ok"]:
        return (f"the database is damaged ({said[0]}).",)
    return tuple(
        f"{name} has {copied.get(name, 0)} rows instead of {after}."
        for name, after in (between[1] if between else {}).items()
        if not _lies_between(copied.get(name, -1), between[0].get(name, 0) if between else 0, after)
    )


def changed(place: Path, ledger: Ledger) -> tuple[str, ...]:
    """What in a copy is not as its ledger says, one sentence each.

    Args:
        ledger: With the key of the company it is a copy of.
    """
    address = f"sqlite+aiosqlite:///{(place / DATABASE).absolute().as_uri()}?mode=ro&uri=true"

    async def look() -> tuple[str, ...]:
        engine = create_async_engine(address)
        try:
            async with engine.connect() as connection:
                return await ledger.faults(connection)
        except DBAPIError:
            return ("The ledger can't be read.",)
        finally:
            await engine.dispose()

    # in a loop of its own: the caller may be in one
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, look()).result()


def _lies_between(number: int, first: int, last: int) -> bool:
    return min(first, last) <= number <= max(first, last)


def _counts(file: Path) -> dict[str, int]:
    """How many rows each table has."""
    with _opened(file) as connection:
        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'search%'"
        )
        return {
            name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 - our own tables' names
            for (name,) in names.fetchall()
        }


@contextlib.contextmanager
def _opened(file: Path) -> Generator[sqlite3.Connection]:
    connection = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)
    try:
        yield connection
    finally:
        connection.close()
