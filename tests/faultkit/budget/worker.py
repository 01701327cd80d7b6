"""One process of workers: `python -m tests.faultkit.budget.worker DATA 0 4 4 12`.

Some do what the shipped worker does, without redis: they claim what is due, and sweep. The others
only read, as fast as they can, so that money and models are always in demand.
"""

import asyncio
import sys
import warnings
import zlib
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

from agents.ladder import Ladder
from jobs import relay, runs, sources, sweep
from jobs.executor import Executor
from jobs.presence import Presence
from jobs.purse import RunPurse
from jobs.tasks import Tasks
from memory.company import Company, opened
from memory.config import Config
from memory.ids import derived_id, new_id
from memory.lifeline import until_parent_ends
from memory.records.intent import Intent
from memory.records.run import Run, RunState
from tests.doubles.builders import a_source, heard

CONFIG = "config.json"
ENOUGH = "ENOUGH"
"""Once this file is there, nobody asks for the sake of asking."""
READER = "reader"
"""How the names of messages begin that somebody only reads, again and again."""
_LOOK_S = 0.2
_SWEEP_S = 1.0
_PAUSE_S = 1.0


async def work(data: Path, share: int, shares: int, hands: int, readers: int) -> None:
    """Work until the parent ends.

    Args:
        share: Which process this is.
        shares: How many there are.
        hands: How many messages are worked on at a time.
        readers: How many more only read.
    """
    config = Config.model_validate_json((data / CONFIG).read_text())
    ladder = Ladder(config)
    async with opened(config, data, busy_s=60) as company:
        with Presence(data) as here:
            tasks = Tasks(company, Executor(company, {}), ladder, here.worker)
            async with asyncio.TaskGroup() as group:
                group.create_task(_sweep(company, here))
                group.create_task(_consider(company, tasks, group, (share, shares), hands))
                for _ in range(readers):
                    group.create_task(_read(company, ladder, here))


async def _sweep(company: Company, here: Presence) -> None:
    while True:
        await sweep.beat(company, here)
        await sweep.sweep(company, here, {})
        await asyncio.sleep(_SWEEP_S)


async def _consider(
    company: Company, tasks: Tasks, group: asyncio.TaskGroup, share: tuple[int, int], hands: int
) -> None:
    busy: set[str] = set()

    async def consider(run: str) -> None:
        try:
            await tasks.consider(run)
        finally:
            busy.discard(run)

    while True:
        async with company.store.read() as connection:
            due = await relay.due(connection, company.clock.now(), stopped=True, limit=400)
        for one in due:
            is_ours = zlib.crc32(one.id.encode()) % share[1] == share[0]
            if is_ours and one.id not in busy and len(busy) < hands:
                busy.add(one.id)
                group.create_task(consider(one.id))
        await asyncio.sleep(_LOOK_S)


async def _read(company: Company, ladder: Ladder, here: Presence) -> None:
    """One call after the other under one run; if this process dies, others find it unfinished."""
    source = a_source("hosting ate another 35, ugh", native_id=new_id(READER))

    async def begin(connection: AsyncConnection) -> Run | None:
        fresh = source.model_copy(update={"received_at": company.clock.now()})
        await sources.accept(connection, company, fresh, (Intent(kind="say"),))
        name = derived_id("run", source.id, "coordinator", "0")
        return await runs.claim_run(connection, company, name, here.worker)

    run = await company.store.write(begin)
    assert run is not None
    while not (company.data / ENOUGH).exists():
        reading = await ladder.read(heard(source.text), RunPurse(company, run.id, "coordinator"))
        if reading.held:
            await asyncio.sleep(_PAUSE_S)

    async def end(connection: AsyncConnection) -> None:
        now = company.clock.now()
        await runs.end_run(connection, company, run, RunState.PLANNED, due_at=now, attempts=0)

    await company.store.write(end)


if __name__ == "__main__":
    # pydantic-ai warns of every usage that can't be true; here most can't
    warnings.simplefilter("ignore")
    folder, *numbers = sys.argv[1:]
    asyncio.run(until_parent_ends(work(Path(folder), *map(int, numbers))))
