"""Work beside the loop: its result comes back, and nobody waits for it at the end."""

import asyncio
import threading
import time

import pytest

from bot.beside import beside


async def test_what_the_call_returns_comes_back():
    assert await beside(divmod, 7, 2) == (3, 1)


async def test_what_the_call_raises_comes_back():
    with pytest.raises(ZeroDivisionError):
        await beside(divmod, 7, 0)


async def test_the_loop_goes_on_meanwhile():
    free = threading.Event()
    waiting = asyncio.ensure_future(beside(free.wait, 5))
    await asyncio.sleep(0)
    free.set()

    assert await waiting


def test_a_call_that_takes_long_does_not_hold_up_the_end():
    free = threading.Event()

    async def leave_early() -> None:
        async with asyncio.timeout(0.05):
            await beside(free.wait, 30)

    began = time.monotonic()
    with pytest.raises(TimeoutError):
        asyncio.run(leave_early())

    assert time.monotonic() - began < 2
    free.set()
