"""Blocks: the header lines above a passed-on message, in several languages."""

from datetime import datetime

import pytest

from agents.readers import blocks
from memory.records.letter import Person


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("From: Tom", ("from", "from", "Tom")),
        ("> *Von:* Tom", ("from", "von", "Tom")),
        ("De : Tom", ("from", "de", "Tom")),
        ("Betreff: \tWG: x", ("subject", "betreff", "WG: x")),
        ("Subject:", ("subject", "subject", "")),
        ("Items: 3", None),
        ("no colon", None),
    ],
)
def test_a_header_line_is_a_known_label_and_a_colon(line: str, found: tuple[str, str, str] | None):
    assert blocks.label_of(line) == found


def test_a_block_says_who_wrote_to_whom_when_and_about_what():
    lines = [
        "Von: Ana <ana@x.example>",
        "Gesendet: Mittwoch, 11. November 2026 14:09",
        "An: Dana; Tom <t@x.example>",
        "Betreff: Ton",
        "Antwort an: Ben <b@x.example>",
        "",
        "Hallo",
    ]

    block = blocks.block_at(lines, 0, after_mark=False)

    assert block is not None
    assert block.author == Person(name="Ana", email="ana@x.example")
    assert block.reply_to == Person(name="Ben", email="b@x.example")
    assert block.to == (Person(name="Dana", email=None), Person(name="Tom", email="t@x.example"))
    assert block.written_at == datetime.fromisoformat("2026-11-11T14:09")
    assert (block.value("subject"), block.end) == ("Ton", 5)


def test_wrapped_lines_belong_to_the_header_above_them():
    lines = [
        "From: Ana",
        "To: Dana <d@x.example>,",
        " Tom <t@x.example>",
        "Subject: x",
        "",
        "Hallo",
    ]

    block = blocks.block_at(lines, 0, after_mark=False)

    assert block is not None
    assert [person.name for person in block.to] == ["Dana", "Tom"]
    assert block.end == 4


def test_a_train_ticket_is_no_block():
    lines = ["From: Lisboa", "To: Porto", "Date: 20/03/2026", "", "Seat 62"]

    assert blocks.block_at(lines, 0, after_mark=False) is None


def test_without_a_mark_two_lines_are_too_few():
    lines = ["From: Ana", "Subject: x", "", "Hello"]

    assert blocks.block_at(lines, 0, after_mark=False) is None
    assert blocks.block_at(lines, 0, after_mark=True) is not None


def test_the_body_begins_at_a_label_that_comes_again():
    lines = ["From: Ana", "Date: 9 March 2026", "Subject: x", "Subject: y"]

    block = blocks.block_at(lines, 0, after_mark=False)

    assert block is not None
    assert block.end == 3


def test_quote_marks_are_counted_and_taken_off():
    assert blocks.depth_of("> > a") == 2
    assert blocks.unquoted("> > a", 1) == "> a"
    assert blocks.unquoted(">a", 2) == "a"
