"""What waits for its files survives a restart, in order, once."""

import asyncio

import pytest

from bot.slack_later import SlackLater
from memory.config import Config
from tests.bot.house import House, a_house


@pytest.fixture
async def house(data):
    async with a_house(data, Config()) as house:
        yield house


async def test_it_is_there_after_a_restart_in_the_order_it_came(house: House):
    first = SlackLater(house.outbox)
    for name in ("one", "two", "one"):
        await first.add(name, {"chat": name})

    again = SlackLater(house.outbox)
    found = [await again.first()]
    await again.done("one")
    found.append(await again.first())
    await again.done("two")

    assert found == [("one", {"chat": "one"}), ("two", {"chat": "two"})]


async def test_whoever_waits_is_woken(house: House):
    later = SlackLater(house.outbox)
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        waiting = group.create_task(later.first())
        await asyncio.sleep(0)
        await later.add("one", {})

    assert waiting.result() == ("one", {})


async def test_to_be_done_twice_changes_nothing(house: House):
    later = SlackLater(house.outbox)
    await later.add("one", {})
    await later.done("one")
    await later.done("one")

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await later.first()
