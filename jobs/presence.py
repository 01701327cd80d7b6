"""Which workers live, and when nobody worked at all."""

import fcntl
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from memory import tables
from memory.ids import new_id

ABSENT_AFTER = timedelta(minutes=2)
"""Longer without any worker's sign of life and nobody was working."""


class Presence:
    """One worker's name and its lock: the kernel lets go of the lock when the process dies."""

    def __init__(self, data: Path) -> None:
        self._folder = data / "workers"
        self.worker = new_id("wrk")
        self._lock: IO[str] | None = None

    def __enter__(self) -> "Presence":
        self._folder.mkdir(parents=True, exist_ok=True)
        self._lock = (self._folder / self.worker).open("w")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        return self

    def __exit__(self, *_: object) -> None:
        if self._lock is not None:
            self._lock.close()
        (self._folder / self.worker).unlink(missing_ok=True)

    def lives(self, worker: str | None) -> bool:
        """Whether a worker on this machine is still a running process."""
        if worker is None:
            return False
        if worker == self.worker:
            return True
        try:
            with (self._folder / worker).open("r+") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except BlockingIOError:
            return True
        (self._folder / worker).unlink(missing_ok=True)
        return False


async def beat(connection: AsyncConnection, worker: str, now: datetime) -> timedelta | None:
    """Leave a sign of life; a gap since anybody's last one is written down as an absence.

    Returns:
        How long nobody worked, when that was longer than `ABSENT_AFTER`.
    """
    seen = await last_seen(connection)
    gap = now - seen if seen is not None else timedelta(0)
    mine = tables.presence.c.worker == worker
    if await connection.scalar(select(tables.presence.c.worker).where(mine)) is None:
        await connection.execute(
            insert(tables.presence).values(worker=worker, since=now, seen_at=now, beats=1)
        )
    else:
        await connection.execute(
            update(tables.presence)
            .where(mine)
            .values(seen_at=now, beats=tables.presence.c.beats + 1)
        )
    if seen is None or gap <= ABSENT_AFTER:
        return None
    await connection.execute(insert(tables.absence).values(began=seen, ended=now))
    return gap


async def last_seen(connection: AsyncConnection) -> datetime | None:
    """When any worker last gave a sign of life; None when none ever did."""
    return await connection.scalar(select(func.max(tables.presence.c.seen_at)))


async def was_absent(connection: AsyncConnection, moment: datetime) -> bool:
    """Whether nobody worked at that moment."""
    table = tables.absence
    query = select(table.c.id).where(table.c.began <= moment, table.c.ended >= moment)
    return await connection.scalar(query.limit(1)) is not None


async def absent_since(connection: AsyncConnection, moment: datetime, now: datetime) -> timedelta:
    """How much of the time from `moment` to `now` nobody worked."""
    query = select(tables.absence).where(tables.absence.c.ended > moment)
    total = timedelta(0)
    for row in await connection.execute(query):
        total += max(min(row.ended, now) - max(row.began, moment), timedelta(0))
    return total
