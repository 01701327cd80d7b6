"""What a line is about, and how it follows what is corrected."""

from jobs import filings
from memory.records.decision import Verb
from tests.doubles.builders import Desk, a_letter, a_rate, a_source


async def about(desk: Desk, notice: str | None) -> list[str]:
    async with desk.company.store.read() as connection:
        return [one.kind for one in await filings.about(connection, notice)]


async def test_a_filed_line_is_about_its_records(desk: Desk):
    await desk.keep(a_rate("landing page", "1200"))
    await desk.forward(a_letter())
    line = next(one for one in await desk.cards() if one.notice.text.startswith("Filed"))

    kinds = await about(desk, line.notice.id)

    assert sorted(kinds) == ["contact", "customer", "project", "task"]


async def test_what_was_taken_back_is_not_there_to_be_about(desk: Desk):
    await desk.hear("task: send the plan by Monday")
    (line,) = await desk.cards()
    await desk.press(line, Verb.UNDO)

    assert await about(desk, line.notice.id) == []


async def test_a_question_and_a_line_of_the_house_are_about_no_record(desk: Desk):
    await desk.hear("printer fridya")
    question = (await desk.cards())[-1]
    told = await desk.outbox.tell("I'm back.")

    assert await about(desk, question.notice.id) == []
    assert await about(desk, told) == []
    assert await about(desk, None) == []
    assert await about(desk, "note_gone") == []


async def test_only_the_first_line_follows_so_that_answers_stay_as_they_were(desk: Desk):
    await desk.hear("task: send the plan by Monday")
    first = (await desk.cards())[0].notice.id
    for words in ("Friday", "Thursday"):
        await desk.hear(a_source(words, reply_to=first))

    assert await desk.texts() == [
        "Task: Send the plan, by Thursday 12 March.",
        "Changed: Send the plan, by Friday 13 March (was Monday 16 March).",
        "Changed: Send the plan, by Thursday 12 March (was Friday 13 March).",
    ]


async def test_a_task_that_is_done_says_so_in_its_line(desk: Desk):
    await desk.hear("task: send the plan by Monday")
    first = (await desk.cards())[0].notice.id

    await desk.hear(a_source("done", reply_to=first))

    assert (await desk.texts())[0] == "Task: Send the plan, by Monday 16 March, done."
