import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from redis.asyncio import Redis

from jobs.bell import Bell
from jobs.worker import WorkLoop
from memory.records.action import State
from memory.records.decision import Verb
from tests.doubles.builders import NOBODY_HOME, Desk, a_redis, a_source, until
from tests.doubles.smtp import Smtp

QUEUE = "arq:queue"


@pytest.fixture
async def redis(tmp_path: Path) -> AsyncIterator[str]:
    async with a_redis(tmp_path) as url:
        yield url


@asynccontextmanager
async def at_work(desk: Desk, url: str) -> AsyncGenerator[asyncio.Task[None]]:
    """A real loop at the desk, with its bell."""
    bell = Bell(url)
    loop = WorkLoop(desk.company, desk.tasks, desk.connectors, desk.here, bell, url)
    task = asyncio.create_task(loop.run())
    try:
        yield task
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await bell.close()


async def rung(desk: Desk, url: str, *texts: str) -> None:
    """Messages come in through a door that rings."""
    for text in texts:
        await desk.tell(a_source(text))
    bell = Bell(url)
    await bell.wake_workers()
    await bell.close()


async def notes(desk: Desk) -> list[str]:
    return sorted(one.title() for one in await desk.records("note"))


def has_notes(desk: Desk, *wanted: str):
    async def holds() -> bool:
        return await notes(desk) == sorted(wanted)

    return holds


async def test_a_message_is_worked_through_and_told_once(desk: Desk, redis: str):
    async with at_work(desk, redis):
        await rung(desk, redis, "note: thicker paper")

        await until(has_notes(desk, "thicker paper"))

    assert await desk.texts() == ["Kept: thicker paper"]
    assert await desk.due() == ()


async def test_without_any_redis_the_loop_does_the_work_itself(desk: Desk):
    async with at_work(desk, NOBODY_HOME):
        await desk.tell(a_source("note: thicker paper"))

        await until(has_notes(desk, "thicker paper"), within_s=5)


async def test_an_approved_mail_leaves_once_with_two_workers(
    mailing: Desk, witness: Smtp, redis: str
):
    card = await mailing.propose()

    async def is_done() -> bool:
        return await mailing.state(card) is State.DONE

    async with at_work(mailing, redis), at_work(mailing, redis):
        await mailing.press(card, Verb.APPROVE)
        await until(is_done)

    assert len(witness.sent) == 1


async def test_a_flush_at_any_moment_loses_and_doubles_nothing(desk: Desk, redis: str):
    wanted = [f"idea {number}" for number in range(12)]
    client = Redis.from_url(redis)

    async with at_work(desk, redis):
        for text in wanted:
            await rung(desk, redis, f"note: {text}")
            await client.flushall()
        await until(has_notes(desk, *wanted))

    await client.aclose()
    assert sorted(await desk.texts()) == sorted(f"Kept: {text}" for text in wanted)


async def test_redis_that_dies_and_comes_back_empty_changes_nothing(desk: Desk, tmp_path: Path):
    async with a_redis(tmp_path) as url:
        bell = Bell(url)
        loop = WorkLoop(desk.company, desk.tasks, desk.connectors, desk.here, bell, url)
        task = asyncio.create_task(loop.run())
        await rung(desk, url, "note: before")
        await until(has_notes(desk, "before"))
    await desk.tell(a_source("note: meanwhile"))
    await until(has_notes(desk, "before", "meanwhile"), within_s=8)
    async with a_redis(tmp_path) as url:
        await rung(desk, url, "note: after")
        await until(has_notes(desk, "before", "meanwhile", "after"), within_s=8)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await bell.close()


@pytest.mark.parametrize(
    "payload",
    [
        b"\x80\x04cos\nsystem\n(S'true'\ntR.",
        b"not json at all",
        b"[]",
        json.dumps({"t": 1, "f": "consider", "a": [1, [], {}], "k": {}, "et": 1}).encode(),
        json.dumps({"t": 1, "f": "consider", "a": ["x"], "k": {}, "et": 1}).encode(),
        json.dumps({"t": 1, "f": "execute", "a": ["x", 1, 0], "k": {"y": 2}, "et": 1}).encode(),
        json.dumps({"t": 1, "f": "execute", "a": ["act_x", 1, 0], "k": {}, "et": 1}).encode(),
        json.dumps({"t": 1, "f": "os.system", "a": ["true"], "k": {}, "et": 1}).encode(),
    ],
    ids=[
        "a pickle",
        "text",
        "a list",
        "odd arguments",
        "too few arguments",
        "unknown keywords",
        "an id of nothing",
        "another function",
    ],
)
async def test_a_hostile_job_in_redis_does_nothing_and_stops_nothing(
    desk: Desk, redis: str, payload: bytes
):
    client = Redis.from_url(redis)
    await client.set("arq:job:evil", payload)
    await client.zadd(QUEUE, {"evil": 1})

    async with at_work(desk, redis):
        await rung(desk, redis, "note: thicker paper")
        await until(has_notes(desk, "thicker paper"), within_s=8)

    await client.aclose()
    assert await desk.texts() == ["Kept: thicker paper"]


@pytest.mark.parametrize("spoil", ["queue", "member", "jobs"])
async def test_keys_of_a_wrong_type_slow_nothing_down_for_long(desk: Desk, redis: str, spoil: str):
    client = Redis.from_url(redis)
    await desk.tell(a_source("note: thicker paper"))
    if spoil == "queue":
        await client.set(QUEUE, "nonsense")
    elif spoil == "member":
        await client.zadd(QUEUE, {b"\xff\xfe": 1})
    else:
        for one in await desk.due():
            await client.set(f"arq:job:{one.ring()}", "nonsense")

    async with at_work(desk, redis):
        await until(has_notes(desk, "thicker paper"), within_s=10)

    await client.aclose()


async def test_a_locked_database_is_waited_for(desk: Desk):
    desk_is_locked = asyncio.Event()

    async with at_work(desk, NOBODY_HOME) as task:
        await desk.tell(a_source("note: thicker paper"))

        async def hold(connection) -> None:
            desk_is_locked.set()
            await asyncio.sleep(0.5)

        await desk.company.store.write(hold)
        await until(has_notes(desk, "thicker paper"))

        assert desk_is_locked.is_set()
        assert not task.done()


async def test_the_loop_notices_that_it_slept_before_anything_leaves(mailing: Desk, witness: Smtp):
    card = await mailing.propose()
    await mailing.press(card, Verb.APPROVE)
    await mailing.here_beats()
    await mailing.pass_time(timedelta(hours=3), working=False)

    async def asks_again() -> bool:
        return await mailing.state(card) is State.AWAITING

    async with at_work(mailing, NOBODY_HOME):
        await until(asks_again)

    assert witness.events == ()
