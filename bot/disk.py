"""Room on the disk: with too little of it nothing is taken in, and that is said once."""

import logging
import shutil
from pathlib import Path

from jobs.outbox import Outbox
from memory.errors import Unavailable

logger = logging.getLogger(__name__)

MEGABYTE = 2**20
LEAST_BYTES = 200 * MEGABYTE
_FULL = "disk:full"


class Disk:
    """The disk that holds a company's folder."""

    def __init__(self, data: Path, outbox: Outbox, *, least_bytes: int = LEAST_BYTES) -> None:
        """Look at the disk of a folder.

        Args:
            least_bytes: Free space below which nothing is taken in. What is left is for finishing
                what was begun.
        """
        self._data = data
        self._outbox = outbox
        self._least_bytes = least_bytes
        self._said: bool | None = None

    async def has_room(self) -> None:
        """Return when there is room.

        Raises:
            Unavailable: There is not; do not acknowledge, so that it comes again.
        """
        free = shutil.disk_usage(self._data).free
        is_full = free < self._least_bytes
        if self._said is None:
            # a restart neither repeats it nor forgets to say that it is over
            self._said = bool(await self._outbox.recall(_FULL))
        if is_full != self._said:
            await self._say(is_full=is_full, free=free)
        if is_full:
            raise Unavailable(
                f"The disk is nearly full: {free // MEGABYTE} MB are left.",
                hint="Free some space. Until then I take nothing in; it waits where it is.",
            )

    async def _say(self, *, is_full: bool, free: int) -> None:
        logger.warning("disk", extra={"action": "disk_full" if is_full else "disk_has_room"})
        text = (
            f"The disk of the computer I run on is nearly full: {free // MEGABYTE} MB are left. "
            "Free some space. Until then I take nothing in; what you send waits and is not lost."
            if is_full
            else "There is room on the disk again. I take in what waited."
        )
        await self._outbox.tell(text, rings=is_full)
        await self._outbox.remember(_FULL, "yes" if is_full else "")
        self._said = is_full
