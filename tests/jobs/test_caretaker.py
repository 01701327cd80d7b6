"""The caretaker: a clock that jumped, a backup that is due."""

import asyncio
from datetime import datetime, timedelta

import pytest

from jobs.caretaker import Caretaker, Drift
from memory.audit import audited
from memory.clock import WallClock, since_boot_s
from memory.errors import Unavailable
from tests.doubles.builders import NOW, Desk
from tests.house.words import assert_plain
from tests.memory.given import a_disk_that_is_full_after


class Hands:
    """A wall clock and a steady one, moved by hand."""

    def __init__(self) -> None:
        self.wall: datetime = NOW
        self.steady_s = 1000.0

    def drift(self) -> Drift:
        return Drift(lambda: self.wall, lambda: self.steady_s)

    def pass_time(self, by: timedelta) -> None:
        self.wall += by
        self.steady_s += by.total_seconds()


async def look(caretaker: Caretaker) -> None:
    async with asyncio.TaskGroup() as group:
        await caretaker.look(group)


def test_time_that_passes_is_no_jump_however_long_it_slept():
    hands = Hands()
    drift = hands.drift()
    hands.pass_time(timedelta(hours=9))

    assert drift.jumped() is None


@pytest.mark.parametrize("minutes", [4, -4])
def test_a_clock_that_is_put_right_is_nobodys_business(minutes: int):
    hands = Hands()
    drift = hands.drift()
    hands.wall += timedelta(minutes=minutes)

    assert drift.jumped() is None


def test_the_machines_own_clocks_agree():
    drift = Drift(WallClock().now, since_boot_s)

    assert drift.jumped() is None


async def test_a_jump_is_told_once(desk: Desk):
    hands = Hands()
    caretaker = Caretaker(desk.company, drift=hands.drift())
    hands.wall += timedelta(hours=2)
    await look(caretaker)
    hands.pass_time(timedelta(seconds=1))
    await look(caretaker)

    (text,) = await desk.texts()
    assert text == (
        "This computer's clock jumped ahead by 2 h. Please check its date and time: "
        "whatever is due goes by it."
    )
    assert_plain(text)


async def test_a_clock_that_is_put_back_far_is_told_too(desk: Desk):
    hands = Hands()
    caretaker = Caretaker(desk.company, drift=hands.drift())
    hands.wall -= timedelta(minutes=40)
    await look(caretaker)

    assert (await desk.texts())[0].startswith("This computer's clock jumped back by 40 min.")


async def test_the_samples_own_clock_is_no_computers(desk: Desk):
    caretaker = Caretaker(desk.company)
    await desk.pass_time(timedelta(days=1))
    await look(caretaker)

    assert await desk.texts() == []


async def test_a_backup_that_is_due_is_made_beside_the_work(desk: Desk):
    await desk.here_beats()
    await desk.pass_time(timedelta(hours=19))

    await look(Caretaker(desk.company))

    assert (desk.company.data / "backups" / "night-20260311" / "steward.db").exists()


async def test_the_records_are_sealed_outside_every_hour_in_which_anything_happened(desk: Desk):
    await desk.propose()
    caretaker = Caretaker(desk.company)
    seals: list[int] = []
    for minutes in (0, 30, 31, 120):
        await desk.pass_time(timedelta(minutes=minutes))
        await caretaker.seal()
        seals.append(len(desk.company.anchors.every()[0]))
        await desk.propose()
    await caretaker.seal()

    assert seals == [1, 1, 2, 3]
    found = await audited(desk.company)
    assert (found.faults, found.anchors) == ((), 3)


async def test_a_look_around_seals_too(desk: Desk):
    await desk.propose()

    await look(Caretaker(desk.company))

    last = desk.company.anchors.last()
    assert last is not None
    assert last.seq > 0


async def test_a_disk_that_takes_no_seal_is_said(desk: Desk):
    await desk.propose()
    with a_disk_that_is_full_after(0), pytest.raises(Unavailable, match="seal"):
        await Caretaker(desk.company).seal()
