"""Whoever waits hears of a change at once."""

import asyncio

from bot.changes import Changes
from memory.config import Config
from tests.bot.house import a_house

_AGES_S = 60.0


async def test_who_waits_hears_of_a_new_notice(tmp_path):
    async with a_house(tmp_path, Config()) as house, asyncio.TaskGroup() as group:
        changes = Changes(house.outbox, asyncio.Event())
        looking = group.create_task(changes.run())
        first = await changes.after(0, _AGES_S)
        waiting = group.create_task(changes.after(first, _AGES_S))

        await house.outbox.tell("Something new.")
        changes.look()

        assert await waiting > first
        looking.cancel()


async def test_who_waits_hears_of_a_stop(tmp_path):
    async with a_house(tmp_path, Config()) as house, asyncio.TaskGroup() as group:
        changes = Changes(house.outbox, asyncio.Event())
        looking = group.create_task(changes.run())
        first = await changes.after(0, _AGES_S)

        await house.outbox.stop("owner")
        changes.look()

        assert await changes.after(first, _AGES_S) > first
        looking.cancel()


async def test_waiting_ends_by_itself_when_nothing_happens(tmp_path):
    async with a_house(tmp_path, Config()) as house:
        changes = Changes(house.outbox, asyncio.Event())

        assert await changes.after(0, 0.01) == 0


async def test_nobody_waits_on_once_the_house_closes(tmp_path):
    async with a_house(tmp_path, Config()) as house, asyncio.TaskGroup() as group:
        changes = Changes(house.outbox, asyncio.Event())
        waiting = group.create_task(changes.after(0, _AGES_S))
        await changes.close()

        await waiting
        assert changes.closed
