"""Connections to a database file: each is closed in the end, whoever gives up at which moment."""

import asyncio
import sqlite3
from collections.abc import Callable
from functools import partial
from typing import Any, cast

import aiosqlite

from memory.driver import DriverConnection


class Connection(DriverConnection):
    """One connection and its thread, which ends once and after everything that was asked before.

    Two who close the same connection at once, as SQLAlchemy does for a task that is cancelled
    twice, wait for ever in aiosqlite 0.22.1: the second asks a thread that has ended. And what was
    opened for somebody who no longer waits is closed by nobody. This class can go when its tests
    pass with the plain one.
    """

    def __init__(self, opens: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(self._open)
        self._opens = opens
        self._opened: sqlite3.Connection | None = None
        # a process that is told to end waits for no reader
        self._thread.daemon = True

    @property
    def is_open(self) -> bool:
        """Whether nobody has closed it yet."""
        return self._running

    def stop(self) -> "asyncio.Future[None] | None":
        """End the thread; None when it was told so before: then there is nothing to wait for."""
        if not self._running:
            return None
        # aiosqlite does not say what its futures hold
        self._tx.put_nowait((None, self._shut))  # pyright: ignore[reportUnknownMemberType]
        return cast("asyncio.Future[None] | None", super().stop())  # pyright: ignore[reportUnknownMemberType]

    async def close(self) -> None:
        """Close it, after what was asked before."""
        if self._running:
            await super().close()

    async def _connect(self) -> aiosqlite.Connection:
        try:
            return await super()._connect()
        except Exception:
            # its thread still answers the loop that asked it to stop, which may be gone by then
            await self.ended()
            raise

    async def ended(self) -> None:
        """Stop, and wait until the thread has ended."""
        self.stop()
        if self._thread.ident is not None:
            await asyncio.to_thread(self._thread.join)

    def _open(self) -> sqlite3.Connection:
        self._opened = self._opens()
        return self._opened

    def _shut(self) -> None:
        if self._opened is not None:
            self._opened.close()


class Connections:
    """All connections that an engine has opened and not yet closed."""

    def __init__(self) -> None:
        self._all: set[Connection] = set()

    def open(self, *place: Any, **options: Any) -> Connection:
        """A connection that opens when it is awaited; takes what `sqlite3.connect` takes."""
        opens = cast(
            "Callable[[], sqlite3.Connection]", partial(sqlite3.connect, *place, **options)
        )
        made = Connection(opens)
        self._all = {one for one in self._all if one.is_open} | {made}
        return made

    async def close(self) -> None:
        """Close what nobody has closed, such as what somebody took who was cancelled since."""
        while self._all:
            await self._all.pop().ended()
