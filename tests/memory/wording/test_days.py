import pytest

from tests.memory.wording.said import NOW, all_of, choices, day, time


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("today", "2026-03-10"),
        ("ring her tmrw", "2026-03-11"),
        ("tomorrow's list", "2026-03-11"),
        ("they paid yday", "2026-03-09"),
        ("the day after tomorrow", "2026-03-12"),
        ("day before yesterday", "2026-03-08"),
        ("tomorrow week", "2026-03-18"),
        ("a week today", "2026-03-17"),
        ("from now on we bill weekly amounts", "2026-03-10"),
    ],
)
def test_days_near_today_are_counted_from_it(text: str, meant: str):
    assert day(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("by Friday", "2026-03-13"),
        ("thurs", "2026-03-12"),
        ("on weds", "2026-03-11"),
        ("Tuesday", "2026-03-17"),
        ("this Friday", "2026-03-13"),
        ("this Monday", "2026-03-16"),
        ("this coming Thursday", "2026-03-12"),
        ("Thursday coming", "2026-03-12"),
        ("last Tuesday", "2026-03-03"),
        ("Friday week", "2026-03-20"),
        ("a week on Friday", "2026-03-20"),
        ("Wednesday next week", "2026-03-18"),
        ("next week, Wednesday", "2026-03-18"),
        ("Monday of next week", "2026-03-16"),
    ],
)
def test_a_weekday_is_the_next_such_day(text: str, meant: str):
    assert day(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [("I paid on Friday", "2026-03-06"), ("paid on Tuesday", "2026-03-03")],
)
def test_a_weekday_told_of_the_past_is_the_last_such_day(text: str, meant: str):
    assert day(text, past=True) == meant


def test_a_deadline_lies_ahead_even_in_a_tale_of_the_past():
    assert day("due by Friday", past=True) == "2026-03-13"


def test_next_friday_said_on_a_tuesday_can_be_either():
    assert choices("next Friday") == ["2026-03-13T00:00", "2026-03-20T00:00"]


def test_next_monday_said_on_a_tuesday_can_only_be_one():
    assert choices("next Monday") == []
    assert day("next Monday") == "2026-03-16"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("on 3 April", "2026-04-03"),
        ("April 3rd", "2026-04-03"),
        ("the 3rd of April", "2026-04-03"),
        ("3 march", "2027-03-03"),
        ("10 March", "2026-03-10"),
        ("13 March 2026", "2026-03-13"),
        ("March 13, 2026", "2026-03-13"),
        ("13th of March 2025", "2025-03-13"),
        ("second of August", "2026-08-02"),
        ("twenty-third of April", "2026-04-23"),
        ("3 April next year", "2027-04-03"),
        ("Fri 13 March", "2026-03-13"),
        ("Friday, 13th March", "2026-03-13"),
        ("on Monday the 16th", "2026-03-16"),
        ("Monday 16", "2026-03-16"),
        ("13 March (Friday)", "2026-03-13"),
    ],
)
def test_a_date_is_the_next_one_that_comes_unless_it_has_a_year(text: str, meant: str):
    assert day(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [("on 3 March", "2026-03-03"), ("3 April", "2025-04-03"), ("the 4th", "2026-03-04")],
)
def test_a_date_told_of_the_past_is_the_last_one(text: str, meant: str):
    assert day(text, past=True) == meant


def test_a_date_that_contradicts_its_weekday_is_asked_about():
    assert choices("Friday 14 March") == ["2026-03-13T00:00", "2026-03-14T00:00"]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("the 20th", "2026-03-20"),
        ("by the 4th", "2026-04-04"),
        ("the 31st", "2026-03-31"),
        ("on the fifth", "2026-04-05"),
        ("on the 17", "2026-03-17"),
        ("the 10th of the month", "2026-03-10"),
        ("the 5th of next month", "2026-04-05"),
        ("next month on the 5th", "2026-04-05"),
    ],
)
def test_a_day_of_the_month_is_the_next_one(text: str, meant: str):
    assert day(text) == meant


def test_the_30th_skips_months_that_are_too_short():
    assert day("the 30th", now=NOW.replace(month=2)) == "2026-03-30"


def test_days_in_a_list_share_their_month():
    assert [each.day.isoformat() for each in all_of("on the 3rd and 4th of May")] == [
        "2026-05-03",
        "2026-05-04",
    ]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("end of the week", "2026-03-13"),
        ("by the end of next week", "2026-03-20"),
        ("end of the month", "2026-03-31"),
        ("end of March", "2026-03-31"),
        ("until the end of June", "2026-06-30"),
        ("EOM", "2026-03-31"),
        ("end of Q2", "2026-06-30"),
        ("end of the year", "2026-12-31"),
        ("EOD", "2026-03-10"),
        ("by end of day Friday", "2026-03-13"),
        ("COB tomorrow", "2026-03-11"),
        ("last day of April", "2026-04-30"),
        ("mid March", "2026-03-15"),
    ],
)
def test_the_end_of_a_week_is_friday_and_of_anything_longer_its_last_day(text: str, meant: str):
    assert day(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("in 3 days", "2026-03-13"),
        ("in a fortnight", "2026-03-24"),
        ("in a couple of weeks", "2026-03-24"),
        ("in two months", "2026-05-10"),
        ("2 weeks ago", "2026-02-24"),
        ("10 days from now", "2026-03-20"),
        ("two weeks from Monday", "2026-03-30"),
        ("three days before the 20th", "2026-03-17"),
        ("the day after Friday", "2026-03-14"),
        ("in 3 days' time", "2026-03-13"),
        ("in 4 working days", "2026-03-16"),
        ("2 working days before Monday", "2026-03-12"),
    ],
)
def test_distances_are_counted_in_days(text: str, meant: str):
    assert day(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("before Friday", "2026-03-12"),
        ("before the 25th", "2026-03-24"),
        ("b4 sat", "2026-03-13"),
        ("before next week", "2026-03-15"),
        ("after next week", "2026-03-23"),
        ("before May", "2026-04-30"),
        ("from September", "2026-09-01"),
        ("starting feb", "2027-02-01"),
        ("as of 1 march", "2027-03-01"),
    ],
)
def test_before_a_day_is_the_day_before_and_from_a_month_is_its_first(text: str, meant: str):
    assert day(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("first Monday of January", "2027-01-04"),
        ("the last Friday of March", "2026-03-27"),
        ("second Tuesday in April", "2026-04-14"),
    ],
)
def test_the_nth_weekday_of_a_month_is_one_day(text: str, meant: str):
    assert day(text) == meant


def test_that_day_is_the_one_spoken_of_before():
    found = all_of("he gets the link on the 4th, and remind me that morning 9 to send it")

    assert found[1].start == found[0].start.replace(hour=9)


def test_31_february_is_no_day():
    assert all_of("31 Feb") == ()


def test_a_moved_day_is_an_old_and_a_new_one():
    old, new = all_of("move the call from Monday to Thursday")

    assert (old.lead, new.lead) == ("from", "to")
    assert (old.day.day, new.day.day) == (16, 12)


def test_right_now_is_this_minute():
    assert time("right now") == "2026-03-10T09:00"
