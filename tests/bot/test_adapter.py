"""A card as plain text."""

from datetime import UTC, datetime

import pytest

from bot.adapter import Card, shown

AT = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


def test_a_card_reads_from_its_title_to_its_foot():
    card = Card(
        notice="note_1",
        seq=1,
        title="Reply to Marta",
        facts=(("To", "marta@bluefincafe.example"), ("Text", "Hi Marta")),
        says="Why: she asks.",
        state="Leaves at 10:42:30.",
        foot="Cost: nothing.",
        at=AT,
    )

    assert card.text == (
        'Reply to Marta\nmarta@bluefincafe.example\n"Hi Marta"\nWhy: she asks.\n'
        "Leaves at 10:42:30.\nCost: nothing."
    )


def test_a_text_to_copy_stands_once_and_without_quotes():
    card = Card(notice="note_1", seq=1, facts=(("Text", "Hi Marta"),), copy_text="Hi Marta", at=AT)

    assert card.text == "Hi Marta"


def test_what_is_empty_leaves_no_line():
    assert Card(notice="note_1", seq=1, says="Noted.", at=AT).text == "Noted."


@pytest.mark.parametrize(
    ("label", "line"),
    [
        ("To", "x"),
        ("Subject", "x"),
        ("Text", '"x"'),
        ("Not answered", "Not answered: x"),
    ],
)
def test_a_fact_names_itself_only_where_nobody_would_guess(label: str, line: str):
    assert shown(label, "x") == line
