"""A model that does not answer: the owner hears of it once, and nothing is lost."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from pydantic_ai.exceptions import ModelHTTPError

from agents.ladder import Ladder
from jobs import outage
from jobs.purse import RunPurse
from memory import tables
from memory.config import Models
from tests.agents.test_ladder import HARD, a_model, reads
from tests.doubles.builders import Desk, a_config, a_desk, a_source
from tests.doubles.models import Answer
from tests.house.words import assert_plain

BROKEN = ModelHTTPError(503, "m")
A_MINUTE = timedelta(minutes=1)


@asynccontextmanager
async def a_house(
    folder: Path, small: list[Answer], large: list[Answer] | None = None
) -> AsyncGenerator[Desk]:
    config = a_config(models=Models(small_price="1 / 10", large_price="20 / 100"))
    ladder = Ladder(
        config, small=a_model(*small), large=a_model(*large) if large is not None else None
    )
    async with a_desk(folder, config, ladder=ladder) as desk:
        yield desk


async def unsettled(desk: Desk) -> int:
    return sum(row.settled_at is None for row in await desk.rows(tables.source))


async def later(desk: Desk, by: timedelta) -> None:
    await desk.pass_time(by)
    await desk.think()


async def look(desk: Desk, after: timedelta) -> None:
    await desk.pass_time(after)
    await outage.watch(desk.company, desk.now)


async def test_the_owner_hears_of_it_within_half_a_minute_and_once(tmp_path: Path):
    async with a_house(tmp_path, [BROKEN] * 9) as desk:
        for number in range(3):
            await desk.hear(f"{HARD} {number}")
        await look(desk, timedelta(seconds=5))
        before = await desk.texts()
        for _ in range(3):
            await look(desk, timedelta(seconds=16))
        told = [one.notice for one in await desk.cards()]

    assert before == []
    assert [one.text for one in told] == [
        "My small model does not answer since 09:00. What you send is kept, and I read it once "
        "there is an answer. All that needs no model goes on."
    ]
    assert told[0].rings
    assert_plain(told[0].text)


async def test_what_passes_sooner_is_no_news(tmp_path: Path):
    async with a_house(tmp_path, [BROKEN, reads()]) as desk:
        await desk.hear(HARD)
        assert await unsettled(desk) == 1
        await later(desk, timedelta(seconds=10))
        await look(desk, timedelta(seconds=20))

        assert await unsettled(desk) == 0
        assert await desk.texts() == ["Kept: hosting"]


async def test_what_waited_is_read_once_there_is_an_answer_and_the_line_says_so(tmp_path: Path):
    async with a_house(tmp_path, [BROKEN, reads(), BROKEN, reads()]) as desk:
        await desk.hear(HARD)
        await look(desk, timedelta(seconds=21))
        await desk.think()

        assert await unsettled(desk) == 0
        assert (await desk.texts())[0] == (
            "My small model did not answer from 09:00 to 09:00. That is over, and what waited "
            "goes on."
        )

        await desk.hear(f"{HARD} again")
        await look(desk, timedelta(seconds=21))
        told = [text for text in await desk.texts() if text.startswith("My ")]
        assert [text.split(" since ")[0] for text in told] == ["My small model does not answer"]


async def test_what_nobody_can_wait_for_is_told_at_once(tmp_path: Path):
    busy = ModelHTTPError(429, "m", headers={"retry-after": "7200"})
    async with a_house(tmp_path, [busy]) as desk:
        await desk.hear(HARD)

        assert await unsettled(desk) == 0
        assert (await desk.texts())[0].startswith("My small model does not answer")


async def test_as_long_as_the_provider_asks_for_a_message_waits_in_the_database(tmp_path: Path):
    busy = ModelHTTPError(429, "m", headers={"retry-after": "120"})
    async with a_house(tmp_path, [busy, reads()]) as desk:
        await desk.hear(HARD)
        (run,) = await desk.rows(tables.run)
        assert run.due_at - desk.now > timedelta(seconds=110)
        assert run.attempts == 0

        await later(desk, A_MINUTE)
        assert await unsettled(desk) == 1
        await later(desk, 2 * A_MINUTE)
        assert await unsettled(desk) == 0


async def test_where_another_model_answers_nobody_waits(tmp_path: Path):
    async with a_house(tmp_path, [BROKEN], [reads()]) as desk:
        await desk.hear(HARD)

        assert await unsettled(desk) == 0
        assert not any("does not answer" in text for text in await desk.texts())


async def test_who_has_waited_an_hour_is_asked_instead(tmp_path: Path):
    async with a_house(tmp_path, [BROKEN] * 99) as desk:
        await desk.hear(HARD)
        for _ in range(9):
            await later(desk, 10 * A_MINUTE)
        questions = [one for one in await desk.cards() if one.notice.question is not None]

        assert await unsettled(desk) == 0
        assert len(questions) == 1


async def test_both_models_down_are_one_line(tmp_path: Path):
    async with a_house(tmp_path, [BROKEN] * 3, [BROKEN, reads()]) as desk:
        await desk.hear(HARD)
        await look(desk, timedelta(seconds=21))
        assert await desk.texts() == [
            "My models do not answer since 09:00. What you send is kept, and I read it once there "
            "is an answer. All that needs no model goes on."
        ]
        await desk.think()
        assert await unsettled(desk) == 0


async def test_a_call_that_takes_long_is_told_before_it_is_given_up(tmp_path: Path):
    async with a_house(tmp_path, []) as desk:
        await desk.tell(a_source(HARD))
        (due,) = await desk.due()
        await desk.change(tables.run, due.id, state="claimed", owner="wrk_other")
        await RunPurse(desk.company, due.id, "coordinator").reserve("small", 1_000)
        await desk.pass_time(timedelta(seconds=5))
        await outage.watch(desk.company, desk.now)
        before = await desk.texts()
        await desk.pass_time(timedelta(seconds=16))
        await outage.watch(desk.company, desk.now)
        await outage.watch(desk.company, desk.now)

        assert before == []
        (told,) = await desk.cards()
        assert told.notice.text.startswith("My small model does not answer since 09:00.")
        assert told.notice.rings


async def test_what_rules_can_read_waits_for_nobody(tmp_path: Path):
    async with a_house(tmp_path, [BROKEN] * 3) as desk:
        await desk.hear(HARD)
        await desk.hear("note: thicker paper")

        assert await unsettled(desk) == 1
        assert len(await desk.records("note")) == 1
