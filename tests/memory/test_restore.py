"""Restore: a copy takes the database's place, and nothing of what was there is lost."""

import asyncio
import fcntl
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from memory.audit import audited
from memory.backup import COPIED, back_up
from memory.blobs import Blobs
from memory.config import Config, Storage
from memory.errors import Refused, Unavailable
from memory.records.kinds import kept_of
from memory.restore import restore
from memory.revisions import every
from tests.memory.given import (
    NOW,
    a_company,
    a_disk_that_is_full_after,
    a_stranger_at,
    an_hourly_rate,
    days,
    file,
)

LATER = NOW + days(1)
OLD, NEW = "Price: hourly, 85 EUR an hour", "Price: hourly, 95 EUR an hour"


@pytest.fixture
async def copy(data: Path, tmp_path: Path) -> Path:
    """A copy from before the rate went up."""
    async with a_company(data) as company:
        first = await file(company, an_hourly_rate("85"))
        company.blobs.put(b"a letter")
        place = back_up(Config(), data, tmp_path / "copy", NOW)
        await file(company, an_hourly_rate("95"), was=first, now=LATER)
        company.blobs.put(b"a newer letter")
    return place


async def rates(data: Path) -> list[str]:
    async with a_company(data) as company, company.store.read() as connection:
        found = await every(connection, "rate")
    return [kept_of(one.kind, one.data).line() for one in found]


async def test_everything_is_as_it_was_and_what_was_there_is_kept(data: Path, copy: Path):
    now = await rates(data)

    done = await in_thread(data, copy)

    assert (await rates(data), now) == ([OLD], [NEW])
    assert (done.at, done.proved) == (NOW, True)
    kept = data / "backups" / "before-restore-20260311-090000"
    assert done.kept == kept
    assert await rates(kept) == now
    assert Blobs(data / "blobs").get(Blobs(copy / "blobs").put(b"a letter")) == b"a letter"
    assert Blobs(data / "blobs").get(Blobs(data / "blobs").put(b"a newer letter"))


async def in_thread(data: Path, copy: Path, config: Config | None = None):
    """The command has no loop of its own around it."""
    return await asyncio.to_thread(restore, config or Config(), data, copy, LATER)


async def test_what_is_restored_says_that_it_is_a_copy(data: Path, copy: Path):
    await in_thread(data, copy)

    with a_stranger_at(data) as stranger:
        query = "SELECT value FROM meta WHERE key = ?"
        assert stranger.execute(query, (COPIED,)).fetchall() == [("1",)]


async def test_a_database_file_alone_is_a_copy_too(data: Path, copy: Path, tmp_path: Path):
    done = await in_thread(tmp_path / "new", copy / "steward.db")

    assert await rates(tmp_path / "new") == [OLD]
    assert done.kept is None


async def test_a_ledger_of_another_key_is_vouched_for_and_said(copy: Path, tmp_path: Path):
    done = await in_thread(tmp_path / "new", copy)

    assert not done.proved
    async with a_company(tmp_path / "new") as company:
        assert (await audited(company)).faults == ()
        with a_stranger_at(tmp_path / "new") as stranger:
            stranger.execute("DROP TRIGGER ledger_never_changes")
            stranger.execute("UPDATE ledger SET actor = 'mallory' WHERE seq = 1")
        assert "Entry 1 was changed" in (await audited(company)).faults[0]


async def test_the_seals_of_another_ledger_are_put_aside(data: Path, copy: Path):
    async with a_company(data) as company:
        company.anchors.drop(1, "a" * 64, NOW)
    (data / "ledger.key").unlink()

    done = await in_thread(data, copy)

    assert not done.proved
    assert (data / "anchors-before-20260311-090000.jsonl").exists()
    async with a_company(data) as company:
        assert (await audited(company)).faults == ()


async def test_nothing_is_restored_while_somebody_works(data: Path, copy: Path):
    (data / "workers").mkdir()
    for name in ("steward.lock", "workers/wrk_1"):
        with (data / name).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with pytest.raises(Refused, match="works in"):
                await in_thread(data, copy)
    assert await rates(data) == [NEW]


@pytest.mark.parametrize("left", [0, 5000, 20_000])
async def test_a_damaged_copy_is_refused_and_nothing_replaced(data: Path, copy: Path, left: int):
    raw = (copy / "steward.db").read_bytes()
    (copy / "steward.db").write_bytes(raw[:left] + b"x" * (len(raw) - left))

    with pytest.raises(Refused, match="can't be restored"):
        await in_thread(data, copy)

    assert await rates(data) == [NEW]
    assert not (data / "backups" / "restoring").exists()


async def test_a_damaged_database_is_no_reason_against_a_copy(data: Path, copy: Path):
    raw = (data / "steward.db").read_bytes()
    (data / "steward.db").write_bytes(b"x" * len(raw))

    done = await in_thread(data, copy)

    assert await rates(data) == [OLD]
    assert done.kept is not None
    assert (done.kept / "steward.db").read_bytes() == b"x" * len(raw)


async def test_a_disk_that_is_full_leaves_everything(data: Path, copy: Path):
    with a_disk_that_is_full_after(8000), pytest.raises(Unavailable, match="nothing was replaced"):
        await in_thread(data, copy)

    assert await rates(data) == [NEW]


async def test_a_copy_of_an_older_version_is_migrated(data: Path, copy: Path):
    with closing(sqlite3.connect(copy / "steward.db")) as older:
        for (name,) in older.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            older.execute(f"DROP TRIGGER {name}")
        older.execute("DROP TABLE allowed_transition")
        older.execute("ALTER TABLE action DROP COLUMN moved_by")
        older.execute("UPDATE alembic_version SET version_num = '0005'")
        older.commit()

    await in_thread(data, copy)

    assert await rates(data) == [OLD]


async def test_what_is_no_copy_is_refused(data: Path, tmp_path: Path):
    with pytest.raises(Refused, match="no copy in"):
        await in_thread(data, tmp_path / "nowhere")
    server = Config(storage=Storage(database_url="postgresql+asyncpg://x/y"))
    with pytest.raises(Refused, match="server of its own"):
        await in_thread(data, tmp_path, server)
