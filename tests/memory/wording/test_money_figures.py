from decimal import Decimal

import pytest

from memory.wording.money_figures import value_of


@pytest.mark.parametrize(
    ("groups", "signs", "value"),
    [
        (["1200"], [], "1200"),
        (["1", "200"], [","], "1200"),
        (["1", "200"], ["'"], "1200"),
        (["1", "200"], [" "], "1200"),
        (["1", "200", "50"], [".", ","], "1200.50"),
        (["1", "200", "50"], [",", "."], "1200.50"),
        (["1", "234", "567"], [",", ","], "1234567"),
        (["4", "50", "000"], [",", ","], "450000"),
        (["0", "125"], ["."], "0.125"),
        (["85", "5"], [","], "85.5"),
    ],
)
def test_signs_part_thousands_or_decimals(groups: list[str], signs: list[str], value: str):
    figure = value_of(groups, signs, comma_decimals=False)

    assert figure is not None
    assert (figure.value, figure.others) == (Decimal(value), ())


def test_a_dot_and_three_digits_can_be_either():
    figure = value_of(["1", "234"], ["."], comma_decimals=False)

    assert figure is not None
    assert figure.others == (Decimal("1.234"), Decimal(1234))
    assert figure.settled_for("BRL").value == 1234


@pytest.mark.parametrize(("groups", "signs"), [(["1", "20"], ["'"]), (["1", "2", "3"], [".", "."])])
def test_digits_in_wrong_groups_are_no_figure(groups: list[str], signs: list[str]):
    assert value_of(groups, signs, comma_decimals=False) is None
