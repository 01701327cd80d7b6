"""The worker process: our own loop over the database, with arq in it as a supervised task."""

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from datetime import timedelta

from arq.connections import ArqRedis, RedisSettings, create_pool
from redis.exceptions import RedisError

from jobs import evidence, relay
from jobs.bell import Bell
from jobs.caretaker import Caretaker
from jobs.connector import Connector
from jobs.listener import Listener
from jobs.plain import from_json, to_json
from jobs.presence import ABSENT_AFTER, BEAT_S, Presence, last_seen
from jobs.relay import Due
from jobs.sweep import beat, sweep
from jobs.tasks import Tasks
from memory.clock import monotonic_s
from memory.company import Company
from memory.errors import Trouble

logger = logging.getLogger(__name__)

_TICK_S = 1.0
_BEAT_RUNG_S = 0.5
"""A ring asks for a sign of life soon: `steward clock` waits for one."""
_PATIENCE = timedelta(seconds=3)
"""Work that arq has not started after so long is done by the loop itself."""
_AT_ONCE = 16
"""At most this many pieces of work at the same time."""
_IN_HAND = 2 * _AT_ONCE
"""With so many handed out the rest stays in the database, where what is urgent overtakes it."""
_BREATH_S = 0.2
"""Between two looks while there is enough in hand."""


class WorkLoop:
    """Looks into the database each second and at each bell, and sees that what is due is done."""

    def __init__(
        self,
        company: Company,
        tasks: Tasks,
        connectors: Mapping[str, Connector],
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
        self._caretaker = Caretaker(company)
        self._searching: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()
        self._picked = asyncio.Event()
        self._pool: ArqRedis | None = None
        self._last_beat_s = float("-inf")
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._places = asyncio.Semaphore(_AT_ONCE)

    async def run(self) -> None:
        """Work until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._supervise_arq(group))
            group.create_task(self._listen())
            while True:
                try:
                    await self._look(group)
                except Trouble:
                    # a full or locked database: everything in it is still there in a second
                    logger.warning("memory is busy", extra={"action": "look_failed"})
                if len(self._busy) >= _AT_ONCE:
                    await asyncio.sleep(_BREATH_S)
                try:
                    async with asyncio.timeout(_TICK_S):
                        await self._wake.wait()
                except TimeoutError:
                    continue

    async def _look(self, group: asyncio.TaskGroup) -> None:
        """One look at the clock, at what time has moved, and at what is due."""
        pause_s = _BEAT_RUNG_S if self._wake.is_set() else BEAT_S
        self._wake.clear()
        await self._company.store.read_clock()
        if monotonic_s() - self._last_beat_s >= pause_s or await self._has_slept():
            await beat(self._company, self._here)
            self._last_beat_s = monotonic_s()
        await sweep(self._company, self._here, self._connectors)
        await self._caretaker.look(group)
        if self._searching is None or self._searching.done():
            self._searching = group.create_task(self._search())
        await self._hand_out(group)

    async def _search(self) -> None:
        """Look for what is in doubt; a mail server that keeps us waiting holds up nothing else."""
        try:
            await evidence.settle(self._company, self._connectors)
        except Trouble:
            logger.warning("memory is busy", extra={"action": "search_failed"})
        except Exception:
            logger.exception("search broke", extra={"action": "search_broke"})

    async def _has_slept(self) -> bool:
        """Whether the company's clock has moved on much further than this loop has noticed."""
        async with self._company.store.read() as connection:
            seen = await last_seen(connection)
        return seen is not None and self._company.clock.now() - seen > ABSENT_AFTER

    async def _hand_out(self, group: asyncio.TaskGroup) -> None:
        """Ring for everything that is due; do by ourselves what the bell did not start."""
        now = self._company.clock.now()
        room = _IN_HAND - len(self._busy)
        if room <= 0:
            return
        async with self._company.store.read() as connection:
            stopped = self._company.stop_file.exists()
            found = await relay.due(connection, now, stopped=stopped, limit=_IN_HAND)
        waiting = [one for one in found if one.ring() not in self._busy][:room]
        for one in waiting:
            if self._pool is None or now - one.since > _PATIENCE or not await self._ring(one):
                self._begin(group, one)
        if waiting:
            self._picked.set()

    async def _ring(self, one: Due) -> bool:
        """Hand one piece of work to arq; False when redis does not take it."""
        if self._pool is None:
            return False
        try:
            async with asyncio.timeout(1.0):
                await self._pool.enqueue_job(
                    one.task, one.id, one.revision, one.fence, _job_id=one.ring()
                )
        except (RedisError, OSError, TimeoutError):
            logger.warning("redis is gone", extra={"action": "redis_lost"})
            self._pool = None
            return False
        return True

    def _begin(self, group: asyncio.TaskGroup, one: Due) -> asyncio.Task[None]:
        """Start a piece of work once, whoever asks for it; the work belongs to the loop."""
        if one.ring() not in self._busy:
            self._busy[one.ring()] = group.create_task(self._do(one))
        return self._busy[one.ring()]

    async def _do(self, one: Due) -> None:
        try:
            async with self._places:
                if one.task == "consider":
                    await self._tasks.consider(one.id)
                else:
                    await self._tasks.execute(one.id, one.revision)
        except Trouble:
            logger.warning("memory is busy", extra={"action": "work_waits", "id": one.id})
        except Exception:
            # the database still has it as it was; one broken piece must not end all the others
            logger.exception("work broke", extra={"action": "work_broke", "id": one.id})
        finally:
            self._busy.pop(one.ring(), None)
        if len(self._busy) < _AT_ONCE:
            self._wake.set()
        await self._bell.wake_doors()

    async def _listen(self) -> None:
        async for _ in self._bell.heard_by_workers():
            self._wake.set()

    async def _supervise_arq(self, group: asyncio.TaskGroup) -> None:
        """Keep arq running; while it can't, the loop does the work itself."""
        settings = RedisSettings.from_dsn(self._redis_url)
        settings.conn_retries = 0

        async def carry(one: Due) -> None:
            # arq may time out, lose redis or be cancelled; the work goes on to its end
            await asyncio.shield(self._begin(group, one))

        pool: ArqRedis | None = None
        while True:
            try:
                pool = await create_pool(
                    settings, job_serializer=to_json, job_deserializer=from_json
                )
                self._pool = pool
                await Listener(self._picked, pool, self._company.clock.now, carry).async_run()
            except (RedisError, OSError, TimeoutError) as error:
                why = type(error).__name__
                logger.warning("arq stopped", extra={"action": "arq_lost", "why": why})
            except Exception:
                # hostile or broken entries in redis surface here; the database is the truth
                logger.exception("arq broke", extra={"action": "arq_broke"})
            finally:
                self._pool = None
                await _let_go(pool)
            await asyncio.sleep(_TICK_S)


async def _let_go(pool: ArqRedis | None) -> None:
    if pool is not None:
        with contextlib.suppress(RedisError, OSError, TimeoutError):
            await pool.aclose()
