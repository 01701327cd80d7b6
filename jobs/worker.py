"""The worker process: our own loop over the database, with arq in it as a supervised task."""

import asyncio
import logging
from datetime import timedelta

from arq.connections import ArqRedis, RedisSettings, create_pool
from arq.worker import Worker, func
from redis.exceptions import RedisError

from jobs import relay
from jobs.bell import Bell
from jobs.connector import Connector
from jobs.plain import from_json, to_json
from jobs.presence import ABSENT_AFTER, Presence, last_seen
from jobs.relay import Due
from jobs.sweep import beat, sweep
from jobs.tasks import Tasks
from memory.clock import monotonic_s
from memory.company import Company

logger = logging.getLogger(__name__)

_TICK_S = 1.0
_BEAT_S = 15.0
_BEAT_RUNG_S = 0.5
"""A ring asks for a sign of life soon: `steward clock` waits for one."""
_PATIENCE = timedelta(seconds=3)
"""Work that arq has not started after so long is done by the loop itself."""
_AT_ONCE = 16
"""At most this many pieces of work at the same time."""


class WorkLoop:
    """Looks into the database each second and at each bell, and sees that what is due is done."""

    def __init__(
        self,
        company: Company,
        tasks: Tasks,
        connectors: dict[str, Connector],
        here: Presence,
        bell: Bell,
        redis_url: str,
    ) -> None:
        self._company = company
        self._tasks = tasks
        self._connectors = connectors
        self._here = here
        self._bell = bell
        self._redis_url = redis_url
        self._wake = asyncio.Event()
        self._picked = asyncio.Event()
        self._pool: ArqRedis | None = None
        self._busy: set[str] = set()
        self._places = asyncio.Semaphore(_AT_ONCE)

    async def run(self) -> None:
        """Work until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._supervise_arq())
            group.create_task(self._listen())
            await self._loop(group)

    async def _loop(self, group: asyncio.TaskGroup) -> None:
        last_beat = 0.0
        while True:
            pause_s = _BEAT_RUNG_S if self._wake.is_set() else _BEAT_S
            self._wake.clear()
            await self._company.store.read_clock()
            if monotonic_s() - last_beat >= pause_s or await self._asleep():
                await beat(self._company, self._here)
                last_beat = monotonic_s()
            await sweep(self._company, self._here, self._connectors)
            await self._hand_out(group)
            try:
                async with asyncio.timeout(_TICK_S):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def _asleep(self) -> bool:
        """Whether the company's clock has moved on much further than this loop has noticed."""
        async with self._company.store.read() as connection:
            seen = await last_seen(connection)
        return seen is not None and self._company.clock.now() - seen > ABSENT_AFTER

    async def _hand_out(self, group: asyncio.TaskGroup) -> None:
        """Ring for everything that is due; do by ourselves what the bell did not start."""
        now = self._company.clock.now()
        async with self._company.store.read() as connection:
            waiting = await relay.due(
                connection, now, stopped=self._company.stop_file.exists()
            )
        for one in waiting:
            if one.ring() in self._busy:
                continue
            if self._pool is None or now - one.since > _PATIENCE or not await self._ring(one):
                self._busy.add(one.ring())
                group.create_task(self._do(one))
        if waiting:
            self._picked.set()

    async def _ring(self, one: Due) -> bool:
        if self._pool is None:
            return False
        try:
            async with asyncio.timeout(1.0):
                await self._pool.enqueue_job(one.task, one.id, one.revision, _job_id=one.ring())
        except (RedisError, OSError, TimeoutError):
            logger.warning("redis is gone", extra={"action": "redis_lost"})
            self._pool = None
            return False
        return True

    async def _do(self, one: Due) -> None:
        try:
            async with self._places:
                await self._carry(one.task, one.id, one.revision)
        finally:
            self._busy.discard(one.ring())

    async def _carry(self, task: str, name: str, revision: int) -> None:
        if task == "consider":
            await self._tasks.consider(name)
        else:
            await self._tasks.execute(name, revision)
        self._wake.set()
        await self._bell.wake_doors()

    async def _listen(self) -> None:
        async for _ in self._bell.heard_by_workers():
            self._wake.set()

    async def _supervise_arq(self) -> None:
        """Keep arq running; while it can't, the loop does the work itself."""
        settings = RedisSettings.from_dsn(self._redis_url)
        settings.conn_retries = 0
        while True:
            try:
                pool = await create_pool(settings, job_serializer=to_json, job_deserializer=from_json)
                worker = _BellWorker(self._picked, pool, self._consider, self._execute)
                self._pool = pool
                await worker.async_run()
            except (RedisError, OSError, TimeoutError) as error:
                logger.warning("arq stopped", extra={"action": "arq_lost", "why": type(error).__name__})
            except Exception:
                # hostile or broken entries in redis surface here; the database is the truth
                logger.exception("arq broke", extra={"action": "arq_broke"})
            finally:
                self._pool = None
            await asyncio.sleep(1.0)

    async def _consider(self, _context: dict[str, object], name: str, revision: int) -> None:
        await self._carry("consider", name, revision)

    async def _execute(self, _context: dict[str, object], name: str, revision: int) -> None:
        await self._carry("execute", name, revision)


class _BellWorker(Worker):
    """arq's worker, woken by the relay beside it instead of polling fast."""

    def __init__(
        self, picked: asyncio.Event, pool: ArqRedis, consider: object, execute: object
    ) -> None:
        super().__init__(
            functions=[func(consider, name="consider"), func(execute, name="execute")],  # pyright: ignore[reportArgumentType]
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
        self._picked = picked

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
