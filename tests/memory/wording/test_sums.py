from decimal import Decimal

import pytest

from memory.wording.money_figures import Owner
from memory.wording.sums import GRAMMAR, Sum


def read(text: str, currency: str = "EUR") -> Sum | None:
    reading = GRAMMAR.reading(GRAMMAR.cut(text, Owner(currency, comma_decimals=False)))
    found = reading.longest("money", 0)
    return found[1] if found and isinstance(found[1], Sum) else None


@pytest.mark.parametrize(
    ("text", "currency", "value"),
    [
        ("EUR 20", "EUR", "20"),
        ("20 new zealand dollars", "NZD", "20"),
        ("$20 USD", "USD", "20"),
        ("3 pounds 50", "GBP", "3.50"),
        ("75 øre", "DKK", "0.75"),
    ],
)
def test_sign_code_and_name_say_the_currency(text: str, currency: str, value: str):
    found = read(text)

    assert found == Sum(currency=currency, values=(Decimal(value),))


def test_two_currencies_that_contradict_each_other_are_not_one_sum():
    assert read("£20 USD") == Sum(currency="GBP", values=(Decimal(20),))


def test_a_code_that_is_a_word_counts_in_capitals_only():
    assert read("TRY 5") == Sum(currency="TRY", values=(Decimal(5),))
    assert read("try 5") is None
    assert read("try 5", currency="TRY") is not None
