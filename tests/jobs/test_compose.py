import asyncio
from pathlib import Path

import pytest

from jobs import marks
from jobs.compose import connectors_for, run_worker
from memory.backup import COPIED
from memory.records.action import State
from tests.doubles.builders import (
    NOBODY_HOME,
    Desk,
    a_config,
    a_desk,
    a_source,
    an_account,
    until,
)


def test_every_kind_of_effect_outside_has_a_hand(desk: Desk):
    assert set(connectors_for(desk.company)) == {"mail.send", "calendar.add"}


async def test_a_worker_that_begins_from_a_copy_holds_what_may_have_left(tmp_path: Path):
    async with a_desk(tmp_path, a_config(smtp=an_account(1))) as desk:
        action = await desk.approved()

        async def say(connection) -> None:
            await marks.keep(connection, COPIED, "1")

        await desk.company.store.write(say)
        working = asyncio.create_task(run_worker(a_config(), tmp_path, NOBODY_HOME))

        async def is_held() -> bool:
            return await desk.state(action) is State.UNKNOWN

        await until(is_held)
        working.cancel()
        with pytest.raises(asyncio.CancelledError):
            await working


async def test_a_worker_works_until_it_is_cancelled_and_leaves_no_lock(tmp_path: Path):
    async with a_desk(tmp_path) as desk:
        working = asyncio.create_task(run_worker(a_config(), tmp_path, NOBODY_HOME))
        await desk.tell(a_source("note: paper"))

        async def is_kept() -> bool:
            return len(await desk.records("note")) == 1

        await until(is_kept)
        working.cancel()
        with pytest.raises(asyncio.CancelledError):
            await working

        locks = {one.name for one in (tmp_path / "workers").iterdir()}
        assert locks == {desk.here.worker, "machine"}
