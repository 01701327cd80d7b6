"""Store: told "kept" means on the disk, told "not kept" means nowhere."""

import asyncio
import gc
import sqlite3
import threading
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from memory import tables
from memory.errors import Refused, Unavailable
from memory.store import Store, sqlite_file, translated
from tests.memory.given import a_company, a_stranger_at, remember, remembered

Work = Callable[[AsyncConnection], Awaitable[str]]


def remembers(key: str, value: str = "x") -> Work:
    async def work(connection: AsyncConnection) -> str:
        return await remember(connection, key, value)

    return work


def refuses_after(key: str) -> Work:
    async def work(connection: AsyncConnection) -> str:
        await remember(connection, key)
        raise Refused("No.")

    return work


async def leave_room_for(pages: int, company_store: Store) -> None:
    async def work(connection: AsyncConnection) -> None:
        present = await connection.scalar(text("PRAGMA page_count"))
        await connection.execute(text(f"PRAGMA max_page_count = {(present or 0) + pages}"))

    await company_store.write(work)


async def test_whoever_gets_an_answer_is_on_the_disk(data: Path):
    seen: list[bool] = []

    async def one(store: Store, key: str) -> None:
        kept = await store.write(remembers(key))
        seen.append(kept in remembered(data))

    async with a_company(data) as company:
        await asyncio.gather(*(one(company.store, f"key {number}") for number in range(64)))

    assert seen == [True] * 64


async def test_one_failure_takes_back_only_itself(data: Path):
    async with a_company(data) as company:
        answers = await asyncio.gather(
            company.store.write(remembers("before")),
            company.store.write(refuses_after("refused")),
            company.store.write(remembers("after")),
            return_exceptions=True,
        )

    assert [type(answer) for answer in answers] == [str, Refused, str]
    assert remembered(data) >= {"before", "after"}
    assert "refused" not in remembered(data)


async def test_a_failure_that_is_alone_leaves_nothing(data: Path):
    async with a_company(data) as company:
        with pytest.raises(Refused):
            await company.store.write(refuses_after("refused"))
        await company.store.write(remembers("next"))

    assert "refused" not in remembered(data)
    assert "next" in remembered(data)


async def test_a_broken_rule_of_the_database_is_told_as_it_is(data: Path):
    async with a_company(data) as company:
        await company.store.write(remembers("once"))
        with pytest.raises(DBAPIError, match="UNIQUE"):
            await company.store.write(remembers("once"))


@pytest.mark.parametrize("company_in_the_group", [0, 9])
async def test_a_full_disk_tells_nobody_that_it_was_kept(data: Path, company_in_the_group: int):
    async with a_company(data) as company:
        await leave_room_for(10, company.store)
        answers = await asyncio.gather(
            *(company.store.write(remembers(f"s{n}")) for n in range(company_in_the_group)),
            company.store.write(remembers("large", "x" * 200_000)),
            *(company.store.write(remembers(f"t{n}")) for n in range(company_in_the_group)),
            return_exceptions=True,
        )

    kept = {answer for answer in answers if isinstance(answer, str)}
    refused = [answer for answer in answers if not isinstance(answer, str)]
    assert all(isinstance(answer, Unavailable) for answer in refused)
    assert refused
    assert (
        remembered(data) & {"large", *(f"s{n}" for n in range(9)), *(f"t{n}" for n in range(9))}
        == kept
    )


async def test_after_a_full_disk_small_things_are_kept_again(data: Path):
    async with a_company(data) as company:
        await leave_room_for(10, company.store)
        with pytest.raises(Unavailable, match="disk is full"):
            await company.store.write(remembers("large", "x" * 200_000))
        await company.store.write(remembers("small"))

    assert "small" in remembered(data)


async def test_told_busy_means_that_it_never_happens(data: Path):
    with a_stranger_at(data) as stranger:
        async with a_company(data) as company:
            stranger.execute("BEGIN IMMEDIATE")
            with pytest.raises(Unavailable, match="busy"):
                await company.store.write(remembers("too late"), within_s=0.2)
            patient = asyncio.ensure_future(company.store.write(remembers("patient")))
            await asyncio.sleep(0)
            stranger.execute("ROLLBACK")
            await patient

    assert "too late" not in remembered(data)
    assert "patient" in remembered(data)


async def test_one_who_gave_up_does_not_take_the_others_along(data: Path):
    with a_stranger_at(data) as stranger:
        async with a_company(data) as company:
            stranger.execute("BEGIN IMMEDIATE")
            patient = asyncio.ensure_future(company.store.write(remembers("patient")))
            with pytest.raises(Unavailable):
                await company.store.write(remembers("hasty"), within_s=0.1)
            stranger.execute("ROLLBACK")
            await patient

    assert remembered(data) & {"hasty", "patient"} == {"patient"}


async def test_work_that_has_begun_is_waited_for(data: Path):
    begun = asyncio.Event()

    async def slow(connection: AsyncConnection) -> str:
        begun.set()
        await connection.execute(text(SLOW))
        return await remember(connection, "slow")

    async with a_company(data) as company:
        assert await company.store.write(slow, within_s=0.05) == "slow"

    assert begun.is_set()
    assert "slow" in remembered(data)


SLOW = """
    WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 1500000)
    SELECT count(*) FROM number
"""


