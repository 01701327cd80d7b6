"""Message: the same letter is filed once."""

from memory.records.message import Message

LETTER = Message(
    direction="in", subject="Landing page", text="We open on 3 April.", address="m@x.example",
    content="abc",
)  # fmt: skip


def test_the_same_content_forwarded_twice_is_one_letter():
    again = LETTER.changed(subject="Fwd: Landing page", message_id="<2@x.example>")

    assert again.record_id() == LETTER.record_id()


def test_a_letter_is_named_by_its_subject_else_its_first_words():
    assert LETTER.title() == "Landing page"
    assert LETTER.changed(subject="").title() == "We open on 3 April."


def test_a_letter_is_found_by_subject_address_and_text():
    assert LETTER.words() == "Landing page m@x.example We open on 3 April."
