from datetime import UTC

import pytest
from pydantic import ValidationError

from memory.records.mail_many import MailMany
from memory.records.receipt import Receipt
from tests.doubles.builders import NOW, a_mail_to, mails_to


def test_it_names_everybody_and_shows_a_text_that_is_the_same_once():
    facts = [(line.label, line.value) for line in mails_to(2).facts()]

    assert facts == [
        ("To", "newsletter: 2 people, one mail each"),
        ("To", "Reader 1 <reader1@readers.example>"),
        ("To", "Reader 2 <reader2@readers.example>"),
        ("New", "first mail to each of them"),
        ("Subject", "Spring opening"),
        ("Text", "We are open again.\n\nDana"),
    ]


def test_texts_that_differ_are_all_shown():
    mails = (a_mail_to("a@x.example", name="A", body="one"), a_mail_to("b@x.example", name="B"))
    lines = [(line.label, line.value) for line in MailMany(group="two", mails=mails).facts()]

    assert ("Text for A", "one") in lines
    assert sum(label.startswith("Text for") for label, _ in lines) == 2


def test_of_five_hundred_nobody_is_left_out():
    whole = mails_to(500)

    said = "\n".join(line.value for line in whole.facts())

    assert all(one in said for one in whole.recipients())


def test_a_mail_to_two_people_is_no_part_of_it():
    two = a_mail_to("a@x.example")
    both = two.model_copy(update={"to": (*two.to, *a_mail_to("b@x.example").to)})

    with pytest.raises(ValidationError, match="exactly one person"):
        MailMany(group="two", mails=(both,))


def test_nobody_gets_it_twice():
    with pytest.raises(ValidationError, match="twice"):
        MailMany(group="two", mails=(a_mail_to("a@x.example"), a_mail_to("A@x.example")))


def test_a_correction_goes_into_the_thread_of_each_mail_that_left():
    first, second, _ = mails_to(3).mails
    left = tuple(
        (mail, Receipt(outcome="sent", at=NOW, message_id=f"<{number}@x>"))
        for number, mail in enumerate((first, second))
    )

    correction = mails_to(3).correction(left, UTC)

    assert [one.in_reply_to for one in correction.mails] == ["<0@x>", "<1@x>"]
    assert correction.recipients() == ("reader1@readers.example", "reader2@readers.example")
    assert all("please disregard my mail of 09:00" in one.body for one in correction.mails)


def test_other_words_are_the_words_of_every_mail():
    assert {one.body for one in mails_to(3).edited(" Closed. ").mails} == {"Closed."}


def test_without_an_account_nothing_leaves_and_it_may_be_written_again():
    written = mails_to(1, mails=(a_mail_to(from_address=""),))

    assert (written.leaves(), written.repeats()) == (False, "A")
    assert (mails_to(1).leaves(), mails_to(1).repeats()) == (True, "B")


def test_each_part_is_held_as_long_as_the_whole():
    assert {one.hold_s for one in mails_to(2, hold_s=60).parts()} == {60}
