"""The one database: a writer that commits in groups, and readers that never write."""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TypeVar, cast

import aiosqlite
from sqlalchemy import Connection, event, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from memory import driver, tables
from memory.clock import WallClock, monotonic_s
from memory.errors import Unavailable
from memory.turn import Turn

T = TypeVar("T")

_GROUP = 128
"""At most this many operations share one commit."""

_TURN_S = 0.02
"""So long a group goes on with one more operation; then other processes may write."""

_FULL = "The disk is full, so I can't keep anything new. Free some space first."
_GONE = "I can't write to my folder. Please look at its disk and who may write there."
_BUSY = "My memory is busy. Please send it again in a moment."


@dataclass
class _Waiting:
    work: Callable[[AsyncConnection], Awaitable[object]]
    answer: asyncio.Future[object]
    begun: bool = False
    """Whether its first statement may have run: from then on only the disk decides."""
    result: object = None
    error: Exception | None = None


class Store:
    """The company's memory in one database.

    Every write is one operation on the writer's connection; operations that wait at the same
    time share one commit, each in its own savepoint, and each gets its answer only after the
    commit reached the disk. Operations never wait for a network or a model.
    """

    def __init__(self, database_url: str, clock: WallClock, *, busy_s: float = 10.0) -> None:
        self.clock = clock
        self._writer = _engine(database_url, writes=True, busy_s=busy_s)
        self._readers = _engine(database_url, writes=False, busy_s=busy_s)
        self._queue: asyncio.Queue[_Waiting | None] = asyncio.Queue()
        self._turn = Turn(sqlite_file(database_url), patience_s=busy_s)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncGenerator["Store"]:
        """The store while its writer is at work; what the body raises comes out as it is."""
        trouble: Exception | None = None
        try:
            await self.read_clock()
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._serve())
                try:
                    yield self
                except Exception as error:  # noqa: BLE001 - the group would wrap it; raised below
                    trouble = error
                finally:
                    self._queue.put_nowait(None)
        finally:
            self._turn.close()
            await self._writer.dispose()
            await self._readers.dispose()
        if trouble is not None:
            raise trouble

    async def write(
        self, work: Callable[[AsyncConnection], Awaitable[T]], *, within_s: float | None = None
    ) -> T:
        """Run `work` in a transaction and answer after its commit.

        Args:
            work: Reads and writes through the connection it is given, and nothing else.
            within_s: How long to wait for the database; None waits as long as it takes.
                Work that has not begun by then never will. Work that has begun is waited for,
                since only its commit is left.

        Raises:
            Unavailable: The database is full, locked or gone; nothing was written.
        """
        waiting = _Waiting(work, asyncio.get_running_loop().create_future())
        self._queue.put_nowait(waiting)
        try:
            await asyncio.wait((waiting.answer,), timeout=within_s)
        except asyncio.CancelledError:
            waiting.answer.cancel()
            raise
        if not waiting.answer.done() and not waiting.begun:
            waiting.answer.cancel()
            raise Unavailable(_BUSY)
        return cast("T", await waiting.answer)

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncGenerator[AsyncConnection]:
        """A connection that sees one moment of the database and cannot write."""
        async with self._readers.begin() as connection:
            yield connection

    async def read_clock(self) -> None:
        """Take over the clock offset that the database holds."""
        async with self.read() as connection:
            await read_offset(connection, self.clock)

    async def _serve(self) -> None:
        while True:
            first = await self._queue.get()
            if first is None:
                return
            group = [first]
            last = False
            while len(group) < _GROUP and not self._queue.empty():
                following = self._queue.get_nowait()
                if following is None:
                    last = True
                    break
                group.append(following)
            while group:
                group = await self._commit(group)
            if last:
                return

    async def _commit(self, group: list[_Waiting]) -> list[_Waiting]:
        """Run a group of operations and answer each, after one commit for all of them.

        Returns:
            Those that were left for the next turn, so that other processes get theirs.
        """
        done: list[_Waiting] = []
        try:
            async with self._turn.taken(), self._writer.begin() as connection:
                until = monotonic_s() + _TURN_S
                await read_offset(connection, self.clock)
                # Whoever gave up while we waited for the lock was told that nothing was written.
                live = [one for one in group if not one.answer.done()]
                for one in live:
                    if done and monotonic_s() >= until:
                        break
                    done.append(one)
                    await _attempt(one, connection, alone=len(live) == 1)
                    await _check_open(connection, one)
        except Exception as error:  # noqa: BLE001 - handed to whoever asked for the write
            trouble = translated(error)
            for one in done or group:
                _answer(one, one.error or trouble)
        else:
            for one in done:
                _answer(one, one.error)
        return [one for one in group if not one.answer.done()]


