import pytest

from agents.slots import fits, given
from memory.records.intent import Intent


def test_blanks_and_slots_of_our_own_are_dropped():
    assert given({"title": " Pay ", "due": "  ", "@source": "src_1"}) == {"title": "Pay"}


@pytest.mark.parametrize(
    ("kind", "slots", "fine"),
    [
        ("task.create", {"title": "Pay"}, True),
        ("task.create", {"title": "Pay", "due": "2026-03-11"}, True),
        ("task.create", {"title": "Pay", "due": "tomorrow"}, False),
        ("task.create", {"due": "2026-03-11"}, False),
        ("task.create", {"title": ""}, False),
        ("rate.set", {"title": "x", "value": "85.00 EUR", "unit": "hour"}, True),
        ("rate.set", {"title": "x", "value": "85"}, False),
        ("rate.set", {"title": "x", "value": "many EUR"}, False),
        ("rate.set", {"title": "x", "unit": "moon"}, False),
        ("profile.set", {"title": "x", "value": "Lena"}, True),
    ],
)
def test_a_reading_has_what_its_work_needs_in_a_form_it_can_use(
    kind: str, slots: dict[str, str], fine: bool
):
    assert fits(Intent(kind=kind, slots=slots), ("title",)) is fine
