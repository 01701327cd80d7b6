"""Shape: frozen, closed, comparable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from memory.records.shape import Frozen, Text


class Cup(Frozen):
    size_ml: int


class Label(Frozen):
    text: Text


def test_a_record_does_not_change():
    cup = Cup(size_ml=200)

    with pytest.raises(ValidationError, match="frozen"):
        cup.size_ml = 300


def test_a_record_refuses_what_it_does_not_know():
    with pytest.raises(ValidationError, match="Extra"):
        Cup.model_validate({"size_ml": 200, "colour": "blue"})


def test_equal_records_are_one_and_the_same():
    assert Cup(size_ml=200) == Cup(size_ml=200)
    assert hash(Cup(size_ml=200)) == hash(Cup(size_ml=200))


@pytest.mark.parametrize(
    ("came", "kept"),
    [
        ("Anna \ud83d", "Anna \ufffd"),
        ("\udcca Anna", "\ufffd Anna"),
        ("Anna \ud83d\udc4c", "Anna \U0001f44c"),
        ("Anna \U0001f44c", "Anna \U0001f44c"),
        ("a\x00b \ufeff", "a\x00b \ufeff"),
    ],
)
def test_half_a_character_never_loses_the_rest(came: str, kept: str):
    assert Label(text=came).text == kept


@given(st.text())
def test_whole_text_stays_as_it_came(text: str):
    assert Label(text=text).text == text
