"""Whose turn it is to write: processes on one database file take turns without waiting in steps.

SQLite lets a writer that finds the file locked sleep for longer and longer, up to a tenth of a
second, and whoever asks next may be served first; a busy worker would keep the doors out for
seconds. Two file locks make a turnstile: one to stand next in line, one to be in. They decide about
speed only; what may be written is decided by SQLite's own lock.
"""

import asyncio
import contextlib
import fcntl
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import IO

from memory.clock import monotonic_s

_LOOK_S = 0.001


class Turn:
    """The turn of one process among those that share a database file."""

    def __init__(self, place: Path | None, *, patience_s: float) -> None:
        """Nothing is opened before the first turn.

        Args:
            place: Beside the database file; None where the database takes care of it.
            patience_s: After so long it goes ahead without, and the database decides.
        """
        self._place = place
        self._patience_s = patience_s
        self._next: IO[str] | None = None
        self._in: IO[str] | None = None

    @contextlib.asynccontextmanager
    async def taken(self) -> AsyncGenerator[None]:
        """The turn, for as long as the body runs."""
        if self._place is None:
            yield
            return
        if self._next is None or self._in is None:
            self._next = self._place.with_suffix(".next").open("a")
            self._in = self._place.with_suffix(".turn").open("a")
        until = monotonic_s() + self._patience_s
        try:
            if await _locked(self._next, until):
                await _locked(self._in, until)
                fcntl.flock(self._next, fcntl.LOCK_UN)
            yield
        finally:
            fcntl.flock(self._next, fcntl.LOCK_UN)
            fcntl.flock(self._in, fcntl.LOCK_UN)

    def close(self) -> None:
        """Let go of both files."""
        for file in (self._next, self._in):
            if file is not None:
                file.close()
        self._next = self._in = None


async def _locked(file: IO[str], until: float) -> bool:
    """Wait for a lock; False when it is not to be had in time."""
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if monotonic_s() >= until:
                return False
            await asyncio.sleep(_LOOK_S)
        else:
            return True
