import asyncio
from datetime import timedelta

from jobs import runs, sources
from memory import tables
from memory.labels import Label
from memory.records.action import State
from memory.records.decision import Verb
from memory.records.kinds import kept_kinds
from memory.records.source import File
from tests.doubles.builders import Desk, a_letter, a_rate, a_source
from tests.doubles.smtp import Smtp

LANDING = a_rate("landing page", "1200")


async def count(desk: Desk) -> dict[str, int]:
    """How many records of each kind stand."""
    found = {kind: len(await desk.records(kind)) for kind in kept_kinds()}
    return {kind: number for kind, number in found.items() if number}


FILED = {"contact": 1, "customer": 1, "message": 1, "process": 1, "project": 1, "task": 1}


async def test_an_enquiry_files_its_people_and_its_work_and_puts_a_draft_before_the_owner(
    mailing: Desk, witness: Smtp
):
    await mailing.keep(LANDING)

    await mailing.forward(a_letter())

    card = await mailing.card()
    assert await count(mailing) == {**FILED, "rate": 1}
    assert card.action is not None
    assert card.action.state is State.AWAITING
    assert "1,200 EUR" in str(card.action.effect.facts())
    assert card.action.agent == "replies@1"
    assert witness.events == ()


async def test_what_a_letter_says_is_never_the_owners_word(desk: Desk):
    await desk.forward(a_letter())

    rows = await desk.rows(tables.revision)
    labels = {label for row in rows for label in Label if f'"label":"{label}"' in row.provenance}
    assert labels == {Label.EXTERNAL}


async def test_a_letter_that_was_pasted_is_a_letter(desk: Desk):
    await desk.hear(
        a_source("Hi Dana,\n\nhow much is a landing page?\n\nThanks,\nMarta\nmarta@x.example")
    )

    assert (await count(desk))["message"] == 1
    assert (await count(desk))["contact"] == 1


async def test_the_same_letter_passed_on_again_is_filed_once(desk: Desk):
    await desk.keep(LANDING)
    await desk.forward(a_letter())
    before = await count(desk)

    await desk.forward(a_letter(message_id="<another@phone.example>"))

    assert await count(desk) == before
    assert (await desk.texts())[-1] == (
        'Already filed on 10 March: "Landing page for our spring menu".'
    )


async def test_the_same_letter_twice_at_the_same_moment_is_filed_once(desk: Desk):
    await desk.keep(LANDING)
    first, second = desk.envelope(a_letter()), desk.envelope(a_letter())
    await desk.tell(first)
    await desk.tell(second)

    for _ in range(4):
        due = await desk.due()
        await asyncio.gather(*(desk.tasks.consider(one.id) for one in due))
    await desk.pass_time(timedelta(seconds=5))
    await desk.think()

    cards = [one for one in await desk.cards() if one.notice.kind == "card"]
    assert await count(desk) == {**FILED, "rate": 1}
    assert len(cards) == 1
    assert sorted(text.partition(" ")[0] for text in await desk.texts()) == [
        "",
        "Already",
        "Filed:\nCustomer:",
    ]


async def test_one_run_is_done_by_one_of_two_workers(desk: Desk):
    await desk.tell(a_source("note: thicker paper"))
    (planned,) = await desk.due()

    await asyncio.gather(*(desk.tasks.consider(planned.id) for _ in range(5)))
    await desk.think()

    assert await desk.texts() == ["Kept: thicker paper"]


async def test_a_record_that_changed_meanwhile_is_thought_of_again(desk: Desk):
    await desk.keep(LANDING)
    await desk.tell(a_source("my landing page costs 1,500 EUR"))
    for _ in range(2):
        for one in await desk.due():
            await desk.tasks.consider(one.id)
    await desk.keep(a_rate("landing page", "1300"))

    await desk.think()
    await desk.pass_time(timedelta(seconds=5))
    await desk.think()

    assert await desk.records("rate") == [a_rate("landing page", "1500")]
    assert await desk.texts() == ["Noted: landing page, 1,500 EUR; before, 1,300 EUR."]


