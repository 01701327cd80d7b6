"""Peel: forward, history and signature come off; the writer's own words stay."""

import pytest

from agents.readers import peel
from memory.records.letter import Letter, Person

DANA = Person(name="Dana Reyes", email="dana@x.example")
FORWARD = (
    "---------- Forwarded message ---------\nFrom: Tom <tom@x.example>\nSubject: Hosting\n\n"
    "Can you move it by Friday?\n\nCheers\nTom\n\nOn 8 March 2026 Ana <ana@x.example> wrote:\n> ok"
)


def a_letter(text: str, subject: str = "Hosting") -> Letter:
    return Letter(author=DANA, sender=DANA, subject=subject, text=text, full_text=text)


def test_each_layer_goes_to_its_place():
    letter = peel.peel(a_letter(f"please file\n\n{FORWARD}", "Fwd: Hosting"))

    assert letter.text == "Can you move it by Friday?"
    assert letter.signature == "Cheers\nTom"
    assert letter.quoted.startswith("On 8 March 2026 Ana")
    assert letter.owner_note == "please file"
    assert letter.author.email == "tom@x.example"
    assert letter.full_text.startswith("please file")


def test_a_letter_without_layers_stays_as_it_is():
    letter = a_letter("Can you move it by Friday?")

    assert peel.peel(letter) == letter


def test_a_message_whose_every_line_is_quoted_is_the_writers_own():
    body = FORWARD.partition("\n\n")[0] + "\n\n> Can you move it?\n>\n> Cheers\n> Tom"

    letter = peel.peel(a_letter(body, "Fwd: Hosting"))

    assert (letter.text, letter.signature) == ("Can you move it?", "Cheers\nTom")


@pytest.mark.parametrize(
    ("program", "client"),
    [("", "gmail"), ("iPhone Mail (23F79)", "ios_mail"), ("Mozilla Thunderbird", "thunderbird")],
)
def test_the_mails_own_headers_know_the_program_best(program: str, client: str):
    assert peel.peel(a_letter(FORWARD, "Fwd: x"), program=program).forward_client == client


@pytest.mark.parametrize(
    ("above", "note"),
    [
        ("please file\n\n--\nDana Reyes\nReyes Studio", "please file"),
        ("Sent from my iPhone", None),
        ("please file\n\nSent from my iPhone", "please file"),
        ("please file\n\nDana Reyes\nReyes Studio", "please file"),
        ("________________________________", None),
        ("", None),
    ],
)
def test_a_note_is_what_the_owner_wrote_and_nothing_a_program_added(above: str, note: str | None):
    assert peel.note(above, DANA) == note
