from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory import money
from memory.money import Amount
from memory.records.money import Money
from memory.wording.phrases import word_set

LOCALES = ("en-GB", "en-US", "de-DE", "fr-FR", "sv-SE", "en-IN", "nonsense")
CURRENCIES = ("EUR", "USD", "GBP", "CHF", "JPY", "SEK", "INR", "BRL", "ZAR", "KWD")
WORDS = st.sampled_from(
    sorted(
        word_set(
            "1 200 1,200 1.200,50 1'200.- 12.5k k m € $ £ R kr EUR usd euros quid cents "
            "per hour / a month an each - – . , ' ’ 20 p and two hundred thousand grand "
            "up to around ~ % page 4 0330 ) ("
        )
    )
)


def only(text: str, currency: str = "EUR", locale: str = "en-GB") -> Amount:
    found = money.find(text, currency=currency, locale=locale)
    assert len(found) == 1, f"{text!r} holds {[each.text for each in found]}"
    return found[0]


def bare(text: str, currency: str = "EUR") -> list[str]:
    """Every amount in a text, bare numbers included, as the scripting form."""
    return [str(found.money) for found in money.numbers(text, currency=currency)]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("12.5k USD", "12500.00 USD"),
        ("CHF 1'200.-", "1200.00 CHF"),
        ("CHF 1’200.–", "1200.00 CHF"),
        ("1.200,50 EUR", "1200.50 EUR"),
        ("€1,234", "1234.00 EUR"),
        ("R$ 3.000", "3000.00 BRL"),
        ("£60", "60.00 GBP"),
        ("1200 euros", "1200.00 EUR"),
        ("40 quid", "40.00 GBP"),
        ("1,5k EUR", "1500.00 EUR"),
        ("two hundred euros", "200.00 EUR"),
        ("¥12,000", "12000.00 JPY"),
        ("1 200 kr", "1200.00 SEK"),
        ("Rs 4,500", "4500.00 INR"),
        ("₹4,50,000", "450000.00 INR"),
        ("USD 1,299.00", "1299.00 USD"),
        ("$1.2m", "1200000.00 USD"),
        ("20 cents", "0.20 EUR"),
        ("50p", "0.50 GBP"),
        ("85.50€", "85.50 EUR"),
        ("1200usd", "1200.00 USD"),
        ("US$50", "50.00 USD"),
        ("A$ 50", "50.00 AUD"),
        ("500,- kr", "500.00 SEK"),
        ("100 zł", "100.00 PLN"),
        ("5 euros 20", "5.20 EUR"),
        ("five dollars and twenty cents", "5.20 USD"),
        ("half a million dollars", "500000.00 USD"),
        ("three thousand five hundred euros", "3500.00 EUR"),
        ("1 200 000 EUR", "1200000.00 EUR"),
        ("1,234,567.89 EUR", "1234567.89 EUR"),
        ("-20 EUR", "-20.00 EUR"),
        ("300 Swiss francs", "300.00 CHF"),
    ],
)
def test_an_amount_says_its_currency(text: str, meant: str):
    found = only(f"that is {text}, thanks")

    assert str(found.money) == meant
    assert found.text == text
    assert found.choices == ()


@pytest.mark.parametrize(
    ("text", "currency", "meant"),
    [
        ("$35", "CAD", "35.00 CAD"),
        ("35 bucks", "AUD", "35.00 AUD"),
        ("35 bucks", "EUR", "35.00 USD"),
        ("500 kr", "NOK", "500.00 NOK"),
        ("500 kr", "EUR", "500.00 SEK"),
        ("500 kronor", "DKK", "500.00 DKK"),
        ("50 pounds", "EGP", "50.00 EGP"),
        ("¥500", "CNY", "500.00 CNY"),
        ("R 8600", "ZAR", "8600.00 ZAR"),
        ("20 cents", "USD", "0.20 USD"),
        ("20 cents", "JPY", "0.20 USD"),
    ],
)
def test_a_word_for_several_currencies_means_the_owners(text: str, currency: str, meant: str):
    assert str(only(text, currency).money) == meant


def test_a_figure_that_can_mean_two_amounts_is_asked_about():
    assert [str(each) for each in only("€1.234").choices] == ["1.23 EUR", "1234.00 EUR"]


def test_a_comma_is_asked_about_where_it_marks_decimals():
    assert only("1,234 EUR", locale="en-GB").choices == ()
    assert len(only("1,234 EUR", locale="de-DE").choices) == 2


@pytest.mark.parametrize(
    ("text", "per"),
    [
        ("85 EUR an hour", "hour"),
        ("85 EUR/h", "hour"),
        ("85 EUR per hour", "hour"),
        ("85 EUR p.h.", "hour"),
        ("400 EUR a day", "day"),
        ("220 EUR/month", "month"),
        ("220 EUR monthly", "month"),
        ("5k EUR per year", "year"),
        ("24 EUR each", "piece"),
        ("hourly rate is 85 EUR", "hour"),
        ("85 EUR", None),
    ],
)
def test_an_amount_may_be_for_something(text: str, per: str | None):
    assert only(text).per == per


@pytest.mark.parametrize(
    ("text", "is_approximate"),
    [
        ("around 1,500 EUR", True),
        ("about 20 EUR", True),
        ("~500 EUR", True),
        ("up to 500 EUR", True),
        ("500 EUR or so", True),
        ("exactly 500 EUR", False),
        ("500 EUR", False),
    ],
)
def test_an_amount_may_be_approximate(text: str, is_approximate: bool):
    assert only(text).approximate == is_approximate


