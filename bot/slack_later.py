"""What has to be fetched from Slack before it can be read: written down first, read afterwards.

Slack waits three seconds for its answer, and a file may take longer. So the message itself is
committed at once, the door acknowledges it, and its files are fetched in the order they came.
"""

import asyncio
import json
from typing import Any

from jobs.outbox import Outbox

_KEPT = "slack:later"


class SlackLater:
    """Messages that wait for their files, in order; they survive a restart."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._turn = asyncio.Lock()
        self._more = asyncio.Event()

    async def add(self, name: str, what: dict[str, Any]) -> None:
        """Commit a message. The same delivery twice changes nothing.

        Raises:
            Unavailable: Nothing was kept; do not acknowledge.
        """
        async with self._turn:
            waiting = await self._waiting()
            if name not in waiting:
                await self._outbox.remember(_KEPT, json.dumps({**waiting, name: what}))
        self._more.set()

    async def first(self) -> tuple[str, dict[str, Any]]:
        """The message that has waited longest, as soon as there is one."""
        while True:
            self._more.clear()
            for name, what in (await self._waiting()).items():
                return name, what
            await self._more.wait()

    async def done(self, name: str) -> None:
        """It is taken in and need not wait any more."""
        async with self._turn:
            waiting = await self._waiting()
            if waiting.pop(name, None) is not None:
                await self._outbox.remember(_KEPT, json.dumps(waiting))

    async def _waiting(self) -> dict[str, dict[str, Any]]:
        kept = await self._outbox.recall(_KEPT)
        return dict(json.loads(kept)) if kept else {}
