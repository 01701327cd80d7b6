import asyncio
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

from jobs import presence
from jobs.presence import Presence
from tests.doubles.builders import Desk

ROOT = Path(__file__).parents[2]
HOLD = """
import sys, time
from pathlib import Path
from jobs.presence import Presence
with Presence(Path(sys.argv[1])) as here:
    print(here.worker, flush=True)
    time.sleep(60)
"""


async def test_a_worker_lives_until_its_process_dies(tmp_path: Path):
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", HOLD, str(tmp_path)), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert child.stdout is not None
    other = (await child.stdout.readline()).decode().strip()
    with Presence(tmp_path) as here:
        alive = here.lives(other)
        os.kill(child.pid, signal.SIGKILL)
        await child.communicate()

        assert (alive, here.lives(other)) == (True, False)
        assert here.lives(here.worker)
        assert not here.lives(None)
        assert not here.lives("wrk_never")


async def beat(desk: Desk) -> timedelta | None:
    async def work(connection) -> timedelta | None:
        return await presence.beat(connection, desk.here.worker, desk.now)

    return await desk.company.store.write(work)


async def test_a_long_silence_is_an_absence_and_a_short_one_is_not(desk: Desk):
    gaps = [await beat(desk)]
    for minutes in (1, 30):
        await desk.pass_time(timedelta(minutes=minutes), working=False)
        gaps.append(await beat(desk))

    assert gaps[:2] == [None, None]
    assert gaps[2] is not None
    assert gaps[2] >= timedelta(minutes=30)


async def test_only_time_without_any_worker_counts(desk: Desk):
    start = desk.now
    await beat(desk)
    for working in (True, False, True):
        await desk.pass_time(timedelta(hours=1), working=working)
        await beat(desk)

    async with desk.company.store.read() as connection:
        absent = await presence.absent_since(connection, start, desk.now)
        later = await presence.absent_since(connection, desk.now, desk.now)
    assert timedelta(minutes=59) < absent < timedelta(minutes=61)
    assert later == timedelta(0)
