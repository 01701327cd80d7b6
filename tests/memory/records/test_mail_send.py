"""A mail: what its card shows is what leaves."""

from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from memory.records.effect import Line, Reversal
from memory.records.mail_send import Address, MailSend
from tests.memory.records.given import MARTA, SENT, a_mail

LISBON = ZoneInfo("Europe/Lisbon")


def test_a_card_shows_recipient_subject_and_the_whole_text():
    facts = a_mail().facts()

    assert "marta@bluefincafe.example" in facts[0].value
    assert facts[-2:] == (
        Line(label="Subject", value="Re: Landing page"),
        Line(label="Text", value="Hi Marta, thank you."),
    )
    assert a_mail().preview() == "Mail to Marta Silva: Re: Landing page"


def test_the_first_mail_to_an_address_says_so():
    def says_first(address: Address) -> bool:
        mail = a_mail().model_copy(update={"to": (address,)})
        return any("first mail to this address" in fact.value for fact in mail.facts())

    assert says_first(MARTA)
    assert not says_first(MARTA.model_copy(update={"known": True}))


def test_an_address_without_a_name_is_just_the_address():
    mail = a_mail().model_copy(update={"to": (Address(email="a@b.example", known=True),)})

    assert mail.facts()[0].value == "a@b.example"
    assert mail.preview() == "Mail to a@b.example: Re: Landing page"


def test_a_lost_thread_and_open_questions_are_shown():
    mail = a_mail().model_copy(update={"in_reply_to": None, "left_open": ("When?",)})

    assert (
        Line(label="Thread", value="New thread: the forward lost the original's.") in mail.facts()
    )
    assert mail.facts()[-1] == Line(label="Not answered", value="When?")


def test_undo_is_a_correction_in_the_same_thread():
    correction = a_mail().undo(SENT, LISBON)

    assert correction.body == (
        "Hi Marta,\n\nplease disregard my mail of 09:00; a correction follows.\n\nDana"
    )
    assert correction.in_reply_to == SENT.message_id
    assert correction.references == ("<0@bluefincafe.example>", SENT.message_id)
    assert all(one.known for one in correction.to)


def test_a_correction_to_a_nameless_address_still_greets():
    mail = a_mail().model_copy(update={"to": (Address(email="a@b.example"),)})

    assert mail.undo(SENT, LISBON).body.startswith("Hi,\n")


def test_the_owners_words_replace_the_text_and_close_its_questions():
    mail = a_mail().model_copy(update={"left_open": ("When?",)})

    edited = mail.edited("  Hello.\n")

    assert (edited.body, edited.left_open, edited.to) == ("Hello.", (), (MARTA,))


def test_only_a_mail_that_is_merely_written_may_be_written_again():
    assert a_mail().repeats() == "B"
    assert a_mail().model_copy(update={"from_address": ""}).repeats() == "A"
    assert (MailSend.reversal, a_mail().hold_s) == (Reversal.HOLD, 60)


@pytest.mark.parametrize(
    "email", ["", "marta", "a@b, c@d.example", "a@b.example\r\nBcc: x@y.example", "<a@b.example>"]
)
def test_what_is_not_exactly_one_address_is_refused(email: str):
    with pytest.raises(ValidationError):
        Address(email=email)


def test_a_mail_to_nobody_is_refused():
    with pytest.raises(ValidationError):
        MailSend(to=(), subject="x", body="y")
