from decimal import Decimal

import pytest

from memory.prices import Price, is_price, price_in


@pytest.mark.parametrize("text", ["0.05 / 0.40", "0.05/0.40", " 0.05 /0.40 "])
def test_a_price_is_written_in_and_out(text: str):
    assert price_in(text) == Price(Decimal("0.05"), Decimal("0.40"))


@pytest.mark.parametrize("text", ["", "0.05", "cheap", "-1 / 2", "1 / nan", "1e9 / 1", "1,5 / 2"])
def test_anything_else_is_none_and_says_how(text: str):
    assert not is_price(text)
    with pytest.raises(ValueError, match="a million tokens"):
        price_in(text)


def test_a_cost_is_rounded_up_to_whole_millionths():
    assert Price(Decimal("0.05"), Decimal("0.40")).micro(1, 1) == 1
    assert Price(Decimal("0.15"), Decimal("0.60")).micro(1000, 100) == 210
    assert Price(Decimal(0), Decimal(0)).micro(10**9, 10**9) == 0
