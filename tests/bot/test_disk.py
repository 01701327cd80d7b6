"""With too little room nothing is taken in, and the owner hears of it once."""

import pytest

from bot.adapter import Inbound
from bot.disk import Disk
from bot.intake import Intake
from memory.config import Config
from memory.errors import Unavailable
from tests.bot.house import a_house
from tests.house.words import assert_plain

NEVER_ENOUGH = 2**62


def a_message(text: str, native_id: str) -> Inbound:
    return Inbound(door="chat", native_id=native_id, chat="c", person="111", text=text)


async def test_a_full_disk_takes_nothing_in_and_says_so_once(data):
    async with a_house(data, Config()) as house:
        await house.outbox.pair("chat", "111", "c")
        intake = Intake(
            house.company, house.outbox, Disk(data, house.outbox, least_bytes=NEVER_ENOUGH)
        )
        with pytest.raises(Unavailable) as refused:
            await intake.receive(a_message("hello", "m1"))
        with pytest.raises(Unavailable):
            await intake.receive(a_message("hello again", "m2"))
        (told,) = await house.told()

        assert await house.sources() == []

    assert "are left" in refused.value.sentence
    assert_plain(f"{refused.value.sentence} {refused.value.hint} {told}")
    assert "take nothing in" in told


async def test_stop_works_on_a_full_disk(data):
    async with a_house(data, Config()) as house:
        await house.outbox.pair("chat", "111", "c")
        intake = Intake(
            house.company, house.outbox, Disk(data, house.outbox, least_bytes=NEVER_ENOUGH)
        )

        await intake.receive(a_message("stop", "m1"))

        assert house.outbox.stopped()


async def test_room_again_is_said_even_after_a_restart(data):
    async with a_house(data, Config()) as house:
        with pytest.raises(Unavailable):
            await Disk(data, house.outbox, least_bytes=NEVER_ENOUGH).has_room()
        with pytest.raises(Unavailable):
            await Disk(data, house.outbox, least_bytes=NEVER_ENOUGH).has_room()

        after = Disk(data, house.outbox, least_bytes=0)
        await after.has_room()
        await after.has_room()

        told = await house.told()

    assert len(told) == 2
    assert told[1] == "There is room on the disk again. I take in what waited."
