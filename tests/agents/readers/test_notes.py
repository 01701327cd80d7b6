"""Notes: text pasted into chat, with as much of an author as it names."""

import pytest

from agents.readers import notes
from memory.records.letter import Person
from tests.doubles.linear import grows_too_fast

BLOCK = (
    "From: Marta Silva <marta@bluefincafe.example>\nDate: 9 March 2026 at 18:42\n"
    "To: Dana Reyes <dana@reyesstudio.example>\nSubject: Spring menu"
)


def test_a_header_block_names_the_author():
    letter = notes.read(f"{BLOCK}\n\nHi Dana, can you call me?\n\nMarta")

    assert letter.author == Person(name="Marta Silva", email="marta@bluefincafe.example")
    assert (letter.subject, letter.text) == ("Spring menu", "Hi Dana, can you call me?")
    assert letter.sender == Person(name=None, email=None)


def test_at_the_top_a_sender_and_one_more_line_are_enough():
    letter = notes.read("Subject: Menu\nFrom: Marta <marta@bluefincafe.example>\n\nCan you?")

    assert (letter.author.name, letter.subject, letter.text) == ("Marta", "Menu", "Can you?")


def test_a_ticket_is_not_from_its_first_station():
    letter = notes.read("From: Lisboa\nTo: Porto\nDate: 20/03/2026\n\nSeat 62")

    assert (letter.author.name, letter.forward) == (None, None)


def test_words_above_the_block_are_the_owners_note():
    assert notes.read(f"for the books\n\n{BLOCK}\n\nPaid.").owner_note == "for the books"


def test_thanks_alone_do_not_make_a_letter_of_a_note():
    assert notes.read(f"file this\n\nthanks\n\n{BLOCK}\n\nPaid.").owner_note == "file this"


def test_a_letter_above_the_block_is_an_answer_and_no_note():
    letter = notes.read(
        f"Hi Dana,\n\nFriday works. Please send the form.\n\nTom\n\n{BLOCK}\n\nWhen?"
    )

    assert letter.owner_note is None
    assert letter.author == Person(name="Tom", email=None)
    assert letter.text == "Hi Dana,\n\nFriday works. Please send the form."
    assert letter.quoted.endswith("When?")


def test_a_letter_above_a_mark_is_a_strangers_word_and_no_note():
    letter = notes.read(
        f"Hi Dana,\n\nsee below.\n\nTom\n\n---------- Forwarded message ---------\n{BLOCK}\n\nWhen?"
    )

    assert letter.owner_note is None
    assert (letter.author.name, letter.text) == ("Marta Silva", "When?")
    assert "see below" in letter.quoted


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Can we meet on Thursday?\n\nThanks, Marta", "Marta"),
        ("Can we meet on Thursday?\n\nBest regards\nMarta Silva\nBluefin Cafe", "Marta Silva"),
        ("Können wir uns treffen?\n\nViele Grüße\nJonas", "Jonas"),
        ("Podemos falar?\n\nCumprimentos,\nRita Nunes | Loja Azul", "Rita Nunes"),
        ("The bucket is full.\n\n-Abhishek Kona", "Abhishek Kona"),
        ("Hi Dana,\n\nI need the logo tomorrow.\n\nTom", "Tom"),
        ("milk\neggs\nBread", None),
        ("Call the printer. Thanks", None),
    ],
)
def test_without_headers_only_the_closing_names_someone(text: str, name: str | None):
    assert notes.read(text).author == Person(name=name, email=None)


@pytest.mark.parametrize(
    "first",
    [
        "On Mon, 9 Mar 2026 at 17:20, Tom Becker <tom@nw.example> wrote:",
        "On Mon, Mar 9, 2026 at 5:20 PM, Tom Becker <tom@nw.example> wrote:",
        "Am Mo., 9. März 2026 um 17:20 Uhr schrieb Tom Becker <tom@nw.example>:",
        "Em seg., 9 de mar. de 2026 às 17:20, Tom Becker <tom@nw.example> escreveu:",
        "Tom Becker <tom@nw.example>",
    ],
)
def test_a_first_line_may_say_who_wrote_the_rest(first: str):
    letter = notes.read(f"{first}\n\n> Hello Dana,\n> is Friday fine?\n")

    assert letter.author == Person(name="Tom Becker", email="tom@nw.example")
    assert letter.text == "Hello Dana,\nis Friday fine?"


def test_an_answer_below_a_quote_is_not_by_the_quoted_one():
    letter = notes.read("On 9 March 2026, Tom <tom@nw.example> wrote:\n> Friday?\n\nYes, Friday.")

    assert (letter.author.email, letter.text) == (None, "Yes, Friday.")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_source_of_a_mail_is_read_as_a_mail(end: str):
    source = (
        "Received: from x\nMIME-Version: 1.0\nMessage-ID: <a@b.example>\n"
        "From: Tom <tom@nw.example>\nSubject: Hosting\n\nHello\n\nTom"
    )

    letter = notes.read(source.replace("\n", end))

    assert (letter.message_id, letter.author.email) == ("<a@b.example>", "tom@nw.example")


def test_an_empty_text_says_nothing():
    assert notes.read("").text == ""


@pytest.mark.parametrize("line", ["On 9 a\n", "From: a\nTo: b\n", "Thanks\n", "a@", "> ", "<"])
def test_hostile_lines_take_no_longer_than_other_lines(line: str):
    def read(size: int) -> None:
        notes.read((line * size)[:size])

    assert not grows_too_fast(read, 200_000)
