"""Note: kept as it was said."""

from memory.records.note import Note


def test_one_message_is_one_note():
    assert Note(text="a", origin="src_1").key() == "src_1"


def test_a_long_note_is_named_by_its_first_whole_words():
    note = Note(text="word " * 40, origin="src_1")

    assert len(note.title()) <= 61
    assert note.title().endswith("word ...")
    assert note.words() == note.text


def test_a_short_note_is_its_own_title():
    assert Note(text="Printer", origin="src_1").title() == "Printer"