async def test_a_writer_who_was_stopped_while_waiting_writes_nothing(data: Path):
    with a_stranger_at(data) as stranger:
        async with a_company(data) as company:
            stranger.execute("BEGIN IMMEDIATE")
            stopped = asyncio.ensure_future(company.store.write(remembers("stopped")))
            await asyncio.sleep(0.05)
            stopped.cancel()
            await asyncio.wait((stopped,))
            stranger.execute("ROLLBACK")
            await company.store.write(remembers("next"))

    assert remembered(data) & {"stopped", "next"} == {"next"}


async def test_a_lock_that_outlasts_our_patience_is_told_as_busy(data: Path):
    with a_stranger_at(data) as stranger:
        async with a_company(data, busy_s=0.2) as company:
            stranger.execute("BEGIN IMMEDIATE")
            with pytest.raises(Unavailable, match="busy"):
                await company.store.write(remembers("locked out"))
            stranger.execute("ROLLBACK")
            await company.store.write(remembers("next"))

    assert remembered(data) & {"locked out", "next"} == {"next"}


async def test_readers_cannot_write(data: Path):
    async with a_company(data) as company, company.store.read() as connection:
        with pytest.raises(DBAPIError, match="readonly"):
            await connection.execute(insert(tables.meta).values(key="a", value="b"))


async def test_a_reader_sees_one_moment(data: Path):
    query = text("SELECT count(*) FROM meta")
    async with a_company(data) as company:
        async with company.store.read() as connection:
            before = await connection.scalar(query)
            await company.store.write(remembers("meanwhile"))
            assert await connection.scalar(query) == before
        async with company.store.read() as connection:
            assert await connection.scalar(query) == (before or 0) + 1


async def test_a_commit_survives_a_power_cut(data: Path):
    async def settings(connection: AsyncConnection) -> tuple[object, object]:
        journal = await connection.scalar(text("PRAGMA journal_mode"))
        return journal, await connection.scalar(text("PRAGMA synchronous"))

    async with a_company(data) as company:
        assert await company.store.write(settings) == ("wal", 2)


async def test_the_clock_follows_the_offset_in_the_database(data: Path):
    async with a_company(data) as company:
        await company.store.write(remembers("clock", "61.0"))
        await company.store.read_clock()

        assert company.store.clock.offset == timedelta(seconds=61)


async def test_what_ends_the_work_comes_out_as_it_is(data: Path):
    with pytest.raises(Refused, match="Enough"):
        async with a_company(data):
            raise Refused("Enough.")


async def test_what_waits_at_the_end_is_still_written(data: Path):
    async with a_company(data) as company:
        last = asyncio.ensure_future(company.store.write(remembers("last")))
        await asyncio.sleep(0)

    assert await last == "last"
    assert "last" in remembered(data)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("database is locked", "busy"),
        ("database table is locked", "busy"),
        ("database or disk is full", "disk is full"),
        ("disk I/O error", "can't write to my folder"),
        ("attempt to write a readonly database", "can't write to my folder"),
        ("unable to open database file", "can't write to my folder"),
    ],
)
def test_what_the_database_says_is_told_in_plain_words(said: str, told: str):
    trouble = translated(DBAPIError("", None, sqlite3.OperationalError(said)))

    assert isinstance(trouble, Unavailable)
    assert told in trouble.sentence


def test_what_is_not_the_databases_fault_stays_as_it_is():
    own = ValueError("disk is full")
    unique = DBAPIError("", None, sqlite3.IntegrityError("UNIQUE constraint failed: x.full"))

    assert translated(own) is own
    assert translated(unique) is unique


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("sqlite+aiosqlite:////data/steward.db", Path("/data/steward.db")),
        ("postgresql+asyncpg://host/steward", None),
    ],
)
def test_only_sqlite_has_a_file(url: str, file: Path | None):
    assert sqlite_file(url) == file


# ---------------------------------------------------------------- readers that give up


async def read_one(store: Store) -> None:
    async with store.read() as connection:
        await connection.scalar(text("SELECT 1"))


def database_threads() -> list[threading.Thread]:
    return [one for one in threading.enumerate() if "_connection_worker_thread" in one.name]


@pytest.mark.parametrize("times", [1, 2, 3], ids=["once", "twice", "three times"])
@pytest.mark.filterwarnings("error::ResourceWarning")
async def test_a_reader_that_is_cancelled_at_any_moment_leaves_nothing_behind(
    data: Path, times: int
):
    given_up = 0
    for moment in range(24):
        async with a_company(data) as company:
            readers = [asyncio.create_task(read_one(company.store)) for _ in range(4)]
            await asyncio.sleep(moment / 2000)
            for _ in range(times):
                for reader in readers:
                    reader.cancel()
                await asyncio.sleep(0)
            await asyncio.wait(readers)
            given_up += sum(one.cancelled() for one in readers)
        left = asyncio.all_tasks() - {asyncio.current_task()}
        async with asyncio.timeout(5):
            await asyncio.gather(*left, return_exceptions=True)
        assert database_threads() == []
    gc.collect()

    assert given_up > 24


@pytest.mark.filterwarnings("error::ResourceWarning")
async def test_a_reader_that_outlives_the_store_keeps_no_connection(data: Path):
    reads = asyncio.Event()

    async def read_on(store: Store) -> None:
        async with store.read() as connection:
            await connection.scalar(text("SELECT 1"))
            reads.set()
            await asyncio.Event().wait()

    async with a_company(data) as company:
        reader = asyncio.create_task(read_on(company.store))
        await reads.wait()
        assert database_threads()

    assert database_threads() == []
    reader.cancel()
    await asyncio.wait((reader,))
    gc.collect()
