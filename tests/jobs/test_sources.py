from datetime import timedelta

import pytest

from jobs import sources
from memory.errors import NotFound
from memory.records.intent import Intent
from tests.doubles.builders import Desk, a_letter, a_mail_from, a_source


async def test_a_source_comes_back_as_it_was_kept(desk: Desk):
    source = desk.envelope(a_letter())
    await desk.tell(source)

    async with desk.company.store.read() as connection:
        found = await sources.find(connection, source.id)

    assert found == source.model_copy(update={"received_at": found.received_at})


async def test_what_was_typed_goes_with_the_first_run(desk: Desk):
    await desk.tell(a_source("/today"), Intent(kind="agenda.show"))
    (due,) = await desk.due()

    async with desk.company.store.read() as connection:
        run = await sources.find_run(connection, due.id)

    assert [one.kind for one in sources.intents_of(run)] == ["agenda.show"]


async def test_what_is_not_there_is_not_found(desk: Desk):
    async with desk.company.store.read() as connection:
        with pytest.raises(NotFound):
            await sources.find(connection, "src_nowhere")
        with pytest.raises(NotFound):
            await sources.find_run(connection, "run_nowhere")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (a_source("x"), "your message"),
        (a_source("x", forwarded=True), "what you passed on"),
        (a_source("x", channel="clock"), "the clock"),
        (a_source("x", channel="hooks"), 'the web hook "owner"'),
    ],
)
def test_a_cause_is_said_in_words(source, words: str):
    assert sources.trigger_of(source) == words


async def test_a_source_is_settled_when_everything_is_before_the_owner(desk: Desk):
    source = a_source("note: paper")
    await desk.tell(source)
    before = await desk.outbox.is_settled(source.id)

    await desk.think()

    assert (before, await desk.outbox.is_settled(source.id)) == (False, True)


async def test_a_question_is_answered_once(desk: Desk):
    await desk.hear("printer friday")
    question = (await desk.cards())[-1]

    first = await desk.press(question, "choose", choice=0)
    again = await desk.press(question, "choose", choice=1)
    await desk.think()

    assert first.accepted
    assert again.accepted
    assert len(await desk.records("task")) == 1
    late = await desk.press(question, "choose", choice=1)
    assert (late.accepted, late.text) == (False, "That question is answered already.")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"verb": "choose", "choice": 9}, "There is no such choice on this card."),
        ({"verb": "edit", "text": "  "}, "Reply to this with your answer."),
        ({"verb": "skip"}, "Reply to this with your answer."),
    ],
)
async def test_an_answer_that_is_none_is_refused_in_words(
    desk: Desk, fields: dict[str, object], said: str
):
    await desk.hear("printer friday")
    question = (await desk.cards())[-1]

    outcome = await desk.press(question, **fields)  # pyright: ignore[reportArgumentType]

    assert (outcome.accepted, outcome.text) == (False, said)


async def test_the_same_bytes_are_known_by_door_sender_and_time(desk: Desk):
    raw = a_mail_from(a_letter())
    await desk.tell(desk.envelope(a_letter()))

    async def holds(channel: str, content: bytes, **where) -> bool:
        return await desk.outbox.holds(channel, content, **where)

    assert await holds("local", raw)
    assert await holds("local", raw, sender="owner", since=desk.now - timedelta(minutes=1))
    assert not await holds("local", raw + b" ")
    assert not await holds("hooks", raw)
    assert not await holds("local", raw, sender="somebody")
    assert not await holds("local", raw, since=desk.now + timedelta(minutes=1))