async def test_a_question_waits_for_the_price_and_the_answer_finishes_the_draft(
    mailing: Desk, witness: Smtp
):
    await mailing.forward(a_letter())
    question = (await mailing.cards())[-1]
    assert question.notice.question is not None
    assert question.notice.question.asks == "price"

    await mailing.press(question, Verb.EDIT, text="1,350")
    await mailing.think()

    card = await mailing.card()
    assert card.action is not None
    assert "My price for that is 1,350 EUR." in str(card.action.effect.facts())
    assert (await mailing.shown(question.notice.id)).notice.answered == "1,350"
    await mailing.press(card, Verb.APPROVE)
    await mailing.look()
    await mailing.act()
    assert len(witness.sent) == 1
    assert [one.data()["state"] for one in await mailing.records("task")] == ["done"]


async def test_an_answer_that_is_none_is_asked_for_again(desk: Desk):
    await desk.forward(a_letter())
    await desk.press((await desk.cards())[-1], Verb.EDIT, text="no idea")

    await desk.think()

    again = (await desk.cards())[-1].notice
    assert again.question is not None
    assert again.text.startswith('I can\'t read a price in "no idea".')


async def test_a_reply_to_a_question_by_message_is_an_answer_too(desk: Desk):
    await desk.forward(a_letter())
    question = (await desk.cards())[-1].notice

    await desk.hear(a_source("900 EUR", reply_to=question.id))

    card = await desk.card()
    assert card.action is not None
    assert "900 EUR" in str(card.action.effect.facts())


async def test_what_nobody_understands_is_kept_and_asked_about(desk: Desk):
    await desk.hear("printer friday")

    asked = (await desk.cards())[-1].notice
    assert [one.title() for one in await desk.records("note")] == ["printer friday"]
    assert asked.question is not None
    assert [one.label for one in asked.question.choices] == [
        "Task for Friday 13 March",
        "Remind me Friday 13 March",
        "Just the note",
    ]


async def test_a_choice_means_what_its_button_says(desk: Desk):
    await desk.hear("printer friday")

    await desk.press((await desk.cards())[-1], Verb.CHOOSE, choice=0)
    await desk.think()

    assert [one.line() for one in await desk.records("task")] == [
        "Task: printer, by Friday 13 March"
    ]


async def broken_source(desk: Desk) -> str:
    """A mail whose file is gone: every run about it fails."""
    file = File(name="a.eml", media_type="message/rfc822", size_bytes=1, digest="ab" * 32)
    source = a_source(files=(file,), forwarded=True)
    await desk.tell(source)
    return source.id


async def test_a_run_that_fails_three_times_tells_the_owner_and_settles(desk: Desk):
    source = await broken_source(desk)

    for _ in range(runs.TRIES):
        await desk.think()
        await desk.pass_time(timedelta(seconds=10))

    assert await desk.texts() == [
        "I kept that, but something broke while I worked on it. Nothing left the house."
    ]
    assert await desk.due() == ()
    async with desk.company.store.read() as connection:
        assert await sources.is_settled(connection, source)


async def test_between_two_tries_a_failed_run_waits(desk: Desk):
    await broken_source(desk)

    await desk.think()

    assert await desk.due() == ()
    assert await desk.texts() == []
    await desk.pass_time(timedelta(seconds=3))
    assert len(await desk.due()) == 1


async def test_whatever_happened_the_ledger_holds(mailing: Desk, witness: Smtp):
    await mailing.keep(LANDING)
    await mailing.forward(a_letter())
    await mailing.press(await mailing.card(), Verb.APPROVE)
    await mailing.look()
    await mailing.act()
    await mailing.press(await mailing.card(), Verb.UNDO)

    assert await mailing.is_ledger_true()


async def test_executing_what_is_not_there_does_nothing(desk: Desk):
    await desk.tasks.execute("act_nowhere", 1)
    await desk.tasks.consider("run_nowhere")

    assert await desk.texts() == []
