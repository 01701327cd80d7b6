import pytest

from tests.memory.wording.said import all_of, choices, day, time


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-03-13", "2026-03-13"),
        ("2026/03/13", "2026-03-13"),
        ("13/3/2026", "2026-03-13"),
        ("13.3.2026", "2026-03-13"),
        ("31.12.", "2026-12-31"),
        ("13-03-2026", "2026-03-13"),
        ("13-Mar-2026", "2026-03-13"),
        ("1/4/26", "2026-04-01"),
        ("02.05.26", "2026-05-02"),
        ("on 4/5", "2026-05-04"),
    ],
)
def test_a_date_in_figures_puts_the_day_first(text: str, meant: str):
    assert day(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [("4/5", "2026-04-05"), ("by 8/12", "2026-08-12"), ("3/13/2027", "2027-03-13")],
)
def test_americans_put_the_month_first(text: str, meant: str):
    assert day(text, locale="en-US") == meant


@pytest.mark.parametrize(
    ("text", "locale"), [("3/13", "en-GB"), ("13/3", "en-US"), ("13/3", "en-GB")]
)
def test_a_date_that_fits_one_order_only_is_read_in_that(text: str, locale: str):
    assert day(text, locale=locale) == "2026-03-13"


def test_where_both_orders_are_in_use_a_date_that_can_be_both_is_asked_about():
    assert choices("lunch 04/05", locale="en-CA") == ["2026-04-05T00:00", "2026-05-04T00:00"]
    assert choices("lunch 20/05", locale="en-CA") == []


def test_an_iso_moment_is_told_on_the_owners_clock():
    assert time("2026-03-13T15:00:00Z") == "2026-03-13T15:00"
    assert time("2026-07-13T15:00+02:00") == "2026-07-13T14:00"
    assert time("2026-03-13 15:00") == "2026-03-13T15:00"


@pytest.mark.parametrize(
    "text",
    [
        "24/7",
        "1/2 day",
        "3/4 of it",
        "room 3/4",
        "30/02/2026",
        "version 2.5.1",
        "v1.2.26",
        "192.168.1.10",
        "it costs 13.3.",
        "+351 210 000 010",
        "0491 570 156",
        "INV-2026-014",
        "INV-014",
        "12/2026/044",
        "1,200 EUR",
        "555-123-4567",
    ],
)
def test_other_figures_are_no_dates(text: str):
    assert all_of(text) == ()
