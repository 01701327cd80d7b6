"""Strangers are written down, but they can't fill the disk by trying."""

import pytest

from bot.refusals import Refusals
from memory import ledger
from memory.config import Config
from tests.bot.house import a_house


@pytest.fixture
async def house(tmp_path):
    async with a_house(tmp_path, Config()) as house:
        yield house


async def lines(house) -> int:
    return (await house.events()).count("stranger_turned_away")


async def test_many_tries_are_one_line(house):
    refusals = Refusals(house.outbox, "hooks")
    for _ in range(20):
        await refusals.note("payments", "signature")

    assert await lines(house) == 1


async def test_another_name_is_another_line(house):
    refusals = Refusals(house.outbox, "hooks")
    await refusals.note("payments", "signature")
    await refusals.note("shop", "signature")

    assert await lines(house) == 2


async def test_after_a_while_it_is_told_how_many_more_there_were(house):
    refusals = Refusals(house.outbox, "hooks", quiet_s=0)
    await refusals.note("payments", "signature")
    refusals._unsaid["payments"] = 4
    await refusals.note("payments", "signature")

    async with house.company.store.read() as connection:
        entries = await ledger.entries(connection, "hooks")
    assert [one.detail.get("what") for one in entries] == ["signature", "signature, 4 more"]


async def test_made_up_names_share_a_line_in_the_end(house):
    refusals = Refusals(house.outbox, "hooks")
    for number in range(300):
        await refusals.note(f"name {number}", "name")

    assert await lines(house) == 257
