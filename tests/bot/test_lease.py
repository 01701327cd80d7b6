"""Two processes never do the same thing at once, and nobody waits longer than a lease."""

import asyncio
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from bot.lease import Lease
from jobs.outbox import Outbox
from memory.clock import monotonic_s
from memory.config import Config
from tests.bot.house import House, a_house

LENGTH_S = 0.4


class Killed(Outbox):
    """A process that ends without a farewell."""

    async def exchange(self, key: str, was: str | None, value: str) -> bool:
        return False if value == "" else await super().exchange(key, was, value)


class Worker:
    """Somebody who wants to be the only one."""

    def __init__(self, outbox: Outbox, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.lease = Lease(outbox, folder, "polling", length_s=LENGTH_S)
        self.at_work = asyncio.Event()

    async def work(self) -> None:
        self.at_work.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.at_work.clear()

    @asynccontextmanager
    async def going(self):
        task = asyncio.create_task(self.lease.hold(self.work))
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def until_at_work(self, within_s: float) -> float:
        began_s = monotonic_s()
        async with asyncio.timeout(within_s):
            await self.at_work.wait()
        return monotonic_s() - began_s


@pytest.fixture
async def house(data):
    async with a_house(data, Config()) as house:
        yield house


def killed(house: House) -> Outbox:
    return Killed(house.company, house.outbox._bell)


async def test_of_two_machines_one_works_and_the_other_follows_within_the_lease(house, tmp_path):
    first = Worker(killed(house), tmp_path / "one")
    second = Worker(house.outbox, tmp_path / "two")
    async with first.going():
        await first.until_at_work(1)
        async with second.going():
            await asyncio.sleep(LENGTH_S * 2)
            both = second.at_work.is_set()
    async with second.going():
        waited_s = await second.until_at_work(LENGTH_S * 2)

    assert not both
    assert waited_s >= LENGTH_S / 2


async def test_whoever_says_farewell_is_followed_at_the_next_look(house, tmp_path):
    first = Worker(house.outbox, tmp_path / "one")
    second = Worker(house.outbox, tmp_path / "two")
    async with first.going():
        await first.until_at_work(1)
    async with second.going():
        waited_s = await second.until_at_work(1)

    assert waited_s < LENGTH_S / 2


async def test_after_a_death_the_next_process_of_the_same_folder_does_not_wait(house, tmp_path):
    dead, next_one = (Worker(one, tmp_path / "one") for one in (killed(house), house.outbox))
    async with dead.going():
        await dead.until_at_work(1)
    async with next_one.going():
        waited_s = await next_one.until_at_work(1)

    assert waited_s < LENGTH_S / 2


async def test_two_processes_of_one_folder_take_turns(house, tmp_path):
    first, second = (Worker(house.outbox, tmp_path / "one") for _ in range(2))
    async with second.going():
        await second.until_at_work(1)
        async with first.going():
            await asyncio.sleep(LENGTH_S * 2)
            both = first.at_work.is_set()

    assert not both


async def test_a_holder_that_was_overtaken_while_it_slept_stops_its_work(house, tmp_path):
    worker = Worker(house.outbox, tmp_path / "one")
    async with worker.going():
        await worker.until_at_work(1)
        await house.outbox.remember("lease:polling", "somebody else 1")
        async with asyncio.timeout(LENGTH_S * 2):
            while worker.at_work.is_set():  # noqa: ASYNC110 - nobody announces it
                await asyncio.sleep(0.01)
        await worker.until_at_work(LENGTH_S * 3)


async def test_what_breaks_in_the_work_comes_out_as_it_is(house, tmp_path):
    lease = Lease(house.outbox, tmp_path, "polling", length_s=LENGTH_S)

    async def broken() -> None:
        raise LookupError("broken")

    with pytest.raises(LookupError):
        await lease.hold(broken)
