"""Looks at a company's database file from outside, whether anybody works in it or not."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

_MOST = 3
"""Faults that are told; more of them say nothing more."""


@dataclass(frozen=True)
class Soundness:
    """What was found."""

    faults: tuple[str, ...]
    """What the database's own check says is broken; empty for a sound one."""
    writable: bool
    newest: datetime | None
    """When the last entry of the ledger was made, by the company's own clock."""
    offset: timedelta
    """How far the company's clock was moved from the machine's; only a sample's is."""


def looked_at(file: Path) -> Soundness:
    """Check an SQLite file. Takes seconds for a large one, and changes nothing.

    Raises:
        OSError: It is no database, or can't be read at all.
    """
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as database:
            rows = database.execute(f"PRAGMA quick_check({_MOST})").fetchall()
            newest = database.execute("SELECT max(at) FROM ledger").fetchone()
            moved = database.execute("SELECT value FROM meta WHERE key = 'clock'").fetchone()
    except sqlite3.Error as error:
        raise OSError(str(error)) from error
    return Soundness(
        faults=tuple(str(row[0]) for row in rows if row[0] != "ok"),
        writable=_takes_writes(file),
        newest=_instant(newest[0]) if newest and newest[0] else None,
        offset=timedelta(seconds=float(moved[0])) if moved else timedelta(0),
    )


def _takes_writes(file: Path) -> bool:
    """Whether a write could begin; somebody else's that is under way is a good sign too."""
    with closing(sqlite3.connect(file, timeout=2.0, isolation_level=None)) as database:
        try:
            database.execute("BEGIN IMMEDIATE")
            database.execute("ROLLBACK")
        except sqlite3.OperationalError as error:
            return error.sqlite_errorcode == sqlite3.SQLITE_BUSY
    return True


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
