"""Writing down what has happened, even while the database is full or busy."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from memory.errors import Unavailable
from memory.store import Store

logger = logging.getLogger(__name__)

T = TypeVar("T")

_LONGEST_S = 30.0


async def insist(
    store: Store, work: Callable[[AsyncConnection], Awaitable[T]], *, first_s: float = 0.5
) -> T:
    """Run `work` in a transaction, again and again until the database takes it.

    For facts that nobody else will write: a receipt, or how a run ended.

    Args:
        first_s: Seconds before the second try; each further wait is twice as long, up to 30 s.
    """
    wait_s = first_s
    while True:
        try:
            return await store.write(work)
        except Unavailable:
            logger.warning("memory is busy", extra={"action": "write_waits"})
        await asyncio.sleep(wait_s)
        wait_s = min(wait_s * 2, _LONGEST_S)