def _answer(one: _Waiting, error: Exception | None) -> None:
    if one.answer.done():
        return
    if error is None:
        one.answer.set_result(one.result)
    else:
        one.answer.set_exception(error)


async def read_offset(connection: AsyncConnection, clock: WallClock) -> None:
    """Take over the clock offset that the database holds."""
    row = await connection.scalar(select(tables.meta.c.value).where(tables.meta.c.key == "clock"))
    clock.offset = timedelta(seconds=float(row)) if row else timedelta(0)


async def _attempt(one: _Waiting, connection: AsyncConnection, *, alone: bool) -> None:
    """Run one operation; a failure rolls back itself and nothing else."""
    one.begun = not one.answer.done()
    if not one.begun:
        return
    if alone:
        try:
            one.result = await one.work(connection)
        except Exception as error:
            one.error = translated(error)
            raise
        return
    try:
        async with connection.begin_nested():
            one.result = await one.work(connection)
    except Exception as error:  # noqa: BLE001 - handed to whoever asked for the write
        one.error = translated(error)


async def _check_open(connection: AsyncConnection, last: _Waiting) -> None:
    """Stop the group when the transaction is gone: SQLite ends it by itself on a full disk.

    Going on would commit the rest one by one and answer "kept" for what was rolled back.

    Raises:
        Unavailable: The transaction is gone, and with it all that the group has written.
    """
    if connection.dialect.name != "sqlite":
        return
    raw = await connection.get_raw_connection()
    if not cast("aiosqlite.Connection", raw.driver_connection).in_transaction:
        last.error = Unavailable(_FULL)
        raise last.error


def translated(error: Exception) -> Exception:
    """A database failure as Trouble; everything else as it is."""
    if not isinstance(error, DBAPIError):
        return error
    said = str(error.orig).lower()
    if "disk is full" in said:
        return Unavailable(_FULL)
    if "is locked" in said:
        return Unavailable(_BUSY)
    if any(sign in said for sign in ("disk i/o", "readonly database", "unable to open")):
        return Unavailable(_GONE)
    return error


def _engine(url: str, *, writes: bool, busy_s: float) -> AsyncEngine:
    if not url.startswith("sqlite"):
        return create_async_engine(url, pool_size=1 if writes else 4)
    engine = create_async_engine(
        url,
        pool_size=1 if writes else 8,
        max_overflow=0 if writes else 4,
        connect_args={
            "timeout": busy_s,
            "isolation_level": None,
            "async_creator_fn": driver.connect,
        },
    )

    def prepare(raw: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        cursor = raw.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA recursive_triggers=ON")
        cursor.execute(f"PRAGMA busy_timeout={int(busy_s * 1000)}")
        if not writes:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    def begin(connection: Connection) -> None:
        # A deferred transaction that reads first and writes later fails at once with
        # BUSY_SNAPSHOT, whatever the busy timeout says; so writers lock from the start.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    event.listen(engine.sync_engine, "connect", prepare)
    event.listen(engine.sync_engine, "begin", begin)
    return engine


def sqlite_file(database_url: str) -> Path | None:
    """The database file of an SQLite address; None for another database."""
    head, _, path = database_url.partition(":///")
    return Path(path) if head.startswith("sqlite") else None
