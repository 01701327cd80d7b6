"""What the worker keeps an eye on besides its work: backups and this computer's clock."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from jobs import backups, notices
from memory import ledger
from memory.clock import WallClock, monotonic_s, since_boot_s
from memory.company import Company
from memory.errors import Unavailable
from memory.when import say_length

logger = logging.getLogger(__name__)

JUMP = timedelta(minutes=5)
"""A clock that is put right by less than this is nobody's business."""
_LOOK_S = 60.0
"""Between two looks at whether the ledger is to be sealed."""
_PAUSE_S = 60.0
"""Before a backup that broke is tried again."""


class Drift:
    """Compares the wall clock with the one that only grows."""

    def __init__(
        self,
        wall: Callable[[], datetime],
        steady_s: Callable[[], float] = since_boot_s,
    ) -> None:
        self._wall = wall
        self._steady_s = steady_s
        self._last = (wall(), steady_s())

    def jumped(self) -> timedelta | None:
        """How far the wall clock has jumped since the last look; None when it has not."""
        (wall, steady_s), self._last = self._last, (self._wall(), self._steady_s())
        went = self._last[0] - wall - timedelta(seconds=self._last[1] - steady_s)
        return went if abs(went) >= JUMP else None


class Caretaker:
    """Looks around now and then; all of it is safe to do twice."""

    def __init__(self, company: Company, *, drift: Drift | None = None) -> None:
        self._company = company
        self._drift = drift or Drift(WallClock().now)
        self._copying: asyncio.Task[None] | None = None
        self._looked_s = -_LOOK_S

    async def look(self, group: asyncio.TaskGroup) -> None:
        """Look at the clock, for a backup that is due, and at the ledger's seal."""
        jump = self._drift.jumped()
        if jump is not None:
            await self._tell(_jumped(jump))
        if self._copying is not None and self._copying.done():
            self._copying = None
        night = None
        if self._copying is None:
            night = await backups.due(self._company, self._company.clock.now())
        if night is not None:
            self._copying = group.create_task(self._copy(night))
        if monotonic_s() - self._looked_s >= _LOOK_S:
            self._looked_s = monotonic_s()
            await self.seal()

    async def seal(self) -> None:
        """Write the ledger's head down outside the database, every hour in which anything happened.

        Raises:
            Unavailable: The disk did not take it.
        """
        async with self._company.store.read() as connection:
            seq, hashed = await ledger.head(connection)
        anchors, now = self._company.anchors, self._company.clock.now()
        try:
            if await asyncio.to_thread(anchors.is_due, seq, now):
                await asyncio.to_thread(anchors.drop, seq, hashed, now)
                logger.info("sealed", extra={"action": "ledger_sealed", "seq": seq})
        except OSError as error:
            raise Unavailable("The disk did not take the seal of my records.") from error

    async def _copy(self, night: backups.Occurrence) -> None:
        try:
            await backups.make(self._company, night)
        except Exception:
            # a backup that breaks must not end the work of the day; it is tried again
            logger.exception("backup broke", extra={"action": "backup_broke"})
            await asyncio.sleep(_PAUSE_S)

    async def _tell(self, text: str) -> None:
        async def work(connection: AsyncConnection) -> None:
            now = self._company.clock.now()
            await notices.tell(connection, self._company, now=now, text=text, rings=True)

        await self._company.store.write(work)


def _jumped(by: timedelta) -> str:
    way = "ahead" if by > timedelta(0) else "back"
    return (
        f"This computer's clock jumped {way} by {say_length(abs(by))}. Please check its date and "
        "time: whatever is due goes by it."
    )
