import asyncio
from pathlib import Path

from jobs.bell import Bell
from tests.doubles.builders import NOBODY_HOME, a_redis


async def test_a_ring_is_heard_by_those_it_is_for(tmp_path: Path):
    async with a_redis(tmp_path) as url:
        here, there = Bell(url), Bell(url)
        workers, doors = there.heard_by_workers(), there.heard_by_doors()
        await anext(workers)
        await anext(doors)

        await here.wake_workers()
        async with asyncio.timeout(5):
            await anext(workers)
        await here.wake_doors()
        async with asyncio.timeout(5):
            await anext(doors)

        await here.close()
        await there.close()


async def test_ringing_where_nobody_is_home_is_no_error():
    bell = Bell(NOBODY_HOME)

    await bell.wake_workers()
    await bell.wake_doors()

    await bell.close()
