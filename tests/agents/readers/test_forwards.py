"""Forwards: marks and blocks are found where programs put them, and nowhere else."""

import pytest

from agents.readers import forwards
from memory.records.letter import Person

BLOCK = "From: Ana <ana@x.example>\nDate: 9 March 2026 at 18:42\nTo: Dana\nSubject: Hosting"
DANA = Person(name="Dana", email=None)


@pytest.mark.parametrize(
    ("line", "mark"),
    [
        ("---------- Forwarded message ---------", "forward"),
        ("> -------- Weitergeleitete Nachricht --------", "forward"),
        ("Begin forwarded message:", "begin"),
        ("Début du message réexpédié :", "begin"),
        ("-----Original Message-----", "original"),
        ("________________________________", "rule"),
        ("The forwarded message", ""),
        ("Begin forwarded message", ""),
        ("----------", ""),
    ],
)
def test_a_mark_is_known_by_its_words_and_its_dashes(line: str, mark: str):
    assert forwards.mark_of(line) == mark


@pytest.mark.parametrize(
    ("subject", "prefix"),
    [
        ("Fwd: Hosting", "forward"),
        ("WG: Hosting", "forward"),
        ("Tr : Visite", "forward"),
        ("RES: Visita", "reply"),
        ("Re[2]: Hosting", "reply"),
        ("Re: Fwd: Hosting", "reply"),
        ("Hosting: a question", ""),
        ("Reminder", ""),
    ],
)
def test_the_first_prefix_decides(subject: str, prefix: str):
    assert forwards.prefix_of(subject) == prefix


def test_only_an_explicit_mark_makes_a_forward_of_an_answer():
    assert forwards.unwrap(f"ok\n\n{BLOCK}\n\nWhen?", "Re: Hosting", ()) == ()
    marked = f"ok\n\n---------- Forwarded message ---------\n{BLOCK}\n\nWhen?"
    assert forwards.unwrap(marked, "Re: Hosting", ())[0].body == "When?"


def test_a_machines_report_needs_a_mark():
    assert forwards.unwrap(f"ok\n\n{BLOCK}\n\nWhen?", "failure", (), is_automatic=True) == ()
    assert len(forwards.unwrap(f"ok\n\n{BLOCK}\n\nWhen?", "failure", ())) == 1


def test_what_the_receiver_wrote_earlier_is_history():
    block = BLOCK.replace("Ana <ana@x.example>", "Dana")

    assert forwards.unwrap(f"ok\n\n{block}\n\nWhen?", "Hosting", (DANA,)) == ()


def test_a_mark_without_a_readable_block_still_says_that_something_was_passed_on():
    (forward,) = forwards.unwrap("note\n\n------ Forwarded message ------\n\nHello", "x", ())

    assert (forward.block, forward.above, forward.body) == (None, "note", "Hello")


def test_below_a_quoted_original_the_outer_message_goes_on():
    quoted = "\n".join(f"> {line}" for line in [*BLOCK.split("\n"), "", "When?"])

    (forward,) = forwards.unwrap(f"Begin forwarded message:\n\n{quoted}\n\nDana", "Fwd: x", ())

    assert (forward.body, forward.below) == ("When?", "Dana")


def test_a_mark_below_ends_the_message():
    text = (
        f"----- Forwarded message from Ana -----\n\n{BLOCK}\n\nWhen?\n\n"
        "----- End forwarded message -----\n\nDana"
    )

    assert forwards.unwrap(text, "Fwd: x", ())[0].body == "When?"


def test_forwards_in_forwards_come_outermost_first():
    inner = f"see below\n\n---------- Forwarded message ---------\n{BLOCK}\n\nWhen?"
    outer = (
        f"file\n\n---------- Forwarded message ---------\n{BLOCK.replace('Ana', 'Ben')}\n\n{inner}"
    )

    found = forwards.unwrap(outer, "Fwd: x", ())

    assert [one.block.author.name for one in found if one.block] == ["Ben", "Ana"]
    assert [one.above for one in found] == ["file", "see below"]


@pytest.mark.parametrize(("dashes", "client"), [(10, "gmail"), (7, "proton"), (5, "unknown")])
def test_the_number_of_dashes_tells_the_program(dashes: int, client: str):
    text = f"{'-' * dashes} Forwarded message {'-' * dashes}\n{BLOCK}\n\nWhen?"

    assert forwards.unwrap(text, "Fwd: x", ())[0].client == client
