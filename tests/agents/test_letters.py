import pytest

from agents.letters import content_of, is_pasted, letter_of, pasted, relabelled
from memory.labels import Label
from tests.doubles.builders import a_letter, a_mail_from, a_source

ONE_LINE = "Hi, how much is a wedding shoot? Cheers, Bob <bob@x.example>"


@pytest.mark.parametrize(
    "text",
    [
        "From: Marta <m@x.example>\nSubject: Hi\n\nHow much?",
        "Hi Dana,\n\nhow much is a page?\n\nThanks,\nMarta",
        "Dear Dana,\nwe need a site.\nIt is urgent.\nPlease call.",
        ONE_LINE,
        "Hello Dana, we would like to know what a landing page would cost us. Best regards, Marta.",
        "word " * 400,
    ],
)
def test_what_somebody_else_wrote_is_recognised(text: str):
    assert is_pasted(text)


@pytest.mark.parametrize(
    "text",
    [
        "remind me Friday to call Marta",
        "Hi, my hourly rate is 85",
        "hello",
        "thanks!",
        "Hi, send the plan to bob@x.example",
        "note: from: is a word",
        "what's on today",
    ],
)
def test_what_the_owner_types_is_the_owners(text: str):
    assert not is_pasted(text)


def test_a_letter_that_lost_its_lines_still_has_a_writer_and_an_address():
    letter = pasted(ONE_LINE)

    assert (letter.author.name, letter.author.email) == ("Bob", "bob@x.example")
    assert "how much is a wedding shoot?" in letter.text
    assert "Cheers" not in letter.text


def test_two_addresses_in_a_signature_are_nobodys():
    letter = pasted("Hi,\n\nhow much?\n\nThanks,\nBob\nbob@x.example or jo@x.example")

    assert letter.author.email is None


@pytest.mark.parametrize(
    "again",
    [
        a_letter(message_id="<phone@x>"),
        a_letter(subject="Fwd: RE: Landing page for our spring menu"),
        a_letter(email="MARTA@bluefincafe.example"),
    ],
    ids=["another id", "another subject mark", "another case"],
)
def test_the_same_letter_is_the_same_however_it_came(again):
    assert content_of(again) == content_of(a_letter())


@pytest.mark.parametrize(
    "other",
    [a_letter("Something else."), a_letter(subject="Logo"), a_letter(email="ann@x.example")],
)
def test_another_letter_is_another(other):
    assert content_of(other) != content_of(a_letter())


def test_a_letter_is_never_the_owners_word():
    source = a_source("x", label=Label.OWNER)

    assert relabelled(source, a_letter()).label is Label.EXTERNAL
    assert relabelled(source, None).label is Label.OWNER
    assert relabelled(a_source(label=Label.GUESS), a_letter()).label is Label.GUESS


def test_the_letter_of_a_source_is_its_mail_its_text_or_none():
    from_bytes = letter_of(a_source(), a_mail_from(a_letter()))
    passed_on = letter_of(a_source("how much is a page?", forwarded=True), None)

    assert from_bytes is not None
    assert from_bytes.author.email == "marta@bluefincafe.example"
    assert passed_on is not None
    assert letter_of(a_source("note: paper"), None) is None
