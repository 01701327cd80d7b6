"""The doorbell: one PUBLISH that may fail. Whoever hears it looks into the database."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from typing import Any, cast

from redis.asyncio import Redis
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

_FOR_WORKERS = "steward:bell"
_FOR_DOORS = "steward:notices"
_AGAIN_S = 1.0
_LISTEN_S = 30.0


class Bell:
    """Rings across processes. Redis may be gone: then nobody hears, and everybody polls."""

    def __init__(self, redis_url: str) -> None:
        # redis 5 leaves its keyword arguments untyped, so its client is Any from here on
        client = cast("Any", Redis)
        self._redis: Any = client.from_url(
            redis_url, socket_timeout=_AGAIN_S, socket_connect_timeout=_AGAIN_S
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
        with contextlib.suppress(RedisError, OSError, TimeoutError):
            await self._redis.publish(channel, "")

    async def _heard(self, channel: str) -> AsyncIterator[None]:
        while True:
            try:
                async with self._redis.pubsub() as pubsub:
                    await pubsub.subscribe(channel)
                    yield None
                    while True:
                        heard = await pubsub.get_message(
                            ignore_subscribe_messages=True, timeout=_LISTEN_S
                        )
                        if heard is not None:
                            yield None
            except (RedisError, OSError, TimeoutError):
                logger.info("bell is gone", extra={"action": "bell_lost"})
                await asyncio.sleep(_AGAIN_S)
