from datetime import UTC, date, datetime

import pytest

from agents import enquiry
from memory.records.money import Money
from tests.doubles.builders import DANA, NOW, a_letter, a_rate

RATES = (
    a_rate("hourly", "85", unit="hour"),
    a_rate("landing page", "1200"),
    a_rate("page", "300"),
    a_rate("logo package", "900"),
)


def asked(text: str, subject: str = "Work", *, locale: str = "en-GB") -> enquiry.Asked:
    letter = a_letter(text, subject=subject)
    now = NOW.astimezone(DANA.zone)
    return enquiry.asked(letter, now=now, currency="EUR", locale=locale)


@pytest.mark.parametrize(
    "text",
    [
        "Could you send me a quote by Friday?",
        "How much is a logo?",
        "What would a site cost us?",
        "Do you offer wedding shoots?",
        "We need a translation. Are you free in May?",
        "What are your rates?",
    ],
)
def test_who_asks_for_work_or_its_price_makes_an_enquiry(text: str):
    assert enquiry.is_enquiry(a_letter(text))


@pytest.mark.parametrize(
    "text", ["The invoice is paid.", "See you on Friday.", "Thanks for the lovely photos!"]
)
def test_other_letters_are_none(text: str):
    assert not enquiry.is_enquiry(a_letter(text, subject="Hello"))


def test_what_a_machine_wrote_is_no_enquiry():
    assert not enquiry.is_enquiry(a_letter("How much is your time worth?", automatic=True))


@pytest.mark.parametrize(
    ("text", "due", "wanted"),
    [
        ("Could you send me a quote by Friday? We open on 3 April.", (3, 13), (4, 3)),
        ("How much is a wedding shoot on 12 June?", None, (6, 12)),
        ("Could you send a quote for a shoot on 12 June?", None, (6, 12)),
        ("Please quote by Friday for a shoot on 12 June.", (3, 13), (6, 12)),
        ("Can you quote me for a logo by Friday?", (3, 13), None),
        ("How much for a logo?", None, None),
    ],
)
def test_the_day_of_the_answer_and_the_day_of_the_work_are_told_apart(
    text: str, due: tuple[int, int] | None, wanted: tuple[int, int] | None
):
    found = asked(text)

    assert found.quote_due == (date(2026, *due) if due else None)
    assert found.wanted_by == (date(2026, *wanted) if wanted else None)


def test_days_count_from_when_the_letter_was_written():
    letter = a_letter("A quote by Friday?", written_at=datetime(2026, 3, 2, 9, tzinfo=UTC))

    found = enquiry.asked(letter, now=NOW.astimezone(DANA.zone), currency="EUR", locale="en-GB")

    assert found.quote_due == date(2026, 3, 6)


def test_a_span_points_at_the_words_in_the_letter():
    text = "Hi. Could you send me a quote by Friday? Our budget is around 1,500 EUR."

    found = asked(text)

    assert found.due_span is not None
    assert text[slice(*found.due_span)] == "by Friday"
    assert found.budget == Money.of("1500", "EUR")


@pytest.mark.parametrize(
    ("subject", "text", "name"),
    [
        ("Landing page for our spring menu", "A quote?", "Spring menu landing page"),
        ("Re: Fwd: New logo", "A quote?", "New logo"),
        ("", "Hi, how much is a wedding shoot?", "Wedding shoot"),
        ("Question", "What would a portrait session on 12 June cost?", "Portrait session"),
        ("Enquiry", "We're looking for consulting on our menu.", "Consulting"),
        ("Hello", "What do you charge?", "Hello"),
        ("", "Bonjour", "Enquiry"),
    ],
)
def test_the_work_is_named_like_a_project(subject: str, text: str, name: str):
    assert enquiry.work_named(a_letter(text, subject=subject)) == name


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("How much is a landing page?", ["landing page"]),
        ("What's your hourly rate? And a logo package?", ["hourly", "logo package"]),
        ("Two landing pages, please.", ["landing page"]),
        ("A portrait of my dog?", []),
        ("How much is a logo?", []),
    ],
)
def test_the_prices_that_fit_are_those_whose_words_are_named(text: str, names: list[str]):
    found = enquiry.fitting(RATES, a_letter(text, subject=""))

    assert [one.what for one in found] == names


def test_questions_that_a_price_does_not_answer_stay_open():
    found = asked("How much is a logo? Do you also print? How are you?")

    assert found.questions == ("Do you also print?",)


def test_a_line_break_does_not_end_a_sentence():
    assert [one for _, one in enquiry.sentences("One\ntwo. Three?\n\nFour")] == [
        "One\ntwo.",
        " Three?",
        "Four",
    ]