@pytest.mark.parametrize("text", ["12-15 EUR", "€12-15", "12 to 15 EUR", "between 12 and 15 EUR"])
def test_a_range_is_two_approximate_amounts(text: str):
    low, high = money.find(text, currency="USD")

    assert (str(low.money), str(high.money)) == ("12.00 EUR", "15.00 EUR")
    assert low.approximate
    assert high.approximate


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("hourly is 85", ["85.00 EUR"]),
        ("costs 900", ["900.00 EUR"]),
        ("put 450 down", ["450.00 EUR"]),
        ("anna paid the 340 this morning", ["340.00 EUR"]),
        ("the two half days at 475 each plus £60 travel", ["475.00 EUR", "60.00 GBP"]),
        ("support flat 220/month starting feb", ["220.00 EUR"]),
        ("mug price goes to 24 from october, was 22", ["24.00 EUR", "22.00 EUR"]),
        ("word rate is 0.14 from 1/11", ["0.14 EUR"]),
        ("charge the 35 fee", ["35.00 EUR"]),
        ("8 at 38.50 from the wholesaler", ["38.50 EUR"]),
        ("1,5k", ["1500.00 EUR"]),
        ("paid 2000 today", ["2000.00 EUR"]),
    ],
)
def test_a_bare_number_may_be_money(text: str, meant: list[str]):
    assert bare(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "6 hours",
        "12 contacts",
        "3 pages",
        "10%",
        "50 % off",
        "+351 210 000 010",
        "0491 570 156",
        "INV-014",
        "invoice 204",
        "hotel paid 0330",
        "12 Main Street",
        "room 12",
        "at 4 on 3 April 2026",
        "tomorrow 10:30",
        "in 2027",
        "since 2019",
        "IBAN DE89 3704 0044 0532 0130 00",
        "HEA 240 is fine",
        "try 5",
        "version 2.5.1",
        "75 kilo",
        "the 20th",
        "5 of them",
        "8 at noon",
        "",
    ],
)
def test_other_numbers_are_no_money(text: str):
    assert bare(text) == []


@pytest.mark.parametrize("text", ["all 5", "try 10", "top 3", "cup 2"])
def test_an_english_word_in_lower_case_is_no_currency(text: str):
    assert money.find(text, currency="EUR") == ()


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (Money.of(1200, "EUR"), "1,200 EUR"),
        (Money.of("85.5", "EUR"), "85.50 EUR"),
        (Money.of(-20, "EUR"), "-20 EUR"),
        (Money.of(12000, "JPY"), "12,000 JPY"),
        (Money.of("1234567.89", "USD"), "1,234,567.89 USD"),
        (Money.of(0, "EUR"), "0 EUR"),
    ],
)
def test_money_is_said_without_empty_decimals(amount: Money, said: str):
    assert money.say(amount) == said


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en-US", "1,200.50 EUR"),
        ("de-DE", "1.200,50 EUR"),
        ("de-CH", "1’200.50 EUR"),
        ("en-IN", "1,200.50 EUR"),
        ("nonsense", "1,200.50 EUR"),
    ],
)
def test_thousands_are_grouped_as_in_the_owners_country(locale: str, said: str):
    assert money.say(Money.of("1200.5", "EUR"), locale=locale) == said


@given(
    minor=st.integers(-(10**11), 10**11),
    currency=st.sampled_from(CURRENCIES),
    locale=st.sampled_from(["en-GB", "en-US", "de-CH", "fr-FR", "sv-SE"]),
)
def test_what_steward_writes_it_can_read(minor: int, currency: str, locale: str):
    amount = Money(minor=minor, currency=currency)

    found = only(money.say(amount, locale=locale), currency, locale)

    assert amount in (found.money, *found.choices)


@given(text=st.text(max_size=80), currency=st.sampled_from(CURRENCIES))
def test_any_text_can_be_read(text: str, currency: str):
    for found in money.numbers(text, currency=currency):
        assert text[found.span[0] : found.span[1]] == found.text
        assert 0 <= found.span[0] < found.span[1] <= len(text)


@given(
    words=st.lists(WORDS, max_size=10),
    glue=st.sampled_from(["", " "]),
    currency=st.sampled_from(CURRENCIES),
    locale=st.sampled_from(LOCALES),
)
def test_any_heap_of_money_words_can_be_read(
    words: list[str], glue: str, currency: str, locale: str
):
    text = glue.join(words)
    end = 0

    for found in money.numbers(text, currency=currency, locale=locale):
        assert text[found.span[0] : found.span[1]] == found.text
        assert found.span[0] >= end
        end = found.span[1]


@given(amount=st.decimals(0, 10**9, places=2), currency=st.sampled_from(["EUR", "USD", "GBP"]))
def test_an_amount_with_a_point_and_two_digits_is_exact(amount: Decimal, currency: str):
    found = only(f"please pay {amount:,.2f} {currency} today", currency)

    assert found.money == Money.of(amount, currency)


def test_a_word_after_a_comma_belongs_to_the_amount_that_follows_it():
    found = money.find("landing page 1,200 EUR, hourly 85 EUR", currency="EUR")

    assert [(each.text, each.per) for each in found] == [("1,200 EUR", None), ("85 EUR", "hour")]
