"""Cards as blocks: within Slack's limits, nothing cut, no stranger's words come alive."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapter import Button, Card
from bot.slack_layout import Face, lay_out, sections
from memory.records.decision import Verb
from tests.doubles.slack_blocks import buttons, fault_in, live, texts

EVIL = (
    "<!channel> <@U111> <https://evil.example|your bank> *bold* @here &lt;b&gt; https://e.example"
)


def a_card(**fields: object) -> Card:
    made = {
        "notice": "note_1",
        "seq": 1,
        "title": "Reply to Marta Silva",
        "facts": (("To", "marta@bluefincafe.example"), ("Text", "Hi Marta, it is 1,200 EUR.")),
        "says": "Why: she asks for a quote by Friday.",
        "foot": "Undo is free for 60 s. Cost: nothing.",
        "buttons": (Button(label="Approve", verb=Verb.APPROVE, token="t1"),),
        "at": datetime(2026, 3, 10, 9, tzinfo=UTC),
    }
    return Card.model_validate(made | fields)


def seen(face: Face) -> str:
    return "\n".join(texts(face.blocks))


def test_a_card_stands_in_blocks_with_its_buttons():
    face = lay_out(a_card())

    assert [one["type"] for one in face.blocks] == [
        "header", "section", "rich_text", "section", "context", "actions",
    ]  # fmt: skip
    assert [(one["text"]["text"], one["value"]) for one in buttons(face.blocks)] == [
        ("Approve", "t1")
    ]
    assert face.text.startswith("Reply to Marta Silva\nmarta@bluefincafe.example")
    assert face.files == ()


@pytest.mark.parametrize("place", ["title", "says", "state", "foot", "copy_text", "facts", "text"])
def test_nothing_that_a_stranger_wrote_comes_alive(place: str):
    facts = {"facts": (("What", EVIL), ("Text", EVIL))}
    face = lay_out(a_card(**(facts if place in ("facts", "text") else {place: EVIL})))

    assert live(face.text, face.blocks) == ()
    assert EVIL in seen(face)


@pytest.mark.parametrize("place", ["says", "copy_text"])
def test_what_does_not_fit_goes_along_whole_and_the_card_says_so(place: str):
    long = "word " * 1500

    face = lay_out(a_card(**{place: long}))

    assert fault_in(list(face.blocks), "message") == ""
    assert "all of it is in the file in this thread" in seen(face)
    assert [file.name for file in face.files] == ["text.txt"]
    assert long.strip() in face.files[0].raw.decode()


def test_many_facts_and_many_words_still_fit():
    facts = tuple(("Line", f"{number} " + "x" * 700) for number in range(60))

    face = lay_out(a_card(facts=facts))

    assert fault_in(list(face.blocks), "message") == ""
    whole = face.files[0].raw.decode()
    assert all(value in whole for _, value in facts)


def test_more_than_25_buttons_stand_in_more_rows():
    many = tuple(
        Button(label=f"Choice {number}", verb=Verb.CHOOSE, choice=number, token=f"t{number}")
        for number in range(60)
    )

    face = lay_out(a_card(buttons=many))

    assert fault_in(list(face.blocks), "message") == ""
    assert len(buttons(face.blocks)) == 60


def test_a_label_that_is_too_long_for_a_button_stands_above_it_by_number():
    long = "The reply to Marta Silva about the landing page for the spring menu of her cafe"
    choices = tuple(
        Button(label=label, verb=Verb.CHOOSE, choice=number, token=f"t{number}")
        for number, label in enumerate((long, "Short"))
    )

    face = lay_out(a_card(buttons=choices))

    assert [one["text"]["text"] for one in buttons(face.blocks)] == ["1", "2"]
    assert f"1. {long}\n2. Short" in seen(face)


def test_a_card_with_nothing_but_a_file_has_a_line(tmp_path):
    file = tmp_path / "meeting.ics"
    file.write_bytes(b"BEGIN:VCALENDAR")

    face = lay_out(a_card(title="", facts=(), says="", foot="", buttons=(), file=file))

    assert seen(face) == "Here is the file."
    assert [(one.name, one.raw) for one in face.files] == [("meeting.ics", b"BEGIN:VCALENDAR")]


def test_a_text_to_copy_stands_last_and_once():
    face = lay_out(a_card(facts=(("Text", "Hi Marta"),), copy_text="Hi Marta"))

    assert seen(face).count("Hi Marta") == 1


@given(
    title=st.text(max_size=400),
    says=st.text(max_size=9000),
    state=st.text(max_size=300),
    facts=st.lists(st.tuples(st.sampled_from(["To", "Text", "Why"]), st.text(max_size=5000))),
)
def test_slack_takes_every_card(title, says, state, facts):
    face = lay_out(a_card(title=title, says=says, state=state, facts=tuple(facts)))

    assert fault_in(list(face.blocks), "message") == ""
    assert live(face.text, face.blocks) == ()


@given(st.text(max_size=9000))
def test_a_long_list_is_cut_into_paragraphs_and_not_short(text: str):
    blocks = sections(text)

    assert fault_in(blocks, "home") == "" or len(blocks) > 100
    assert "".join("".join(texts(blocks)).split()) == "".join(text.split())
