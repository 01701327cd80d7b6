"""With too little room nothing is taken in, and the owner hears of it once."""

import asyncio
from pathlib import Path

import pytest

from bot.adapter import Inbound
from bot.disk import LEAST_BYTES, MEGABYTE, Disk, free_bytes
from bot.intake import Intake
from memory.config import Config
from memory.errors import Unavailable
from tests.bot.house import a_house
from tests.house.words import assert_plain

NEVER_ENOUGH = 2**62
BELOW, BETWEEN, ENOUGH = LEAST_BYTES - 1, 2 * LEAST_BYTES - 1, 2 * LEAST_BYTES


class Space:
    """How much a disk takes, changed by hand."""

    def __init__(self, free: int) -> None:
        self.free = free
        self.looked = asyncio.Event()

    def left(self, _folder: Path) -> int:
        self.looked.set()
        return self.free


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


async def test_a_disk_at_the_brink_is_not_told_to_and_fro(data):
    space = Space(BETWEEN)
    async with a_house(data, Config()) as house:
        disk = Disk(data, house.outbox, free=space.left)
        await disk.has_room()
        for _ in range(3):
            space.free = BELOW
            with pytest.raises(Unavailable):
                await disk.has_room()
            space.free = BETWEEN
            await disk.has_room()
        at_the_brink = await house.told()
        space.free = ENOUGH
        await disk.has_room()

        assert len(at_the_brink) == 1
        assert f"With less than {LEAST_BYTES // MEGABYTE} MB" in at_the_brink[0]
        assert await house.told() == (
            *at_the_brink,
            "There is room on the disk again. I take in what waited.",
        )


async def test_many_that_come_at_once_hear_of_it_once(data):
    async with a_house(data, Config()) as house:
        disk = Disk(data, house.outbox, least_bytes=NEVER_ENOUGH)

        refused = await asyncio.gather(*(disk.has_room() for _ in range(5)), return_exceptions=True)

        assert {type(one) for one in refused} == {Unavailable}
        assert len(await house.told()) == 1


async def test_a_disk_that_fills_is_told_though_nothing_comes_in(data):
    space = Space(ENOUGH)
    async with a_house(data, Config()) as house, asyncio.TaskGroup() as group:
        watching = group.create_task(Disk(data, house.outbox, free=space.left).watch(every_s=0.01))
        await space.looked.wait()
        assert await house.told() == ()
        space.free = BELOW
        async with asyncio.timeout(5):
            while not (told := await house.told()):  # noqa: ASYNC110 - a notice tells nobody
                await asyncio.sleep(0.01)
        watching.cancel()

    assert "nearly full: 199 MB are left" in told[0]


async def test_a_disk_that_cannot_be_looked_at_ends_no_watch(data):
    async with a_house(data, Config()) as house:
        disk = Disk(data / "nowhere", house.outbox)
        with pytest.raises(Unavailable, match="disk"):
            await disk.has_room()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await disk.watch(every_s=0.01)


def test_a_real_disk_says_what_it_takes(tmp_path: Path):
    assert free_bytes(tmp_path) > 0
