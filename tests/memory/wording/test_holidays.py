import pytest

from tests.memory.wording.said import all_of, day


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("on Christmas Eve", "2026-12-24"),
        ("by xmas", "2026-12-25"),
        ("before Christmas", "2026-12-24"),
        ("at Easter", "2026-04-05"),
        ("Easter 2027", "2027-03-28"),
        ("Good Friday", "2026-04-03"),
        ("on New Year's Eve", "2026-12-31"),
        ("Black Friday", "2026-11-27"),
        ("for Thanksgiving", "2026-11-26"),
        ("last Easter", "2025-04-20"),
        ("next halloween", "2026-10-31"),
        ("5 days before Christmas", "2026-12-20"),
        ("christmas of next year", "2027-12-25"),
    ],
)
def test_a_holiday_is_the_next_of_its_name(text: str, meant: str):
    assert day(text) == meant


def test_a_holiday_told_of_the_past_is_the_last_one():
    assert day("at Christmas", past=True) == "2025-12-25"


@pytest.mark.parametrize(
    "text", ["the christmas menu", "an easter egg hunt", "valentine's bouquet"]
)
def test_a_holiday_that_describes_something_is_no_date(text: str):
    assert all_of(text) == ()
