"""Rings: what may make a sound, decided where the notice is written."""

from datetime import time, timedelta
from pathlib import Path

import pytest

from jobs import notices, rings
from jobs.rings import Manner
from memory import tables
from memory.config import Policy
from memory.labels import Label
from memory.records.source import Source
from tests.doubles.builders import Desk, a_config, a_desk, a_source

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


async def tell(desk: Desk, text: str = "one", **how) -> bool:
    """Tell something that would like to ring; whether it rang."""

    async def work(connection) -> bool:
        notice = await notices.tell(
            connection, desk.company, now=desk.now, text=text, rings=True, **how
        )
        return (await notices.find(connection, notice)).notice.rings

    return await desk.company.store.write(work)


async def waits(desk: Desk) -> list[str]:
    """The texts of what waits for the summary."""
    async with desk.company.store.read() as connection:
        return [
            (await notices.find(connection, one.notice)).notice.text
            for one in await rings.kept(connection)
        ]


async def known(desk: Desk, source: Source) -> str:
    """A message that is there and that nobody works on; its id."""
    await desk.tell(source)
    return source.id


@pytest.fixture
async def at_night(desk: Desk) -> Desk:
    await desk.pass_time(12 * HOUR)
    return desk


async def test_by_day_it_rings(desk: Desk):
    assert await tell(desk)
    assert await waits(desk) == []


async def test_in_quiet_hours_it_is_shown_silently_and_waits(at_night: Desk):
    assert not await tell(at_night, "a draft")
    assert await waits(at_night) == ["a draft"]
    assert await at_night.texts() == ["a draft"]


async def test_a_time_that_the_owner_asked_for_rings_at_night(at_night: Desk):
    assert await tell(at_night, manner=Manner.AT_ITS_TIME)


async def test_the_last_ring_of_a_day_is_left_for_the_summary(desk: Desk):
    rang = []
    for index in range(6):
        rang.append(await tell(desk, f"number {index}"))
        await desk.pass_time(20 * MINUTE)

    assert rang == [True, True, True, True, False, False]
    assert await waits(desk) == ["number 4", "number 5"]


async def test_trouble_may_take_the_last_ring_but_no_more(desk: Desk):
    for _ in range(4):
        await tell(desk)

    async def work(connection) -> list[bool]:
        return [
            await rings.decide(
                connection, desk.company, f"note_{name}", now=desk.now, source=None, trouble=name
            )
            for name in ("power", "power", "password")
        ]

    assert await desk.company.store.write(work) == [True, False, False]


async def test_the_next_day_has_its_own_rings(desk: Desk):
    for _ in range(6):
        await tell(desk)
    await desk.pass_time(24 * HOUR)

    assert await tell(desk)


async def test_with_no_rings_at_all_nothing_rings_but_what_was_asked_for(tmp_path: Path):
    async with a_desk(tmp_path, a_config(policy=Policy(rings_per_day=0))) as desk:
        assert not await tell(desk)
        assert not await tell(desk, manner=Manner.IN_PASSING)
        assert await tell(desk, manner=Manner.AT_ITS_TIME)


async def test_an_answer_to_what_was_just_typed_neither_rings_nor_waits(at_night: Desk):
    source = await known(at_night, a_source("what is my rate?"))

    assert not await tell(at_night, source=source)
    assert await at_night.rows(tables.ring) == []


async def test_an_answer_that_took_long_may_ring(desk: Desk):
    source = await known(desk, a_source("what is my rate?"))
    await desk.pass_time(2 * MINUTE)

    assert await tell(desk, source=source)


async def test_a_mail_that_was_passed_on_rings_once(desk: Desk):
    source = await known(desk, a_source(forwarded=True, label=Label.EXTERNAL))

    assert [await tell(desk, "card", source=source), await tell(desk, "ask", source=source)] == [
        True,
        False,
    ]
    assert await waits(desk) == []


async def test_what_comes_of_it_much_later_is_news_again(desk: Desk):
    source = await known(desk, a_source(forwarded=True, label=Label.EXTERNAL))
    await tell(desk, source=source)
    await desk.pass_time(HOUR)

    assert await tell(desk, "late", source=source)


async def test_words_of_the_houses_own_are_found_by_whoever_looks_already(desk: Desk):
    await tell(desk)
    await desk.pass_time(MINUTE)
    soon = await tell(desk, "brief", manner=Manner.IN_PASSING)
    await desk.pass_time(5 * MINUTE)

    assert (soon, await tell(desk, "brief", manner=Manner.IN_PASSING)) == (False, True)
    assert await waits(desk) == []


async def test_what_is_not_asked_to_ring_leaves_no_trace(desk: Desk):
    async def work(connection) -> None:
        await notices.tell(connection, desk.company, now=desk.now, text="filed")

    await desk.company.store.write(work)

    assert await desk.rows(tables.ring) == []


@pytest.mark.parametrize(
    ("hours", "at", "quiet"),
    [
        ("20:00-08:00", time(20), True),
        ("20:00-08:00", time(7, 59), True),
        ("20:00-08:00", time(8), False),
        ("13:00-14:00", time(13, 30), True),
        ("13:00-14:00", time(14), False),
        ("", time(3), False),
        ("08:00-08:00", time(3), False),
    ],
)
def test_quiet_hours_may_go_over_midnight(hours: str, at: time, quiet: bool):
    assert rings.is_quiet(Policy(quiet_hours=hours), at) is quiet
