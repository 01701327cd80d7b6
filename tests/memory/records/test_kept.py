"""Kept: what every record of the company can do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from memory.records.kept import Kept, normal, record_id
from memory.records.note import Note
from memory.records.task import Task

NOTE = Note(text="Printer", origin="src_1")


def test_a_records_id_follows_from_kind_and_key():
    assert NOTE.record_id() == record_id("note", "src_1")


def test_unless_it_says_otherwise_a_record_lives_here_and_is_found_by_its_title():
    task = Task(what="Call Tom", origin="src_1")

    assert (task.home, task.words()) == ("Steward", "Call Tom")
    assert NOTE.line() == "Note: Printer"


def test_the_data_comes_back_as_the_record():
    assert Note.model_validate(NOTE.data()) == NOTE


def test_a_changed_record_is_checked_again():
    task = Task(what="Call Tom", origin="src_1")

    assert task.changed(state="done").state == "done"
    with pytest.raises(ValidationError):
        task.changed(state="forgotten")


def test_unknown_fields_are_refused():
    with pytest.raises(ValidationError):
        Note.model_validate({**NOTE.data(), "colour": "red"})


@pytest.mark.parametrize(
    ("name", "compared"),
    [
        ("  Café -- Azul! ", "cafe azul"),
        ("Straße", "strasse"),
        ("Łódź", "łodz"),
        ("СТУДИЯ", "студия"),
        ("...", "..."),
    ],
)
def test_names_are_compared_without_case_accents_and_punctuation(name: str, compared: str):
    assert normal(name) == compared


@given(st.text(max_size=30))
def test_a_name_that_is_compared_twice_stays_as_it_is(name: str):
    assert normal(normal(name)) == normal(name)


def test_a_kind_that_does_not_describe_itself_fails_loudly():
    with pytest.raises(NotImplementedError, match="Kept"):
        Kept().key()
    with pytest.raises(NotImplementedError, match="Kept"):
        Kept().title()
