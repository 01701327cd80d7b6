"""SQLite's driver with one trip to its thread for each statement.

The client library goes there four times: for a cursor, to execute, to fetch and to close. Each trip
costs more than most of our statements, and while many messages come in, the trips are what the
processor does.
"""

import sqlite3
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from itertools import islice
from typing import Any, Self, TypeVar, cast

import aiosqlite

T = TypeVar("T")

_FIRST_ROWS = 500
"""So many rows come back with the statement itself; a longer result is fetched as it is read."""


class DriverConnection(aiosqlite.Connection):
    """A connection whose cursors cost nothing until they execute."""

    def __init__(self, opens: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(opens, iter_chunk_size=_FIRST_ROWS)

    def cursor(self) -> "DriverCursor":  # pyright: ignore[reportIncompatibleMethodOverride] - awaited by nobody but its __aenter__
        """A cursor that is made in the thread by its first statement."""
        return DriverCursor(self)

    @property
    def raw(self) -> sqlite3.Connection:
        """The connection itself, for use in its thread only."""
        return self._conn

    async def run(self, work: Callable[[], T]) -> T:
        """Do something in the connection's thread."""
        execute = cast("Callable[[Callable[[], T]], Awaitable[T]]", self._execute)
        return await execute(work)

    async def commit(self) -> None:
        """Commit; costs nothing where no transaction is open."""
        if self.in_transaction:
            await super().commit()

    async def rollback(self) -> None:
        """Roll back; costs nothing where no transaction is open."""
        if self.in_transaction:
            await super().rollback()


class DriverCursor:
    """One statement and its rows."""

    def __init__(self, connection: DriverConnection) -> None:
        self._connection = connection
        self._cursor: sqlite3.Cursor | None = None
        """Open while rows are left in it."""
        self._rows: deque[Any] = deque()
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, parameters: Any = ()) -> Self:
        """Execute, and bring the first rows along."""
        return await self._connection.run(lambda: self._begin(statement, parameters))

    async def executemany(self, statement: str, parameters: Iterable[Any]) -> Self:
        """Execute once for each set of parameters."""

        def work() -> Self:
            cursor = self._connection.raw.executemany(statement, parameters)
            self.rowcount, self.description = cursor.rowcount, None
            cursor.close()
            return self

        return await self._connection.run(work)

    async def fetchone(self) -> Any:
        """The next row; None at the end."""
        found = await self.fetchmany(1)
        return found[0] if found else None

    async def fetchmany(self, size: int | None = None) -> Sequence[Any]:
        """The next rows, at most so many."""
        wanted = self.arraysize if size is None else size
        if len(self._rows) < wanted and self._cursor is not None:
            await self._connection.run(self._more)
        found = list(islice(self._rows, wanted))
        for _ in found:
            self._rows.popleft()
        return found

    async def fetchall(self) -> Sequence[Any]:
        """All rows that are left."""
        if self._cursor is not None:
            await self._connection.run(self._rest)
        found = list(self._rows)
        self._rows.clear()
        return found

    async def __aiter__(self) -> AsyncIterator[Any]:
        while found := await self.fetchmany(_FIRST_ROWS):
            for row in found:
                yield row

    async def close(self) -> None:
        """Let go of the rows that nobody has read."""
        self._rows.clear()
        if self._cursor is not None:
            await self._connection.run(self._end)

    def _begin(self, statement: str, parameters: Any) -> Self:
        self._end()
        cursor = self._connection.raw.execute(statement, parameters)
        self._cursor, self._rows = cursor, deque()
        self.description = cursor.description
        if cursor.description is None:
            self._end()
        else:
            self._more()
        self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
        return self

    def _more(self) -> None:
        if self._cursor is not None:
            found = self._cursor.fetchmany(_FIRST_ROWS)
            self._rows.extend(found)
            if len(found) < _FIRST_ROWS:
                self._end()

    def _rest(self) -> None:
        if self._cursor is not None:
            self._rows.extend(self._cursor.fetchall())
            self._end()

    def _end(self) -> None:
        if self._cursor is not None:
            self._cursor.close()
            self._cursor = None
