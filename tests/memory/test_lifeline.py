"""Lifeline: a child never outlives its parent."""

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, Process

import pytest

CHILD = """
import asyncio, sys
from memory.lifeline import until_parent_ends

async def works():
    print("at work", flush=True)
    try:
        await asyncio.{work}
    finally:
        print("put away", flush=True)

asyncio.run(until_parent_ends(works()))
"""


async def a_child(work: str = "Event().wait()") -> Process:
    code = CHILD.format(work=work)
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, stdin=PIPE, stdout=PIPE, stderr=PIPE
    )
    assert child.stdout is not None
    assert await child.stdout.readline() == b"at work\n"
    return child


async def ended(child: Process) -> tuple[int, bytes, bytes]:
    async with asyncio.timeout(20):
        said, wrong = await child.communicate()
    return child.returncode or 0, said, wrong


async def test_a_child_ends_when_the_parents_pipe_closes():
    child = await a_child()
    assert child.stdin is not None

    child.stdin.close()

    assert await ended(child) == (0, b"put away\n", b"")


async def test_a_child_ends_when_its_parent_is_killed():
    code = (
        "import subprocess, sys, time\n"
        f"subprocess.Popen([sys.executable, '-c', {CHILD.format(work='Event().wait()')!r}],"
        " stdin=subprocess.PIPE)\n"
        "time.sleep(60)\n"
    )
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=PIPE)
    assert parent.stdout is not None
    assert await parent.stdout.readline() == b"at work\n"

    parent.kill()

    async with asyncio.timeout(20):
        assert await parent.stdout.read() == b"put away\n"
        await parent.wait()


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
async def test_a_child_puts_its_work_away_when_asked_to_stop(sign: signal.Signals):
    child = await a_child()

    child.send_signal(sign)

    assert await ended(child) == (0, b"put away\n", b"")


async def test_a_child_ends_when_its_work_is_done():
    child = await a_child("sleep(0)")

    assert await ended(child) == (0, b"put away\n", b"")


async def test_what_ended_the_work_comes_out_as_it_is():
    child = await a_child("wait_for(None, 1)")

    code, _, wrong = await ended(child)

    assert code == 1
    assert wrong.splitlines()[-1].startswith(b"TypeError")
    assert b"ExceptionGroup" not in wrong
