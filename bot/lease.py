"""One process at a time: a lock on this machine, and among machines a row that its holder renews.

The kernel lets go of the lock the moment a process dies, so the next one on the same folder goes on
at once. Another machine sees only the row. No foreign clock is trusted: whoever waits measures with
its own how long the row has stood still, and then takes it over with one compare-and-swap.
"""

import asyncio
import contextlib
import fcntl
import logging
import platform
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path

from jobs.outbox import Outbox
from memory.clock import monotonic_s
from memory.errors import Unavailable
from memory.ids import derived_id

logger = logging.getLogger(__name__)

_LOOKS = 5
"""How often a lease is renewed, or looked at, in its length."""


class Lease:
    """The right to do something that two processes must not do at once."""

    def __init__(self, outbox: Outbox, folder: Path, name: str, *, length_s: float) -> None:
        """Held by nobody yet.

        Args:
            folder: The data folder; whoever shares it shares a kernel.
            length_s: How long the row may stand still before another machine takes it over.
        """
        self._outbox = outbox
        self._lock_file = folder / f"{name}.lock"
        self._key = f"lease:{name}"
        self._length_s = length_s
        self._holder = derived_id("host", platform.node(), str(folder.resolve()))
        self._beats = 0
        self._mine: str | None = None
        """What the row says while we hold it."""

    async def hold(self, work: Callable[[], Awaitable[None]]) -> None:
        """Wait for the lease and work under it; when it is lost, stop and wait again.

        Returns:
            When the work has ended by itself.
        """
        while True:
            async with self._locked():
                await self._acquire()
                logger.info("lease held", extra={"action": "lease_held", "lease": self._key})
                try:
                    if await self._worked(work):
                        return
                finally:
                    await self._let_go()

    @contextlib.asynccontextmanager
    async def _locked(self) -> AsyncGenerator[None]:
        """The only living process of this folder."""
        with self._lock_file.open("a") as file:
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    await asyncio.sleep(self._length_s / _LOOKS)
            yield

    async def _worked(self, work: Callable[[], Awaitable[None]]) -> bool:
        """Whether the work ended before the lease was lost."""
        ended = False

        async def watched() -> None:
            nonlocal ended
            await work()
            ended = True
            renewing.cancel()

        try:
            async with asyncio.TaskGroup() as group:
                working = group.create_task(watched())
                renewing = group.create_task(self._renew_until_lost(working))
        except ExceptionGroup as troubles:
            raise troubles.exceptions[0] from None
        return ended

    async def _acquire(self) -> None:
        seen: str | None = None
        since_s = monotonic_s()
        while True:
            with contextlib.suppress(Unavailable):
                now_there = await self._outbox.recall(self._key)
                if now_there != seen:
                    seen, since_s = now_there, monotonic_s()
                # with the lock in our hand, a row of this very folder is a dead process's
                is_ours = (now_there or "").startswith(f"{self._holder} ")
                is_free = not now_there or is_ours or monotonic_s() - since_s >= self._length_s
                if is_free and await self._take(now_there):
                    return
            await asyncio.sleep(self._length_s / _LOOKS)

    async def _renew_until_lost(self, working: asyncio.Task[None]) -> None:
        """Keep the row moving; stop the work before anybody else may think it is theirs."""
        renewed_s = monotonic_s()
        while True:
            await asyncio.sleep(self._length_s / _LOOKS)
            late = monotonic_s() - renewed_s >= self._length_s - self._length_s / _LOOKS
            try:
                if late or not await self._take(self._mine):
                    break
                renewed_s = monotonic_s()
            except Unavailable:
                continue
        logger.warning("lease lost", extra={"action": "lease_lost", "lease": self._key})
        working.cancel()

    async def _take(self, seen: str | None) -> bool:
        self._beats += 1
        value = f"{self._holder} {self._beats}"
        if not await self._outbox.exchange(self._key, seen, value):
            return False
        self._mine = value
        return True

    async def _let_go(self) -> None:
        """Let the next one begin at once."""
        mine, self._mine = self._mine, None
        if mine is not None:
            with contextlib.suppress(Unavailable):
                await self._outbox.exchange(self._key, mine, "")
