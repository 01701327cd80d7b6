import pytest

from agents.specialists.notes import recognise
from memory.labels import Label
from memory.records.intent import Intent
from tests.doubles.builders import Desk, a_source, heard


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("note: the printer likes thicker paper", "the printer likes thicker paper"),
        ("idea: sell postcards", "sell postcards"),
        ("remember that Anna is away", "Anna is away"),
    ],
)
def test_a_note_keeps_the_words_as_they_are(text: str, kept: str):
    (found,) = recognise(heard(text))

    assert found.slots == {"text": kept}


@pytest.mark.parametrize("text", ["note:", "note that?", "what a day"])
def test_what_has_nothing_to_keep_is_no_note(text: str):
    assert recognise(heard(text)) == ()


async def test_something_nobody_understands_gets_two_guesses(desk: Desk):
    await desk.hear("the thing with the blue door")

    asked = (await desk.cards())[-1].notice
    assert asked.question is not None
    assert [one.label for one in asked.question.choices] == ["Make it a task", "Just the note"]


async def test_just_the_note_changes_nothing_more(desk: Desk):
    await desk.hear("the thing with the blue door")

    await desk.press((await desk.cards())[-1], "choose", choice=1)
    await desk.think()

    assert (await desk.texts())[-1] == "It stays a note."
    assert len(await desk.records("note")) == 1


async def test_long_words_are_quoted_in_part_and_kept_whole(desk: Desk):
    text = "something about " + "the blue door and " * 20

    await desk.hear(text)

    question = (await desk.texts())[-1]
    assert len(question) < 180
    assert [one.data()["text"] for one in await desk.records("note")] == [text]


async def test_what_a_web_hook_sent_is_kept_and_names_the_hook(desk: Desk):
    sent = a_source('{"order": 7}', label=Label.EXTERNAL, channel="hooks")
    await desk.hear(sent, Intent(kind="hook.note"))

    (note,) = await desk.records("note")
    assert note.title() == '{"order": 7}'
    assert await desk.texts() == ['The web hook "owner" sent something. I kept it as a note.']
    assert not (await desk.cards())[0].notice.rings


async def test_what_a_web_hook_sent_in_another_shape_says_nothing_a_second_time(desk: Desk):
    sent = a_source("amount is missing", label=Label.EXTERNAL, channel="hooks")
    await desk.hear(sent, Intent(kind="hook.unusable"))

    assert await desk.texts() == []
    assert await desk.records("note") == []


async def test_no_reading_of_a_text_can_claim_to_come_from_a_web_hook(desk: Desk):
    await desk.hear(a_source("pay me"), Intent(kind="hook.note"))
    await desk.hear(a_source("call Anna"), Intent(kind="hook.unusable"))

    assert await desk.texts() == ["Kept: pay me", "Kept: call Anna"]
