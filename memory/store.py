"""The one database: a writer that commits in groups, and readers that never write."""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TypeVar, cast

from sqlalchemy import Connection, event, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from memory import tables
from memory.clock import WallClock
from memory.errors import Trouble, Unavailable

T = TypeVar("T")

_GROUP = 128
"""At most this many operations share one commit."""


@dataclass
class _Waiting:
    work: Callable[[AsyncConnection], Awaitable[object]]
    answer: asyncio.Future[object]
    result: object = None
    error: Exception | None = field(default=None)


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

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator["Store"]:
        """The store while its writer is at work."""
        await self.read_clock()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._serve())
            try:
                yield self
            finally:
                self._queue.put_nowait(None)
        await self._writer.dispose()
        await self._readers.dispose()

    async def write(
        self, work: Callable[[AsyncConnection], Awaitable[T]], *, within_s: float | None = None
    ) -> T:
        """Run `work` in a transaction and answer after its commit.

        Args:
            work: Reads and writes through the connection it is given, and nothing else.
            within_s: How long to wait for the database; None waits as long as it takes.

        Raises:
            Unavailable: The database is full, locked or gone; nothing was written.
        """
        waiting = _Waiting(work, asyncio.get_running_loop().create_future())
        self._queue.put_nowait(waiting)
        if within_s is None:
            return cast("T", await waiting.answer)
        try:
            async with asyncio.timeout(within_s):
                return cast("T", await waiting.answer)
        except TimeoutError as error:
            raise Unavailable("My memory is busy. Please send it again in a moment.") from error

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
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
            await self._commit(group)
            if last:
                return

    async def _commit(self, group: list[_Waiting]) -> None:
        live = [one for one in group if not one.answer.done()]
        try:
            async with self._writer.begin() as connection:
                await read_offset(connection, self.clock)
                for one in live:
                    await _attempt(one, connection, alone=len(live) == 1)
        except Exception as error:  # noqa: BLE001 - handed to whoever asked for the write
            for one in live:
                if not one.answer.done():
                    one.answer.set_exception(one.error or translated(error))
            return
        for one in live:
            if one.answer.done():
                continue
            if one.error:
                one.answer.set_exception(one.error)
            else:
                one.answer.set_result(one.result)


async def read_offset(connection: AsyncConnection, clock: WallClock) -> None:
    """Take over the clock offset that the database holds."""
    row = await connection.scalar(select(tables.meta.c.value).where(tables.meta.c.key == "clock"))
    clock.offset = timedelta(seconds=float(row)) if row else timedelta(0)


async def _attempt(one: _Waiting, connection: AsyncConnection, *, alone: bool) -> None:
    """Run one operation; a failure rolls back itself and nothing else."""
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


def translated(error: Exception) -> Exception:
    """A database failure as Trouble; everything else as it is."""
    if isinstance(error, Trouble) or not isinstance(error, DBAPIError):
        return error
    said = str(error.orig).lower()
    if "full" in said or "disk i/o" in said:
        return Unavailable("The disk is full, so I can't keep anything new. Free some space first.")
    if "locked" in said or "busy" in said:
        return Unavailable("My memory is busy. Please send it again in a moment.")
    return error


def _engine(url: str, *, writes: bool, busy_s: float) -> AsyncEngine:
    if not url.startswith("sqlite"):
        return create_async_engine(url, pool_size=1 if writes else 4)
    engine = create_async_engine(
        url,
        pool_size=1 if writes else 4,
        max_overflow=0 if writes else 8,
        connect_args={"timeout": busy_s, "isolation_level": None},
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
