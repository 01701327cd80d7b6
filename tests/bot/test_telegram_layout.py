"""How a card becomes a Telegram message."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.adapter import Button, Card
from bot.telegram_layout import LONGEST_TEXT, keyboard, lay_out, units
from memory.records.decision import Verb


def a_card(**parts) -> Card:
    return Card(notice="note_1", seq=1, at=datetime(2026, 3, 10, tzinfo=UTC), **parts)


def buttons(*labels: str) -> tuple[Button, ...]:
    return tuple(Button(label=one, verb=Verb.APPROVE, token=f"t{one}") for one in labels)


def rows_of(*labels: str) -> list[list[str]]:
    made = keyboard(buttons(*labels))
    return [[one.text for one in row] for row in made.inline_keyboard] if made else []


def marked(card: Card) -> list[tuple[str, str]]:
    """Each entity's type and the words it covers, by Telegram's own counting."""
    face = lay_out(card)
    wide = face.text.encode("utf-16-le")
    return [
        (one.type, wide[2 * one.offset : 2 * (one.offset + one.length)].decode("utf-16-le"))
        for one in face.entities
    ]


def test_title_quote_and_foot_are_set_apart():
    card = a_card(
        title="Reply to Marta Silva",
        facts=(("To", "Marta <m@b.example>"), ("Text", "Hi Marta.\nDana")),
        says="Why: she asks.",
        foot="Undo is free for 60 s.",
    )

    assert lay_out(card).text == (
        "Reply to Marta Silva\nMarta <m@b.example>\nHi Marta.\nDana\nWhy: she asks.\n"
        "Undo is free for 60 s."
    )
    assert marked(card) == [
        ("bold", "Reply to Marta Silva"),
        ("blockquote", "Hi Marta.\nDana"),
        ("italic", "Undo is free for 60 s."),
    ]


def test_offsets_count_as_telegram_does():
    card = a_card(title="Kaffee ☕ 🎉", facts=(("Text", "👩‍🔧 hello"),), foot="done 🎉")

    assert marked(card) == [
        ("bold", "Kaffee ☕ 🎉"),
        ("blockquote", "👩‍🔧 hello"),
        ("italic", "done 🎉"),
    ]


def test_markup_in_a_strangers_text_stays_text():
    card = a_card(facts=(("Text", "<b>*_[x](http://evil.example)_*</b>"),))

    assert lay_out(card).text == "<b>*_[x](http://evil.example)_*</b>"


def test_a_long_quote_folds():
    assert marked(a_card(facts=(("Text", "word " * 100),)))[0][0] == "expandable_blockquote"


def test_text_to_copy_stands_once_and_copies_at_a_tap():
    card = a_card(facts=(("Text", "Hi Marta"),), state="Written.", copy_text="Hi Marta")

    assert lay_out(card).text == "Written.\nHi Marta"
    assert marked(card) == [("pre", "Hi Marta")]


@pytest.mark.parametrize(
    ("labels", "rows"),
    [
        ((), []),
        (("Approve", "Edit", "No", "Why?"), [["Approve", "Edit"], ["No", "Why?"]]),
        (
            ("It was sent", "Send again", "Cancel"),
            [["It was sent", "Send again", "Cancel"]],
        ),
        (
            ("Connect mail", "I sent it myself", "Undo"),
            [["Connect mail", "I sent it myself", "Undo"]],
        ),
        (
            ("Task for Friday", "Remind me Friday", "Just the note"),
            [["Task for Friday", "Remind me Friday"], ["Just the note"]],
        ),
    ],
)
def test_buttons_stand_in_rows_that_fit_a_phone(labels, rows):
    assert rows_of(*labels) == rows


def test_what_is_too_long_goes_whole_into_a_file():
    body = "A long letter. " * 500
    card = a_card(title="Reply to Marta", facts=(("Text", body),), state="Sent 10:42.")

    face = lay_out(card)

    assert face.text == (
        "Reply to Marta\nThis part is long; all of it is in the file above.\nSent 10:42."
    )
    assert [(one.name, body in one.raw.decode()) for one in face.files] == [("text.txt", True)]


def test_the_file_stays_the_same_while_its_card_moves():
    body = "A long letter. " * 500
    asks = a_card(facts=(("Text", body),), foot="Undo is free for 60 s.")
    written = a_card(facts=(("Text", body),), state="Written.", copy_text=body)

    assert lay_out(asks).files == lay_out(written).files


def test_many_lines_are_shortened_until_they_fit():
    card = a_card(facts=tuple((f"Line {n}", "x" * 100) for n in range(100)), state="Open.")

    face = lay_out(card)

    assert units(face.text) <= LONGEST_TEXT
    assert face.text.count("This part is long") == 1
    assert face.text.endswith("Open.")


def test_a_text_of_exactly_the_limit_is_one_message():
    assert lay_out(a_card(says="x" * LONGEST_TEXT)).files == ()


def test_the_file_of_a_card_goes_with_it(tmp_path: Path):
    file = tmp_path / "kickoff.ics"
    file.write_bytes(b"BEGIN:VCALENDAR")

    face = lay_out(a_card(file=file))

    assert face.text == "Here is the file."
    assert [(one.name, one.raw) for one in face.files] == [("kickoff.ics", b"BEGIN:VCALENDAR")]


def test_a_file_that_is_gone_does_not_stop_the_card(tmp_path: Path):
    face = lay_out(a_card(says="Here it is.", file=tmp_path / "gone.ics"))

    assert (face.text, face.files) == ("Here it is.", ())
