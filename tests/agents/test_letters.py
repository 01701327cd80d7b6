from datetime import UTC, datetime

import pytest

from agents.letters import bare, content_of, is_copy, is_pasted, letter_of, pasted, relabelled
from agents.readers import mail
from memory.labels import Label
from memory.records.letter import Letter
from memory.records.message import Message
from tests.doubles.builders import ENQUIRY, a_letter, a_mail_from, a_source
from tests.doubles.forwards import (
    Mailbox,
    Original,
    apple_mail,
    attached,
    gmail,
    ios_mail,
    outlook,
    unforwarded,
)

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


MARTA = Original(
    author=Mailbox("Marta Silva", "marta@bluefincafe.example"),
    written_at=datetime(2026, 3, 9, 18, 12, tzinfo=UTC),
    subject="Re: Landing page for our spring menu",
    body=ENQUIRY + "\n\nThanks,\nMarta\n\n-- \nMarta Silva\nBluefin Cafe, Lisbon",
    message_id="<bf-1001@bluefincafe.example>",
)


@pytest.mark.parametrize(
    "raw",
    [
        attached(MARTA),
        ios_mail(MARTA),
        ios_mail(MARTA, language="pt"),
        gmail(MARTA),
        gmail(MARTA, form="plain"),
        gmail(MARTA, form="html", note="FYI, she is nice"),
        apple_mail(MARTA, language="de"),
        outlook(MARTA),
        outlook(MARTA, edition="web"),
        gmail(MARTA).replace(b"Subject: Fwd: Re: Land", b"Subject: Fwd: FW: Re: Land", 1),
    ],
    ids=["attached", "phone", "portuguese", "gmail", "plain", "html", "german", "outlook", "web",
         "twice"],
)  # fmt: skip
def test_every_programs_forward_is_the_letter_that_lies_in_the_mailbox(raw: bytes):
    assert content_of(mail.read(raw)) == content_of(mail.read(unforwarded(MARTA)))


@pytest.mark.parametrize(
    "subject",
    ["Spring menu", "Fwd: Fwd: Re: Spring menu", "WG: AW: spring menu", "TR : Rép : Spring Menu",
     "Re[2]: Spring menu", "ENC: RES: Spring  menu"],
)  # fmt: skip
def test_marks_of_replies_and_forwards_do_not_make_another_subject(subject: str):
    assert bare(subject) == "spring menu"


def filed(letter: Letter) -> Message:
    return Message(
        direction="in",
        subject=letter.subject,
        text=letter.text,
        address=letter.author.email,
        message_id=letter.message_id,
        content=content_of(letter),
    )


INLINE = {"message_id": None, "references": ("<older@x>", "<bf-1001@bluefincafe.example>")}


@pytest.mark.parametrize(
    "again",
    [
        a_letter(ENQUIRY + " [image: logo]"),
        a_letter(ENQUIRY + " logo.png").model_copy(update=INLINE),
        a_letter(email=None, subject="FW: Landing page for our spring menu", message_id=None),
    ],
    ids=["same id", "named by a forward", "writer without an address"],
)
def test_a_copy_that_a_program_changed_a_little_is_still_a_copy(again: Letter):
    assert is_copy(again, filed(a_letter()))


@pytest.mark.parametrize(
    "other",
    [
        a_letter("Something else altogether.", email="mallory@x.example"),
        a_letter("I changed my mind, 900 EUR at most.").model_copy(update=INLINE),
        a_letter("Something else.", message_id="<bf-1002@bluefincafe.example>"),
        a_letter("Yes.", email=None, message_id=None),
    ],
    ids=["id that a stranger chose", "answer in the same thread", "another id", "other words"],
)
def test_another_letter_is_no_copy(other: Letter):
    assert not is_copy(other, filed(a_letter()))


def test_what_was_sent_is_never_a_copy_of_what_came():
    assert not is_copy(a_letter(), filed(a_letter()).changed(direction="out"))


def test_a_long_text_that_no_owner_typed_is_no_letter():
    long = a_source("word " * 400, label=Label.KNOWN_SENDER)

    assert letter_of(long, None) is None
