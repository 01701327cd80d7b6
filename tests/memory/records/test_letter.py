"""Letter: a closed, frozen record that survives the trip through JSON."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from memory.records.letter import Attachment, Letter, Person

TOM = Person(name="Tom", email="tom@x.example")


def test_a_letter_needs_an_author_a_sender_and_its_text():
    letter = Letter(author=TOM, sender=TOM, text="Hello")

    assert (letter.forward, letter.owner_note, letter.defects) == (None, None, ())


def test_a_letter_comes_back_from_json_as_it_was():
    letter = Letter(
        author=TOM,
        sender=TOM,
        text="Hello",
        written_at=datetime(2026, 3, 10, 9, 0, tzinfo=UTC),
        attachments=(Attachment(name="a.pdf", media_type="a/b", size_bytes=1, digest="00"),),
    )

    assert Letter.model_validate_json(letter.model_dump_json()) == letter


def test_a_letter_does_not_change():
    letter = Letter(author=TOM, sender=TOM, text="Hello")

    with pytest.raises(ValidationError):
        letter.text = "Bye"
