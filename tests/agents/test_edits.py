"""An edited message corrects what it filed, and files nothing twice."""

from datetime import timedelta
from typing import Any

from memory.records.change import Version
from memory.records.decision import Verb
from memory.records.intent import CORRECTS, Intent
from memory.records.kept import Kept
from memory.records.source import Source
from tests.doubles.builders import Desk, a_source


def facts(kept: Kept) -> dict[str, Any]:
    return kept.data()


def price(version: Version) -> int:
    data: Any = version.data
    return data["price"]["minor"]


async def edit(desk: Desk, old: Source, words: str) -> str:
    """The owner edits a message; what is said to it."""
    await desk.hear(a_source(words), Intent(kind="say", slots={CORRECTS: old.id}))
    return (await desk.texts())[-1]


async def test_one_price_with_its_history(desk: Desk):
    old = await desk.hear("hourly is 85")

    said = await edit(desk, old, "hourly is 95")

    (rate,) = await desk.records("rate")
    assert facts(rate)["price"]["minor"] == 9500
    assert [price(one) for one in await desk.versions(rate)] == [8500, 9500]
    assert said == "Corrected. Noted: hourly, 95 EUR an hour; before, 85 EUR."


async def test_one_task_in_a_new_version(desk: Desk):
    old = await desk.hear("task: send the plan by Monday")

    await edit(desk, old, "task: send the migration plan by Friday")

    (task,) = await desk.records("task")
    assert (facts(task)["what"], facts(task)["due"]) == ("Send the migration plan", "2026-03-13")
    assert (await desk.cards())[0].notice.text.startswith("Task: Send the migration plan, by")


async def test_undo_brings_the_first_words_back(desk: Desk):
    old = await desk.hear("task: send the plan by Monday")
    await edit(desk, old, "task: send the plan by Friday")

    await desk.press((await desk.cards())[-1], Verb.UNDO)

    (task,) = await desk.records("task")
    assert facts(task)["due"] == "2026-03-16"


async def test_what_is_said_no_more_is_taken_back(desk: Desk):
    old = await desk.hear("landing page 1,200, hourly 85")

    await edit(desk, old, "landing page costs 1,300")

    (rate,) = await desk.records("rate")
    assert (facts(rate)["what"], facts(rate)["price"]["minor"]) == ("landing page", 130000)


async def test_another_kind_of_wish_takes_the_place_of_the_first(desk: Desk):
    old = await desk.hear("note: call Marta")

    await edit(desk, old, "remind me Friday to call Marta")

    assert await desk.records("note") == []
    assert len(await desk.records("reminder")) == 1


async def test_words_that_nobody_understood_are_answered_by_their_edit(desk: Desk):
    old = await desk.hear("printer fridya")

    await edit(desk, old, "remind me Friday: printer")

    first = (await desk.cards())[0]
    assert await desk.records("note") == []
    assert len(await desk.records("reminder")) == 1
    assert first.notice.answered == "remind me Friday: printer"


async def test_new_words_that_nobody_understands_change_nothing(desk: Desk):
    old = await desk.hear("task: send the plan by Monday")

    await edit(desk, old, "hmm whatever that was")

    (task,) = await desk.records("task")
    assert facts(task)["due"] == "2026-03-16"


async def test_what_was_changed_since_is_left_alone(desk: Desk):
    old = await desk.hear("hourly is 85")
    await desk.hear("hourly is 90")

    await edit(desk, old, "daily is 600")

    rates = {facts(one)["what"]: facts(one)["price"]["minor"] for one in await desk.records("rate")}
    assert rates == {"hourly": 9000, "daily": 60000}


async def test_an_edit_waits_for_its_first_words(desk: Desk):
    old = a_source("task: send the plan by Monday")
    new = a_source("task: send the plan by Friday")
    await desk.tell(new, Intent(kind="say", slots={CORRECTS: old.id}))
    await desk.tell(old)
    for _ in range(3):
        await desk.think()
        await desk.pass_time(timedelta(seconds=2))

    (task,) = await desk.records("task")
    assert facts(task)["due"] == "2026-03-13"
