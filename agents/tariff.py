"""What a model call costs: at most before it is made, and in fact once it was."""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal
from urllib.parse import urlsplit

from memory.config import Config

Tier = Literal["small", "large"]
Tariff = Callable[[int, int], int]
"""Tokens in and tokens out to millionths of the budget's currency."""

SPEAKS = "openai:"
"""How a name may begin that is asked at an address of its own: the language spoken there."""
LONGEST_ANSWER = 800
"""Tokens that an answer may have: what it can cost at worst must be known beforehand."""
_FRAME = 200
"""Tokens in which providers wrap what they are given."""
_OWN_BYTES = 3
"""Bytes of our own English that surely make one token; its average is above four."""
_USUAL_BYTES = 4
"""Bytes that usually make one token, in whatever is written and read."""
_LONGEST_BYTES = 8
"""Bytes that no tokenizer puts into one token on the average."""
_PUBLISHED = "USD"
_MICRO = Decimal(1_000_000)


@dataclass(frozen=True)
class Reported:
    """What a provider says that a call took, and how much it really sent."""

    tokens_in: int
    tokens_out: int
    size_bytes: int
    """Of the answer as it came."""


@dataclass(frozen=True)
class Estimate:
    """One call, counted before it is made."""

    own_bytes: int
    """Of the instructions and the form of the answer: English, and ours."""
    foreign_bytes: int
    """Of the words that are to be read, which may be anything."""
    tariff: Tariff

    @classmethod
    def of(cls, instructions: str, form: object, words: str, tariff: Tariff) -> "Estimate":
        """The estimate of a call.

        Args:
            form: The schema of the answer, as it is sent along.
        """
        own = len(instructions.encode()) + len(json.dumps(form))
        return cls(own, len(words.encode()), tariff)

    @property
    def worst_micro(self) -> int:
        """The most it can cost. In what a stranger wrote each byte may be a token of its own."""
        tokens = math.ceil(self.own_bytes / _OWN_BYTES) + self.foreign_bytes + _FRAME
        return self.tariff(tokens, LONGEST_ANSWER)

    def cost_micro(self, said: Reported) -> int:
        """What the call cost, never more than its worst.

        A provider's figures count where they can be true, and never below what we count
        ourselves. Where they can't be, nobody knows, and it cost the worst.
        """
        worst = self.worst_micro
        sent = self.own_bytes + self.foreign_bytes
        least_in, least_out = sent // _LONGEST_BYTES, said.size_bytes // _LONGEST_BYTES
        if said.tokens_in < max(least_in, 1) or said.tokens_out < max(least_out, 1):
            return worst
        tokens_in = max(said.tokens_in, math.ceil(sent / _USUAL_BYTES))
        tokens_out = max(said.tokens_out, math.ceil(said.size_bytes / _USUAL_BYTES))
        return min(worst, self.tariff(tokens_in, tokens_out))


def tariff_of(tier: Tier, config: Config) -> Tariff | None:
    """What a configured model's tokens cost; None where nobody says so.

    A price that is written down goes first. A model on this computer is free. Published prices
    are in one currency, and are worth nothing to a budget in another.
    """
    models = config.models
    written = models.price(tier)
    if written is not None:
        return written.micro
    if is_local(models.base_url):
        return lambda _in, _out: 0
    name = models.small if tier == "small" else models.large
    if config.budget.currency != _PUBLISHED or not _is_published(name, models.base_url):
        return None
    return lambda tokens_in, tokens_out: _published(name, models.base_url, tokens_in, tokens_out)


def is_local(base_url: str) -> bool:
    """Whether a model runs on this very machine, where a call costs nothing."""
    host = urlsplit(base_url).hostname or ""
    return host in ("localhost", "::1") or host.startswith("127.")


def _is_published(name: str, base_url: str) -> bool:
    try:
        _ = _published(name, base_url, 1, 1)
    except LookupError:
        return False
    return True


def _published(name: str, base_url: str, tokens_in: int, tokens_out: int) -> int:
    """The published price of so many tokens.

    Raises:
        LookupError: Nobody publishes a price of this model at this address.
    """
    # most owners never configure a model, and the table takes a while to load
    from genai_prices import Usage, calc_price

    usage = Usage(input_tokens=tokens_in, output_tokens=tokens_out)
    if base_url:
        bare = name.removeprefix(SPEAKS)
        found = calc_price(usage, bare, provider_api_url=base_url)
    else:
        provider, _, bare = name.partition(":")
        found = calc_price(usage, bare, provider_id=provider)
    return math.ceil(found.total_price * _MICRO)
