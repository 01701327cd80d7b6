"""arq's end of the doorbell: it hears that something is due, and says so to the loop."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from arq.connections import ArqRedis
from arq.worker import Worker, func

from jobs.plain import from_json, to_json
from jobs.relay import Due

_TICK_S = 1.0
_AT_ONCE = 64
"""More than the loop carries at once, so that waiting for a place never blocks the bell."""


class Listener(Worker):
    """arq's worker, woken by the relay beside it instead of polling fast.

    Its jobs carry ids only. The work itself belongs to the loop, which sees it through whatever
    becomes of redis. Whoever can write into redis can make the loop look at an id again, and no
    more.
    """

    def __init__(
        self,
        picked: asyncio.Event,
        pool: ArqRedis,
        now: Callable[[], datetime],
        carry: Callable[[Due], Awaitable[None]],
    ) -> None:
        """Make it; `async_run` begins.

        Args:
            picked: Set whenever the relay has rung.
            carry: Does a piece of work, or waits for whoever does it already.
        """
        self._picked = picked
        self._now = now
        self._carry = carry
        super().__init__(
            functions=[func(self._consider, name="consider"), func(self._execute, name="execute")],
            redis_pool=pool,
            queue_name=pool.default_queue_name,
            handle_signals=False,
            max_jobs=_AT_ONCE,
            max_tries=1,
            keep_result=0,
            job_timeout=120,
            log_results=False,
            job_serializer=to_json,
            job_deserializer=from_json,
        )

    async def main(self) -> None:
        """Look for work whenever the relay has rung, and once a second."""
        # arq polls at a fixed delay: 0.5 s is the latency, 10 ms is 5 % of a core (0.28,
        # worker.py). One iteration at each ring costs neither.
        while True:
            self._picked.clear()
            await self._poll_iteration()
            try:
                async with asyncio.timeout(_TICK_S):
                    await self._picked.wait()
            except TimeoutError:
                continue

    # arq calls with its context first
    async def _consider(self, ctx: dict[str, object], *due: object) -> None:  # noqa: ARG002
        await self._carry(self._due("consider", due))

    async def _execute(self, ctx: dict[str, object], *due: object) -> None:  # noqa: ARG002
        await self._carry(self._due("execute", due))

    def _due(self, task: str, due: tuple[object, ...]) -> Due:
        """What a job from redis points at.

        Raises:
            ValueError: It is not one of ours.
        """
        name, revision, fence = due
        return Due.model_validate(
            {"task": task, "id": name, "revision": revision, "fence": fence, "since": self._now()}
        )
