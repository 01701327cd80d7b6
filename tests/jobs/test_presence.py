import asyncio
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from jobs import claims, presence
from jobs.presence import Presence
from memory import tables
from memory.records.action import Action
from tests.doubles.builders import NOW, Desk

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
        alive = here.lives(other, "act_1", None)
        os.kill(child.pid, signal.SIGKILL)
        await child.communicate()

        assert (alive, here.lives(other, "act_1", None)) == (True, False)
        assert here.lives(here.worker, "act_1", None)
        assert not here.lives(None, "act_1", None)
        assert not here.lives("wrk_never", "act_1", None)


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


def test_a_folders_workers_share_its_name(tmp_path: Path):
    with ThreadPoolExecutor(8) as starts:
        made = list(starts.map(Presence, [tmp_path] * 16))

    assert len({one.worker for one in made}) == 16
    assert len({one.worker.partition("-")[2] for one in made}) == 1
    assert [one.name for one in (tmp_path / "workers").iterdir()] == ["machine"]
    assert all(len(one.worker) <= 40 for one in made)


def test_elsewhere_a_lease_that_is_renewed_is_a_sign_of_life(tmp_path: Path):
    steady = [0.0]
    here = Presence(tmp_path / "here", steady_s=lambda: steady[0])
    other = Presence(tmp_path / "there").worker

    for number in range(5):
        steady[0] = number * 29.0
        assert here.lives(other, "act_1", NOW + timedelta(seconds=number))
    for later, alive in ((10, True), (19.9, True), (10.2, False)):
        steady[0] += later
        assert here.lives(other, "act_1", NOW + timedelta(seconds=4)) is alive


@pytest.mark.parametrize("off", [timedelta(days=-400), timedelta(0), timedelta(days=400)])
def test_whatever_the_clocks_say_only_standing_still_counts(tmp_path: Path, off: timedelta):
    steady = [0.0]
    here = Presence(tmp_path / "here", steady_s=lambda: steady[0])
    other = Presence(tmp_path / "there").worker

    assert here.lives(other, "act_1", NOW + off)
    steady[0] = 31.0
    assert not here.lives(other, "act_1", NOW + off)


async def test_a_sign_of_life_renews_what_is_held_and_nothing_else(desk: Desk):
    mine, theirs = await desk.approved(), await desk.approved()
    for action, worker in ((mine, desk.here.worker), (theirs, "wrk_other")):

        async def work(connection, action: Action = action, worker: str = worker) -> None:
            await claims.claim_action(connection, desk.company, action.id, 1, worker)

        await desk.company.store.write(work)
    await desk.pass_time(timedelta(seconds=20))
    await desk.here_beats()

    leases = {row.id: row.lease_until for row in await desk.rows(tables.action)}
    assert timedelta(seconds=29) < leases[mine.id] - desk.now <= presence.LEASE
    assert leases[theirs.id] - desk.now < timedelta(seconds=11)
    assert await desk.is_ledger_true()
