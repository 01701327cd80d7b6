import pytest

from agents.specialist import named, specialists, steps
from memory.labels import Label
from memory.records.intent import Intent
from tests.doubles.builders import Desk, a_letter, some_work


def test_the_staff_is_found_by_being_there():
    assert {"answers", "customers", "notes", "rates", "replies", "tasks"} <= {
        one.name for one in specialists()
    }


def test_nobody_has_a_name_that_is_not_there():
    assert named("rates").handles == "what the owner charges"
    with pytest.raises(KeyError):
        named("astrologer")


def test_everybody_works_after_those_they_wait_for():
    order = steps()

    assert order["customers"] < order["tasks"] < order["replies"]


async def test_what_is_read_in_a_letter_carries_its_label(desk: Desk):
    async with some_work(desk, Intent(kind="mail.enquiry"), reads=(), letter=a_letter()) as work:
        seen = work.seen(span=(0, 4))

    assert (seen.label, seen.span, seen.source) == (Label.EXTERNAL, (0, 4), work.source.id)
    assert str(work.zone) == "Europe/Lisbon"
