"""One process of workers that read messages: `python -m tests.faultkit.budget.worker DATA 0 4 16`.

It does what the shipped worker does, without redis: it claims what is due and sweeps.
"""

import asyncio
import sys
import warnings
import zlib
from pathlib import Path

from agents.ladder import Ladder
from jobs import relay, sweep
from jobs.executor import Executor
from jobs.presence import Presence
from jobs.tasks import Tasks
from memory.company import Company, opened
from memory.config import Config
from memory.lifeline import until_parent_ends

CONFIG = "config.json"
_LOOK_S = 0.2
_SWEEP_S = 1.0


async def work(data: Path, share: int, shares: int, hands: int) -> None:
    """Read whatever is due, this process's share of it, until the parent ends."""
    config = Config.model_validate_json((data / CONFIG).read_text())
    ladder = Ladder(config)
    async with opened(config, data, busy_s=60) as company:
        with Presence(data) as here:
            tasks = Tasks(company, Executor(company, {}), ladder, here.worker)
            async with asyncio.TaskGroup() as group:
                group.create_task(_sweep(company, here))
                group.create_task(_read(company, tasks, group, (share, shares), hands))


async def _sweep(company: Company, here: Presence) -> None:
    while True:
        await sweep.beat(company, here)
        await sweep.sweep(company, here, {})
        await asyncio.sleep(_SWEEP_S)


async def _read(
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


if __name__ == "__main__":
    # pydantic-ai warns of every usage that can't be true; here most can't
    warnings.simplefilter("ignore")
    folder, *numbers = sys.argv[1:]
    asyncio.run(until_parent_ends(work(Path(folder), *map(int, numbers))))
