"""Kinds: one file is one kind, found by being there."""

import pytest
from pydantic import ValidationError

from memory.records.file_records import FileRecords
from memory.records.kinds import effect_kinds, effect_of, kept_kinds, kept_of
from memory.records.mail_send import MailSend
from memory.records.note import Note
from tests.memory.records.given import a_mail


def test_every_kind_of_record_is_found_under_its_own_name():
    found = kept_kinds()

    assert found["note"] is Note
    assert set(found) >= {"contact", "customer", "task", "rate", "invoice", "process", "message"}
    assert all(name == kind.kind for name, kind in found.items())


def test_every_kind_of_effect_is_found_under_its_own_name():
    assert effect_kinds()["file"] is FileRecords
    assert effect_kinds()["mail.send"] is MailSend


def test_plain_data_becomes_the_record_of_its_kind():
    assert kept_of("note", {"text": "a", "origin": "b"}) == Note(text="a", origin="b")


def test_there_are_no_other_kinds():
    with pytest.raises(KeyError):
        kept_of("rocket", {})
    with pytest.raises(ValidationError):
        kept_of("note", {"text": "a"})


def test_plain_data_becomes_the_effect_of_its_kind():
    assert effect_of(a_mail().model_dump(mode="json")) == a_mail()


def test_there_are_no_other_effects():
    with pytest.raises(ValueError, match="no effect called rocket"):
        effect_of({"kind": "rocket"})


@pytest.mark.parametrize("value", [{"no": "kind"}, 7])
def test_what_is_no_effect_is_passed_on(value: object):
    assert effect_of(value) == value
