from jobs.conclusion import filed_line
from memory.records.change import Change
from memory.records.customer import Customer
from memory.records.message import Message
from memory.records.task import Task
from tests.doubles.builders import Desk, a_letter

MESSAGE = Message(direction="in", subject="Hello", text="x", content="c")


def test_a_filing_is_told_in_one_line_for_each_record():
    changes = tuple(
        Change.to(one)
        for one in (Customer(name="Bluefin Cafe"), Task(what="Call", origin="s"), MESSAGE)
    )

    assert filed_line(changes) == "Filed:\nCustomer: Bluefin Cafe\nTask: Call"


def test_a_letter_alone_is_told_by_its_subject():
    assert filed_line((Change.to(MESSAGE),)) == "Filed: Hello"


async def test_filing_is_silent_and_only_a_card_rings(mailing: Desk):
    await mailing.hear("my landing page costs 1,200 EUR")
    await mailing.forward(a_letter())

    rings = {one.notice.kind: one.notice.rings for one in await mailing.cards()}
    assert rings == {"line": False, "card": True}


async def test_a_question_is_asked_instead_of_a_line(desk: Desk):
    await desk.forward(a_letter())

    (only,) = await desk.cards()
    assert only.notice.question is not None
    assert len(await desk.records("customer")) == 1
