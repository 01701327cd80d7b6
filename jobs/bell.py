"""The doorbell: one PUBLISH that may fail. Whoever hears it looks into the database."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

from redis.asyncio import Redis
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

_FOR_WORKERS = "steward:bell"
_FOR_DOORS = "steward:notices"


class Bell:
    """Rings across processes. Redis may be gone: then nobody hears, and everybody polls."""

    def __init__(self, redis_url: str) -> None:
        self._redis: Redis = Redis.from_url(
            redis_url, socket_timeout=1.0, socket_connect_timeout=1.0
        )

    async def wake_workers(self) -> None:
        """Something may be due."""
        await self._publish(_FOR_WORKERS)

    async def wake_doors(self) -> None:
        """Something may be worth showing."""
        await self._publish(_FOR_DOORS)

    def heard_by_workers(self) -> AsyncIterator[None]:
        """Yields once for every ring for workers, and after every reconnection."""
        return self._heard(_FOR_WORKERS)

    def heard_by_doors(self) -> AsyncIterator[None]:
        """Yields once for every ring for doors, and after every reconnection."""
        return self._heard(_FOR_DOORS)

    async def close(self) -> None:
        """Let go of the connections."""
        with contextlib.suppress(RedisError, OSError):
            await self._redis.aclose()

    async def _publish(self, channel: str) -> None:
        with contextlib.suppress(RedisError, OSError, asyncio.TimeoutError):
            await self._redis.publish(channel, "")

    async def _heard(self, channel: str) -> AsyncIterator[None]:
        while True:
            try:
                async with self._redis.pubsub() as pubsub:
                    await pubsub.subscribe(channel)
                    yield None
                    while True:
                        got = await pubsub.get_message(
                            ignore_subscribe_messages=True, timeout=30.0
                        )
                        if got is not None:
                            yield None
            except (RedisError, OSError, asyncio.TimeoutError):
                logger.info("bell is gone", extra={"action": "bell_lost"})
                await asyncio.sleep(1.0)
