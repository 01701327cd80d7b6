import pytest

from tests.memory.wording.said import NOW, all_of, choices, hours, one, time


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("half 3", "2026-03-10T15:30"),
        ("at half past nine", "2026-03-10T09:30"),
        ("quarter to 5", "2026-03-10T16:45"),
        ("quarter past 4", "2026-03-10T16:15"),
        ("at ten to five", "2026-03-10T16:50"),
        ("5 past 3", "2026-03-10T15:05"),
        ("4 o'clock", "2026-03-10T16:00"),
        ("noon", "2026-03-10T12:00"),
        ("midnight", "2026-03-11T00:00"),
        ("at 3", "2026-03-10T15:00"),
        ("by 5", "2026-03-10T17:00"),
        ("until 6", "2026-03-10T18:00"),
        ("at three", "2026-03-10T15:00"),
        ("at nine thirty", "2026-03-10T09:30"),
        ("at 3ish", "2026-03-10T15:00"),
    ],
)
def test_a_time_is_the_next_one_on_the_clock(text: str, meant: str):
    assert time(text) == meant


def test_half_three_is_half_past_three():
    assert time("Friday half 3") == "2026-03-13T15:30"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("tomorrow 10", "2026-03-11T10:00"),
        ("friday at 1", "2026-03-13T13:00"),
        ("thurs 9am", "2026-03-12T09:00"),
        ("on friday at 6", "2026-03-13T18:00"),
        ("at 8 tomorrow", "2026-03-11T08:00"),
        ("tomorrow at 8.30", "2026-03-11T08:30"),
        ("the 5th 8am", "2026-04-05T08:00"),
        ("3 April at noon", "2026-04-03T12:00"),
    ],
)
def test_bare_hours_from_1_to_6_are_in_the_afternoon_and_from_8_in_the_morning(
    text: str, meant: str
):
    assert time(text) == meant


def test_a_bare_seven_is_a_question():
    assert choices("tomorrow at 7") == ["2026-03-11T07:00", "2026-03-11T19:00"]
    assert choices("at half 7") == ["2026-03-10T19:30", "2026-03-11T07:30"]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("at 7 in the evening", "2026-03-10T19:00"),
        ("tonight at 7", "2026-03-10T19:00"),
        ("tomorrow morning at 7", "2026-03-11T07:00"),
        ("dinner tomorrow at 7", "2026-03-11T19:00"),
        ("breakfast at 7", "2026-03-11T07:00"),
        ("7pm", "2026-03-10T19:00"),
        ("07:00 tomorrow", "2026-03-11T07:00"),
    ],
)
def test_a_seven_with_a_hint_is_none(text: str, meant: str):
    assert choices(text) == []
    assert time(text) == meant


def test_said_at_nine_today_at_eight_is_in_the_evening():
    assert time("today at 8") == "2026-03-10T20:00"


@pytest.mark.parametrize(
    ("text", "part", "day"),
    [
        ("tonight", "night", 10),
        ("tonite", "night", 10),
        ("this afternoon", "afternoon", 10),
        ("tomorrow morning", "morning", 11),
        ("last night", "night", 9),
        ("in the morning", "morning", 11),
        ("Friday evening", "evening", 13),
        ("on the 25th in the morning", "morning", 25),
        ("first thing Monday morning", "morning", 16),
        ("Wednesday evening next week", "evening", 18),
        ("the next morning", "morning", 11),
    ],
)
def test_a_part_of_the_day_is_a_day_and_no_time(text: str, part: str, day: int):
    found = one(text)

    assert not found.has_time
    assert (found.part, found.day.day) == (part, day)


def test_tomorrow_morning_begins_at_eight_for_who_needs_a_time():
    assert one("tomorrow morning").part_start == NOW.replace(day=11, hour=8)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("from 3 to 5 on Friday", "2026-03-13T15:00/2026-03-13T17:00"),
        ("sat 2 to half past 4", "2026-03-14T14:00/2026-03-14T16:30"),
        ("fri 10 to 12", "2026-03-13T10:00/2026-03-13T12:00"),
        ("Monday 9-5", "2026-03-16T09:00/2026-03-16T17:00"),
        ("between 3 and 8 tomorrow", "2026-03-11T15:00/2026-03-11T20:00"),
        ("10am-11am", "2026-03-10T10:00/2026-03-10T11:00"),
        ("tomorrow 15:00-16:30", "2026-03-11T15:00/2026-03-11T16:30"),
        ("Friday 3-8pm", "2026-03-13T15:00/2026-03-13T20:00"),
        ("Friday 3pm to 5", "2026-03-13T15:00/2026-03-13T17:00"),
        ("Friday 3pm to Monday 10am", "2026-03-13T15:00/2026-03-16T10:00"),
        ("from 10pm to 2am tomorrow", "2026-03-11T22:00/2026-03-12T02:00"),
        ("between now and noon", "2026-03-11T09:00/2026-03-11T12:00"),
        ("Friday 3pm for an hour", "2026-03-13T15:00/2026-03-13T16:00"),
        ("Friday 3pm, 45 min", "2026-03-13T15:00/2026-03-13T15:45"),
        ("for 2 hours from 2pm", "2026-03-10T14:00/2026-03-10T16:00"),
    ],
)
def test_a_stretch_of_hours_has_a_beginning_and_an_end(text: str, meant: str):
    assert hours(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("3pm Berlin time", "2026-03-10T14:00"),
        ("10am ET tomorrow", "2026-03-11T14:00"),
        ("15:00 UTC+2", "2026-03-10T13:00"),
        ("Mon, 9 Mar 2026 18:12 +0000", "2026-03-09T18:12"),
        ("Mon, 9 Mar 2026 18:12:44 -0500", "2026-03-09T23:12"),
    ],
)
def test_a_time_with_its_zone_is_told_on_the_owners_clock(text: str, meant: str):
    assert time(text) == meant


@pytest.mark.parametrize(
    "text", ["at 85 an hour", "at 3 places", "by 10 %", "at 24", "meet at 5 Main Street", "in 5"]
)
def test_a_number_that_counts_something_is_no_time(text: str):
    assert all_of(text) == ()
