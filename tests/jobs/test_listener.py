import asyncio
from pathlib import Path

from arq.connections import RedisSettings, create_pool

from jobs.listener import Listener
from jobs.plain import from_json, to_json
from jobs.relay import Due
from tests.doubles.builders import NOW, a_redis


async def test_a_job_carries_an_id_to_whoever_does_the_work(tmp_path: Path):
    carried: asyncio.Queue[Due] = asyncio.Queue()
    picked = asyncio.Event()

    async with a_redis(tmp_path) as url:
        pool = await create_pool(
            RedisSettings.from_dsn(url), job_serializer=to_json, job_deserializer=from_json
        )
        listening = asyncio.create_task(
            Listener(picked, pool, lambda: NOW, carried.put).async_run()
        )
        await pool.enqueue_job("execute", "act_1", 2, 3, _job_id="act_1:2:3")
        picked.set()
        async with asyncio.timeout(5):
            due = await carried.get()
        listening.cancel()
        await asyncio.wait({listening})
        await pool.aclose()

    assert due == Due(task="execute", id="act_1", revision=2, fence=3, since=NOW)
