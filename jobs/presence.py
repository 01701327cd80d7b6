"""Which workers live, and when nobody worked at all."""

import contextlib
import fcntl
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from memory import tables
from memory.clock import monotonic_s
from memory.ids import new_id
from memory.records.action import State
from memory.records.run import RunState

LEASE = timedelta(seconds=30)
"""So long a worker on another machine holds something without a sign of life."""
BEAT_S = 10.0
"""So often it gives one."""
ABSENT_AFTER = timedelta(minutes=2)
"""Longer without any worker's sign of life and nobody was working."""


_MACHINE = "machine"
"""The file beside the locks that says how this folder is called in the names of its workers."""
_BETWEEN = "-"


class Presence:
    """One worker's name and its lock: the kernel lets go of the lock when the process dies.

    A name says in which folder its lock lies. A lock in another one, on another machine, can't be
    asked: there the lease decides, which its worker renews for as long as it lives. It is watched,
    not read as a moment, since two machines' clocks may differ.
    """

    def __init__(self, data: Path, *, steady_s: Callable[[], float] = monotonic_s) -> None:
        self._folder = data / "workers"
        self._folder.mkdir(parents=True, exist_ok=True)
        self._machine = _named(self._folder)
        self.worker = f"{new_id('wrk')}{_BETWEEN}{self._machine}"
        self._lock: IO[str] | None = None
        self._steady_s = steady_s
        self._watched: dict[str, tuple[datetime, float]] = {}
        """Leases of workers elsewhere, by what they hold, and since when each stands still."""

    def __enter__(self) -> "Presence":
        self._lock = (self._folder / self.worker).open("w")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        return self

    def __exit__(self, *_: object) -> None:
        if self._lock is not None:
            self._lock.close()
        (self._folder / self.worker).unlink(missing_ok=True)

    def lives(self, worker: str | None, held: str, lease_until: datetime | None) -> bool:
        """Whether a worker that holds something is a running process still.

        Args:
            held: Name of what it holds.
            lease_until: Until when, as it was renewed last.
        """
        if worker is None:
            return False
        _, _, machine = worker.partition(_BETWEEN)
        if machine not in ("", self._machine):
            return lease_until is not None and self._moves(held, lease_until)
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

    def _moves(self, held: str, lease_until: datetime) -> bool:
        """Whether a lease was renewed within its own length, by this machine's clock alone."""
        now_s = self._steady_s()
        lease, since_s = self._watched.get(held, (None, now_s))
        if lease != lease_until:
            self._watched[held] = (lease_until, now_s)
            return True
        if now_s - since_s < LEASE.total_seconds():
            return True
        del self._watched[held]
        return False


def _named(folder: Path) -> str:
    """This folder's own name, made once whoever comes first."""
    place = folder / _MACHINE
    if not place.exists():
        draft = folder / new_id("new")
        draft.write_text(new_id("m")[2:12])
        with contextlib.suppress(FileExistsError):
            os.link(draft, place)
        draft.unlink()
    return place.read_text()


async def renew(connection: AsyncConnection, worker: str, until: datetime) -> None:
    """Hold on to whatever this worker holds for so long again."""
    held = (
        (tables.action, (State.CLAIMED.value, State.COMMITTING.value)),
        (tables.run, (RunState.CLAIMED.value,)),
    )
    for table, states in held:
        await connection.execute(
            update(table)
            .where(table.c.owner == worker, table.c.state.in_(states))
            .values(lease_until=until)
        )


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
