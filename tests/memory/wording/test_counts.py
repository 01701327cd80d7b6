from datetime import timedelta

import pytest

from memory import when
from tests.memory.wording.said import time


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("45 min", 45),
        ("90mins", 90),
        ("half an hour", 30),
        ("an hour and a half", 90),
        ("one and a half hours", 90),
        ("1.5 hours", 90),
        ("1h30", 90),
        ("2 hours 15 minutes", 135),
        ("2 hours and 15 minutes", 135),
        ("a couple of hours", 120),
        ("twenty five minutes", 25),
        ("2 days", 2 * 24 * 60),
    ],
)
def test_a_length_of_time_is_read_as_people_say_it(text: str, minutes: int):
    (found,) = when.lengths(f"the call takes {text}, no more")

    assert found.length == timedelta(minutes=minutes)
    assert found.text == text


@pytest.mark.parametrize("text", ["45 minus 3", "INV-2h", "half of it", "a second look at page 4"])
def test_what_has_no_unit_of_time_is_no_length(text: str):
    assert [found.text for found in when.lengths(text)] in ([], ["a second"])


def test_in_some_hours_is_counted_from_now():
    assert time("in an hour and a half") == "2026-03-10T10:30"
    assert time("in 1h30") == "2026-03-10T10:30"
    assert time("an hour ago") == "2026-03-10T08:00"
