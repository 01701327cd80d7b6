import pytest

from tests.memory.wording.said import NOW, all_of, day, days, one


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("this week", "2026-03-09/2026-03-15"),
        ("next week", "2026-03-16/2026-03-22"),
        ("last week", "2026-03-02/2026-03-08"),
        ("the week after next", "2026-03-23/2026-03-29"),
        ("week 12", "2026-03-16/2026-03-22"),
        ("w/c 16 March", "2026-03-16/2026-03-22"),
        ("the week of 18 March", "2026-03-16/2026-03-22"),
        ("first week of April", "2026-03-30/2026-04-05"),
        ("this weekend", "2026-03-14/2026-03-15"),
        ("next weekend", "2026-03-21/2026-03-22"),
        ("last two weeks of this year", "2026-12-14/2026-12-27"),
    ],
)
def test_weeks_run_from_monday_to_sunday(text: str, meant: str):
    assert days(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("this month", "2026-03-01/2026-03-31"),
        ("next month", "2026-04-01/2026-04-30"),
        ("last month", "2026-02-01/2026-02-28"),
        ("in March", "2026-03-01/2026-03-31"),
        ("in May", "2026-05-01/2026-05-31"),
        ("back in january", "2026-01-01/2026-01-31"),
        ("January 2025", "2025-01-01/2025-01-31"),
        ("Dec-2025", "2025-12-01/2025-12-31"),
        ("03/2026", "2026-03-01/2026-03-31"),
        ("last March", "2025-03-01/2025-03-31"),
        ("next May", "2026-05-01/2026-05-31"),
        ("April next year", "2027-04-01/2027-04-30"),
    ],
)
def test_a_month_is_this_one_or_the_next_of_its_name(text: str, meant: str):
    assert days(text) == meant


def test_a_month_told_of_the_past_is_the_last_of_its_name():
    assert days("in November", past=True) == "2025-11-01/2025-11-30"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Q2", "2026-04-01/2026-06-30"),
        ("Q1 2025", "2025-01-01/2025-03-31"),
        ("second quarter of 2027", "2027-04-01/2027-06-30"),
        ("this quarter", "2026-01-01/2026-03-31"),
        ("last quarter", "2025-10-01/2025-12-31"),
        ("last 2 quarters", "2025-07-01/2025-12-31"),
        ("H1", "2026-01-01/2026-06-30"),
        ("this year", "2026-01-01/2026-12-31"),
        ("in 2027", "2027-01-01/2027-12-31"),
        ("in twenty twenty seven", "2027-01-01/2027-12-31"),
    ],
)
def test_quarters_halves_and_years_are_those_of_the_calendar(text: str, meant: str):
    assert days(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("so far this month", "2026-03-01/2026-03-10"),
        ("this year so far", "2026-01-01/2026-03-10"),
        ("year to date", "2026-01-01/2026-03-10"),
        ("since January", "2026-01-01/2026-03-10"),
        ("since Monday", "2026-03-09/2026-03-10"),
        ("the last 7 days", "2026-03-03/2026-03-10"),
        ("in the past two weeks", "2026-02-24/2026-03-10"),
    ],
)
def test_so_far_and_since_end_today(text: str, meant: str):
    assert days(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("the rest of the week", "2026-03-10/2026-03-15"),
        ("the rest of my week", "2026-03-10/2026-03-15"),
        ("later this month", "2026-03-10/2026-03-31"),
        ("within 2 weeks", "2026-03-10/2026-03-23"),
        ("the next three days", "2026-03-10/2026-03-12"),
        ("early next week", "2026-03-16/2026-03-17"),
        ("late April", "2026-04-21/2026-04-30"),
    ],
)
def test_what_is_left_of_a_period_begins_today(text: str, meant: str):
    assert days(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("9-12 March", "2026-03-09/2026-03-12"),
        ("from 20 to 24 April", "2026-04-20/2026-04-24"),
        ("April 9 through 17", "2026-04-09/2026-04-17"),
        ("between the 21st and the 23rd", "2026-03-21/2026-03-23"),
        ("Mon-Fri next week", "2026-03-16/2026-03-20"),
        ("from Monday to Friday", "2026-03-16/2026-03-20"),
        ("feb to april", "2026-02-01/2026-04-30"),
        ("28 December to 3 January", "2026-12-28/2027-01-03"),
        ("09/03/2026 to 11/03/2026", "2026-03-09/2026-03-11"),
        ("from the 27th to the 3rd of April", "2026-03-27/2026-04-03"),
        ("2014-2018", "2014-01-01/2018-12-31"),
        ("2 weeks starting 1 April", "2026-04-01/2026-04-14"),
    ],
)
def test_a_stretch_of_days_includes_both_ends(text: str, meant: str):
    assert days(text) == meant


def test_from_august_to_october_has_begun_in_september():
    assert days("from August to October", now=NOW.replace(month=9)) == "2026-08-01/2026-10-31"


def test_the_end_of_a_stretch_is_exclusive():
    end = one("this month").end

    assert end == NOW.replace(month=4, day=1, hour=0)


@pytest.mark.parametrize(
    "text", ["may be later", "march on", "I may ask", "june is nice", "in 2000 words"]
)
def test_words_that_are_also_months_need_company(text: str):
    assert all_of(text) == ()


def test_the_may_after_this_is_a_month_unless_a_verb_follows():
    assert days("this may") == "2026-05-01/2026-05-31"
    assert day("on 3 may") == "2026-05-03"
