"""A database is looked at from outside: sound, damaged, not writable."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from memory.clock import WallClock
from memory.schema import upgrade
from memory.soundness import looked_at


@pytest.fixture
def database(tmp_path: Path) -> Path:
    file = tmp_path / "steward.db"
    upgrade(f"sqlite+aiosqlite:///{file}", tmp_path / "backups", WallClock().now())
    return file


def test_a_fresh_company_is_sound(database: Path):
    found = looked_at(database)

    assert found.faults == ()
    assert found.writable
    assert found.newest is None
    assert found.offset == timedelta(0)


def test_the_newest_entry_and_a_moved_clock_are_told(database: Path):
    with sqlite3.connect(database) as connection:
        connection.execute("INSERT INTO meta VALUES ('clock', '3600.0')")
        zero = "0" * 64
        entry = (1, "2026-03-10T09:00:00.000000Z", *("x",) * 7, zero, "h", "m")
        connection.execute(f"INSERT INTO ledger VALUES ({','.join('?' * 12)})", entry)
    connection.close()

    found = looked_at(database)

    assert found.newest == datetime(2026, 3, 10, 9, tzinfo=UTC)
    assert found.offset == timedelta(hours=1)


def test_damage_is_told(database: Path):
    with database.open("r+b") as raw:
        raw.seek(database.stat().st_size // 2)
        raw.write(b"\xff" * 8192)

    try:
        faults = looked_at(database).faults
    except OSError:
        faults = ("unreadable",)

    assert faults


def test_what_is_no_database_is_told(tmp_path: Path):
    file = tmp_path / "steward.db"
    file.write_text("this is a letter, not a database " * 100)

    with pytest.raises(OSError, match="not a database"):
        looked_at(file)


def test_somebody_elses_write_is_no_fault(database: Path):
    busy = sqlite3.connect(database, isolation_level=None)
    busy.execute("BEGIN IMMEDIATE")

    found = looked_at(database)

    busy.execute("ROLLBACK")
    busy.close()
    assert found.writable
