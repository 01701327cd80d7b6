"""Tells everybody who waits in this process that what a door shows may have changed."""

import asyncio

from jobs.outbox import Outbox

_TICK_S = 0.5
"""How often to look by ourselves when no bell rings."""


class Changes:
    """Counts the changes of what there is to show; the count only grows."""

    def __init__(self, outbox: Outbox, wake: asyncio.Event) -> None:
        self._outbox = outbox
        self._wake = wake
        self._moved = asyncio.Condition()
        self._seen: tuple[int, bool] | None = None
        self.count = 0
        self.closed = False
        """True once nobody should wait any longer."""

    async def run(self) -> None:
        """Look whenever woken, and now and then, until cancelled."""
        while True:
            self._wake.clear()
            present = (await self._outbox.last_stamp(), self._outbox.stopped())
            if present != self._seen:
                self._seen = present
                await self._tell()
            try:
                async with asyncio.timeout(_TICK_S):
                    await self._wake.wait()
            except TimeoutError:
                continue

    def look(self) -> None:
        """Somebody knows that there is something new."""
        self._wake.set()

    async def after(self, count: int, within_s: float) -> int:
        """Wait until there were more than `count` changes, at most so long; the present count."""
        try:
            async with asyncio.timeout(within_s), self._moved:
                await self._moved.wait_for(lambda: self.count > count or self.closed)
        except TimeoutError:
            pass
        return self.count

    async def close(self) -> None:
        """Send everybody home."""
        self.closed = True
        await self._tell()

    async def _tell(self) -> None:
        async with self._moved:
            self.count += 1
            self._moved.notify_all()
