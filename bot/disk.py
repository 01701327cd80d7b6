"""Room on the disk: with too little of it nothing is taken in, and that is said once."""

import asyncio
import logging
import shutil
from collections.abc import Callable
from pathlib import Path

from jobs.outbox import Outbox
from memory.errors import Unavailable

logger = logging.getLogger(__name__)

MEGABYTE = 2**20
LEAST_BYTES = 200 * MEGABYTE
_FULL = "disk:full"
_LOOK_S = 60.0


def free_bytes(folder: Path) -> int:
    """How much the disk under a folder still takes."""
    return shutil.disk_usage(folder).free


class Disk:
    """The disk that holds a company's folder: one for all doors, so that it is told once."""

    def __init__(
        self,
        data: Path,
        outbox: Outbox,
        *,
        least_bytes: int = LEAST_BYTES,
        free: Callable[[Path], int] = free_bytes,
    ) -> None:
        """Look at the disk of a folder.

        Args:
            least_bytes: Free space below which nothing is taken in. What is left is for finishing
                what was begun. Only with twice as much there is room again in the owner's ears,
                so that a disk at the brink is not told to and fro.
            free: Free space of a folder's disk in bytes.
        """
        self._data = data
        self._outbox = outbox
        self._least_bytes = least_bytes
        self._free = free
        self._said: bool | None = None
        self._one_at_a_time = asyncio.Lock()

    async def has_room(self) -> None:
        """Return when there is room.

        Raises:
            Unavailable: There is not; do not acknowledge, so that it comes again.
        """
        free = await self._looked()
        if free < self._least_bytes:
            raise Unavailable(
                f"The disk is nearly full: {free // MEGABYTE} MB are left.",
                hint="Free some space. Until then I take nothing in; it waits where it is.",
            )

    async def watch(self, *, every_s: float = _LOOK_S) -> None:
        """Look until cancelled, so that it is told before anything comes that finds no room."""
        while True:
            try:
                await self._looked()
            except Unavailable:
                # what could not be seen or told now is seen and told at the next look
                logger.warning("disk waits", extra={"action": "disk_waits"})
            await asyncio.sleep(every_s)

    async def _looked(self) -> int:
        """Free bytes. A change is told once, also when several look at the same moment."""
        async with self._one_at_a_time:
            try:
                free = self._free(self._data)
            except OSError as error:
                raise Unavailable("I can't look at the disk that my folder is on.") from error
            if self._said is None:
                # a restart neither repeats it nor forgets to say that it is over
                self._said = bool(await self._outbox.recall(_FULL))
            enough = 2 * self._least_bytes if self._said else self._least_bytes
            if (free < enough) != self._said:
                await self._say(is_full=not self._said, free=free)
            return free

    async def _say(self, *, is_full: bool, free: int) -> None:
        logger.warning("disk", extra={"action": "disk_full" if is_full else "disk_has_room"})
        text = (
            f"The disk of the computer I run on is nearly full: {free // MEGABYTE} MB are left. "
            f"Please free some space. With less than {self._least_bytes // MEGABYTE} MB I take "
            "nothing in; what you send waits and is not lost."
            if is_full
            else "There is room on the disk again. I take in what waited."
        )
        await self._outbox.tell(text, rings=is_full)
        await self._outbox.remember(_FULL, "yes" if is_full else "")
        self._said = is_full
