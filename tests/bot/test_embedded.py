"""Our own redis: a child on our own socket, adopted when it outlived its parent."""

import os
import stat
from pathlib import Path

from redis.asyncio import Redis

from bot.embedded import answers, end, socket_of, start, url_of


async def test_it_answers_once_it_was_started_and_ends_when_asked(tmp_path):
    before = await answers(tmp_path)
    child = await start(tmp_path)
    answered = await answers(tmp_path)
    await end(tmp_path)
    assert child is not None

    assert await child.wait() == 0
    assert (before, answered) == (False, True)
    assert not socket_of(tmp_path).exists()


async def test_nobody_but_us_can_reach_it(tmp_path):
    child = await start(tmp_path)
    mode = stat.S_IMODE(socket_of(tmp_path).stat().st_mode)
    client: Redis = Redis.from_url(url_of(tmp_path))
    port = (await client.config_get("port"))["port"]
    await client.aclose()
    await end(tmp_path)
    assert child is not None
    await child.wait()

    assert mode == 0o700
    assert port == "0"


async def test_one_that_still_runs_is_adopted(tmp_path):
    child = await start(tmp_path)
    assert child is not None
    try:
        assert await start(tmp_path) is None
        assert child.returncode is None
    finally:
        await end(tmp_path)
        await child.wait()


async def test_a_socket_that_was_left_behind_is_no_redis(tmp_path):
    child = await start(tmp_path)
    assert child is not None
    child.kill()
    await child.wait()
    left = socket_of(tmp_path).exists()

    answered = await answers(tmp_path)
    again = await start(tmp_path)
    await end(tmp_path)

    assert (left, answered) == (True, False)
    assert again is not None
    await again.wait()


def test_a_folder_with_a_long_name_gets_a_short_socket(tmp_path):
    deep = tmp_path / ("a-very-long-name" * 8)

    place = socket_of(deep)

    assert len(os.fsencode(place)) <= 100
    assert place == socket_of(deep)
    assert place != socket_of(deep / "x")
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700


def test_a_folder_with_a_short_name_holds_its_own_socket():
    assert socket_of(Path("/data")) == Path("/data/redis.sock")
