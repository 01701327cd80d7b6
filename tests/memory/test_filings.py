"""Filings: how much of what was filed, without what was taken back or works behind the scenes."""

from datetime import timedelta

from jobs.actions import Origin, file
from memory.filings import Filed, filed
from memory.ids import new_id
from memory.records.change import Change
from memory.records.decision import Verb
from memory.records.kept import Kept
from memory.records.message import Message
from memory.records.note import Note
from memory.records.process import Process
from memory.records.task import Task
from tests.doubles.builders import Desk, a_desk
from tests.house.words import assert_plain

DAY = timedelta(days=1)
LETTER = Message(direction="in", subject="Menu", text="hi", content="c1")
ORIGIN = Origin(source="src_1", run="run_1", agent="coordinator@1", path="rules")


async def put(desk: Desk, *kept: Kept) -> None:
    async def work(connection) -> None:
        await file(
            connection, desk.company, tuple(Change.to(one) for one in kept),
            action_id=new_id("act"), origin=ORIGIN, rationale="", now=desk.now,
        )  # fmt: skip

    await desk.company.store.write(work)


async def found(desk: Desk) -> Filed:
    async with desk.company.store.read() as connection:
        return await filed(connection, desk.now - DAY, desk.now + DAY)


async def test_it_is_counted_by_kind_and_letters_are_mails(tmp_path):
    async with a_desk(tmp_path) as desk:
        await put(desk, Task(what="Send quote", origin="s"), LETTER, Process(subject="p", name="n"))
        await put(desk, Task(what="Call Tom", origin="s"))

        said = (await found(desk)).text("today")

    assert said.startswith("Filed today (3): 2 tasks, 1 mail.\n- Task: ")
    assert said.count("\n") == 2
    assert_plain(said)


async def test_what_was_taken_back_is_not_counted(tmp_path):
    async with a_desk(tmp_path) as desk:
        await desk.hear("note: thicker paper")
        card = next(one for one in await desk.cards() if one.action)
        await desk.press(card, Verb.UNDO)

        assert (await found(desk)).total == 0


async def test_the_owners_own_records_and_another_days_are_left_out(tmp_path):
    async with a_desk(tmp_path) as desk:
        await desk.keep(Note(text="by hand", origin="s1"))
        await put(desk, Note(text="today", origin="s2"))
        await desk.pass_time(3 * DAY)

        assert (await found(desk)).total == 0


async def test_a_long_list_is_counted_and_a_long_line_ends_at_a_word(tmp_path):
    async with a_desk(tmp_path) as desk:
        await put(desk, *(Task(what=f"{index} " + "word " * 40, origin="s") for index in range(8)))

        said = (await found(desk)).text("since Friday").splitlines()

    assert said[0] == "Filed since Friday (8): 8 tasks."
    assert said[-1] == "- and 3 more"
    assert all(line.endswith("word ...") for line in said[1:-1])
