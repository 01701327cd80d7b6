import pytest

from tests.memory.wording.said import all_of, day, time


@pytest.mark.parametrize(
    "text",
    [
        "Friday 3pm",
        "3pm Friday",
        "Friday at 3pm",
        "at 3pm on Friday",
        "Friday, 3pm",
        "Friday afternoon at 3",
        "Friday at 3 in the afternoon",
        "in the afternoon at 3 on Friday",
    ],
)
def test_the_pieces_of_a_date_come_in_any_order(text: str):
    assert time(text) == "2026-03-13T15:00"


def test_the_longest_reading_wins():
    (found,) = all_of("see you on Friday 13 March 2026 at 3pm, right")

    assert found.text == "on Friday 13 March 2026 at 3pm"


def test_two_dates_stay_two():
    assert [found.text for found in all_of("Friday, or the Monday after")] == ["Friday", "Monday"]


def test_the_same_day_said_twice_is_one():
    assert day("tomorrow, Wednesday 11 March") == "2026-03-11"


def test_the_word_in_front_belongs_to_the_date():
    found = [(each.text, each.lead) for each in all_of("send it by Friday, not before 3 April")]

    assert found == [("by Friday", "by"), ("before 3 April", "before")]


def test_a_length_alone_is_no_date():
    assert all_of("it takes 45 min") == ()
