"""What a call may cost, what it did cost, and who says what a token costs."""

from decimal import Decimal

import pytest

from agents.tariff import Estimate, Reported, tariff_of
from memory.config import Budget, Config, Models
from memory.prices import Price

PRICE = Price(Decimal(1), Decimal(10))
"""A token in costs one millionth, a token out ten."""
FORM = {"type": "object"}
TEXT = "Read what the owner wants. " * 100
WORDS = "hosting ate another 35"


def an_estimate(words: str = WORDS) -> Estimate:
    return Estimate.of(TEXT, FORM, words, PRICE.micro)


def says(tokens_in: int, tokens_out: int, letters: int = 200) -> int:
    return an_estimate().cost_micro(Reported(tokens_in, tokens_out, letters))


@pytest.mark.parametrize("words", ["\N{GRINNING FACE}" * 500, "qzxj" * 500, "7" * 2000])
def test_at_worst_every_byte_that_somebody_wrote_is_a_token(words: str):
    assert an_estimate(words).worst_micro >= len(words.encode()) + 800 * 10


def test_what_a_provider_reports_counts_where_it_can_be_true():
    assert says(900, 60) == 900 + 60 * 10
    assert says(1200, 300) == 1200 + 300 * 10


def test_nothing_is_cheaper_than_what_we_count_ourselves():
    counted_in = -(-(len(TEXT) + len('\n{"type": "object"}') + len(WORDS) + 400) // 4)

    assert says(600, 40) == counted_in + 50 * 10


@pytest.mark.parametrize(
    ("tokens_in", "tokens_out"),
    [(0, 0), (-900, -60), (900, 0), (0, 60), (100, 60), (900, -1)],
)
def test_a_report_that_cannot_be_true_costs_the_worst(tokens_in: int, tokens_out: int):
    assert says(tokens_in, tokens_out) == an_estimate().worst_micro


def test_nothing_costs_more_than_what_was_set_aside():
    assert says(10**12, 10**12) == an_estimate().worst_micro


def priced(currency: str = "USD", **models: str) -> int | None:
    """What a thousand tokens each way cost."""
    settings = Models.model_validate(models)
    tariff = tariff_of("small", Config(models=settings, budget=Budget(currency=currency)))
    return None if tariff is None else tariff(1000, 1000)


LOCAL = "http://127.0.0.1:11434/v1"
OPENAI = "https://api.openai.com/v1"


@pytest.mark.parametrize(
    ("models", "micro"),
    [
        ({"small": "openai:gpt-4o-mini"}, 750),
        ({"small": "openai:gpt-4o-mini", "base_url": OPENAI}, 750),
        ({"small": "openai:gpt-4o-mini", "small_price": "1 / 2"}, 3000),
        ({"small": "openai:nobody-knows-me"}, None),
        ({"small": "gpt-4o-mini", "base_url": "https://models.example/v1"}, None),
        ({"small": "llama3.2:3b", "base_url": LOCAL}, 0),
        ({"small": "llama3.2:3b", "base_url": LOCAL, "small_price": "1 / 2"}, 3000),
    ],
)
def test_a_written_price_goes_first_then_what_is_published(models: dict, micro: int | None):
    assert priced(**models) == micro


def test_a_published_price_says_nothing_in_another_currency():
    assert priced("EUR", small="openai:gpt-4o-mini") is None
    assert priced("EUR", small="openai:gpt-4o-mini", small_price="1 / 2") == 3000
