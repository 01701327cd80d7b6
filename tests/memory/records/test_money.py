"""Money: exact, in whole minor units."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from memory.records.money import Money


@pytest.mark.parametrize(
    ("amount", "currency", "minor", "said"),
    [
        ("1200", "EUR", 120000, "1200.00 EUR"),
        ("-0.01", "EUR", -1, "-0.01 EUR"),
        ("1200", "JPY", 1200, "1200.00 JPY"),
        ("1.234", "KWD", 1234, "1.234 KWD"),
        ("0.125", "EUR", 12, "0.12 EUR"),
        ("0.135", "EUR", 14, "0.14 EUR"),
        (7, "EUR", 700, "7.00 EUR"),
        (Decimal("99999999999.99"), "EUR", 9999999999999, "99999999999.99 EUR"),
    ],
)
def test_an_amount_is_counted_in_its_currencys_smallest_unit(
    amount: Decimal | str | int, currency: str, minor: int, said: str
):
    money = Money.of(amount, currency)

    assert money.minor == minor
    assert str(money) == said


@given(st.integers(-(10**15), 10**15), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_no_cent_is_lost_on_the_way_through_decimals(minor: int, currency: str):
    money = Money(minor=minor, currency=currency)

    assert Money.of(money.amount, currency) == money


@pytest.mark.parametrize("currency", ["eur", "EURO", "", "€"])
def test_a_currency_is_three_capital_letters(currency: str):
    with pytest.raises(ValidationError):
        Money(minor=1, currency=currency)
