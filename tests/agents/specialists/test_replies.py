from datetime import UTC, datetime
from pathlib import Path

import pytest

from agents.specialists.replies import recognise
from memory.config import Owner
from memory.records.letter import Letter
from memory.records.mail_send import MailSend
from tests.doubles.builders import NOW, Desk, a_config, a_desk, a_letter, a_rate, heard


async def draft(desk: Desk, letter: Letter) -> MailSend:
    await desk.forward(letter)
    card = await desk.card()
    assert card.action is not None
    assert isinstance(card.action.effect, MailSend)
    return card.action.effect


async def question(desk: Desk, letter: Letter) -> str:
    await desk.forward(letter)
    asked = (await desk.cards())[-1].notice
    assert asked.question is not None
    return asked.text


def test_a_letter_that_asks_for_work_is_told_from_one_that_does_not():
    asks = recognise(heard("", letter=a_letter()))
    tells = recognise(heard("", letter=a_letter("All paid.", subject="Hello")))
    typed = recognise(heard("how much is a page?"))

    assert [one.kind for one in (*asks, *tells)] == ["mail.enquiry", "mail.other"]
    assert typed == ()


async def test_an_answer_is_short_and_warm_and_has_the_price_and_the_day(desk: Desk):
    mail = await draft(desk, a_letter())

    assert mail.body == (
        "Hi Marta,\n\nthank you for writing. A landing page is 1,200 EUR. "
        "I have noted your date, 3 April.\n\nDana"
    )
    assert mail.subject == "Re: Landing page for our spring menu"
    assert mail.in_reply_to == "<bf-1001@bluefincafe.example>"
    assert [one.email for one in mail.to] == ["marta@bluefincafe.example"]


async def test_two_questions_for_a_price_get_both_prices(desk: Desk):
    mail = await draft(
        desk,
        a_letter(
            "Hi, what's your hourly rate, and how much is a landing page? Do you also do logos?",
            subject="Prices",
        ),
    )

    assert "A landing page is 1,200 EUR." in mail.body
    assert "My hourly rate is 85 EUR." in mail.body
    assert mail.left_open == ("Do you also do logos?",)


async def test_the_reason_says_since_when_the_price_is_true(desk: Desk):
    await desk.forward(a_letter())

    card = await desk.card()
    assert card.action is not None
    assert card.action.rationale == (
        "Marta asks for a price by Friday 13 March; "
        "1,200 EUR is your landing page price since 2 March."
    )


async def test_a_price_of_today_is_as_you_told_me_today(desk: Desk):
    await desk.keep(a_rate("logo package", "900"))

    await desk.forward(a_letter("How much is a logo package?", subject="Logo"))

    card = await desk.card()
    assert card.action is not None
    assert card.action.rationale == (
        "Marta asks for a price; 900 EUR is your logo package price, as you told me today."
    )


@pytest.mark.parametrize(
    ("owner", "rate", "letter", "body"),
    [
        (
            Owner(name="Ken Sato", timezone="Asia/Tokyo", currency="JPY"),
            a_rate("portrait session", "45000", "JPY"),
            a_letter("What would a portrait session on 12 June cost?", subject="Question"),
            "thank you for writing. A portrait session is 45,000 JPY. "
            "I have noted your date, 12 June.",
        ),
        (
            Owner(name="Jo", timezone="America/New_York", currency="USD", locale="en-US"),
            a_rate("illustration", "900", "USD"),
            a_letter("Can you quote an illustration by 3/20? We print on 4/15.", subject="Art"),
            "thank you for writing. An illustration is 900 USD. I have noted your date, April 15.",
        ),
        (
            Owner(name="Zoe", timezone="Europe/London", currency="GBP"),
            a_rate("consulting", "95", "GBP", "hour"),
            a_letter("We're looking for consulting. How much is it?", subject="Help"),
            "thank you for writing. Consulting is 95 GBP an hour.",
        ),
    ],
    ids=["Tokyo in yen", "New York in dollars", "London in pounds, without a date"],
)
async def test_other_trades_zones_and_currencies(
    tmp_path: Path, owner: Owner, rate, letter: Letter, body: str
):
    async with a_desk(tmp_path, a_config(owner=owner)) as desk:
        await desk.keep(rate)

        mail = await draft(desk, letter)

    assert mail.body.split("\n\n")[1] == body


@pytest.mark.parametrize(
    ("rate", "sentence"),
    [
        (a_rate("workshop", "300", unit="day"), "A workshop is 300 EUR a day."),
        (a_rate("photo prints", "20"), "Photo prints are 20 EUR."),
        (a_rate("SEO audit", "400"), "An SEO audit is 400 EUR."),
        (a_rate("UX review", "400"), "A UX review is 400 EUR."),
        (a_rate("honest review", "90"), "An honest review is 90 EUR."),
        (a_rate("one-page site", "900"), "A one-page site is 900 EUR."),
        (a_rate("support", "50", unit="month"), "Support is 50 EUR a month."),
        (a_rate("daily", "600", unit="day"), "My daily rate is 600 EUR."),
        (a_rate("business class", "700"), "A business class is 700 EUR."),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
async def test_a_price_is_said_as_people_say_it(desk: Desk, rate, sentence: str):
    await desk.keep(rate)

    mail = await draft(desk, a_letter(f"How much for: {rate.what}?", subject="Hello"))

    assert sentence in mail.body


async def test_without_a_price_the_owner_is_asked(desk: Desk):
    said = await question(desk, a_letter("How much is a wedding shoot?", subject=""))

    assert said == 'Marta asks for "Wedding shoot". I have no price for that. What shall I say?'


async def test_without_an_address_the_owner_is_asked(desk: Desk):
    await desk.hear("Hi Dana,\n\nhow much is a landing page?\n\nThanks,\nRaj")

    asked = (await desk.cards())[-1].notice
    assert asked.text == "I found no mail address of Raj in the text. Where shall the answer go?"


async def test_a_price_that_is_not_true_yet_is_not_offered(desk: Desk):
    later = datetime(2026, 5, 1, tzinfo=UTC)
    assert later > NOW
    await desk.keep(a_rate("landing page", "2000"), valid_from=later)

    mail = await draft(desk, a_letter())

    assert "1,200 EUR" in mail.body
