"""What a model's tokens cost, as an owner writes it down: "0.05 / 0.40" a million, in and out."""

import math
import re
from dataclasses import dataclass
from decimal import Decimal

_AMOUNT = r"(\d{1,6}(?:\.\d{1,6})?)"
_WRITTEN = re.compile(rf"\s*{_AMOUNT}\s*/\s*{_AMOUNT}\s*")
_SHAPE = 'write what a million tokens cost, in and out, such as "0.05 / 0.40"'


@dataclass(frozen=True)
class Price:
    """What tokens cost. A price for a million is the same number of millionths for one."""

    per_million_in: Decimal
    per_million_out: Decimal

    def micro(self, tokens_in: int, tokens_out: int) -> int:
        """The cost of so many tokens in millionths of the currency, rounded up."""
        return math.ceil(tokens_in * self.per_million_in + tokens_out * self.per_million_out)


def price_in(text: str) -> Price:
    """A price as it is written in the configuration.

    Raises:
        ValueError: It is none; says how to write one.
    """
    found = _WRITTEN.fullmatch(text)
    if found is None:
        raise ValueError(_SHAPE)
    return Price(Decimal(found[1]), Decimal(found[2]))


def is_price(text: str) -> bool:
    """Whether a text is written as a price of tokens is."""
    return _WRITTEN.fullmatch(text) is not None
