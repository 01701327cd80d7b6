"""What a model call costs: at most before it is made, and in fact once it was."""

import json
import math
import re
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
_FRAME = 100
"""Tokens in which providers wrap what they are given, at most."""
_FRAME_LETTERS = 400
"""Letters of the request around the texts."""
_PIECE = re.compile(r"[A-Za-z]{1,4}|[^\sA-Za-z]")
"""What surely makes no more than one token in our own English."""
_USUAL = 4
"""Letters that usually make one token, in whatever is written and read."""
_MOST_OWN, _MOST = 5, 8
"""Letters that no tokenizer puts into one token on the average: of our own text, of any."""
_PUBLISHED = "USD"
_MICRO = Decimal(1_000_000)


@dataclass(frozen=True)
class Reported:
    """What a provider says that a call took, and how much it really sent."""

    tokens_in: int
    tokens_out: int
    letters: int
    """Of the answer as it came."""


@dataclass(frozen=True)
class Estimate:
    """One call, counted before it is made."""

    own: str
    """The instructions and the form of the answer: English, and ours."""
    words: str
    """What is to be read, which may be anything."""
    tariff: Tariff

    @classmethod
    def of(cls, instructions: str, form: object, words: str, tariff: Tariff) -> "Estimate":
        """The estimate of a call.

        Args:
            form: The schema of the answer, as it is sent along.
        """
        return cls(f"{instructions}\n{json.dumps(form)}", words, tariff)

    @property
    def worst_micro(self) -> int:
        """The most it can cost. In what a stranger wrote each byte may be a token of its own."""
        own = sum(1 for _ in _PIECE.finditer(self.own))
        tokens = own + len(self.words.encode()) + _FRAME
        return self.tariff(tokens, LONGEST_ANSWER)

    def cost_micro(self, said: Reported) -> int:
        """What the call cost, never more than its worst.

        A provider's figures count where they can be true, and never below what we count
        ourselves. Where they can't be, nobody knows, and it cost the worst.
        """
        least_in = len(self.own) // _MOST_OWN + len(self.words) // _MOST
        if said.tokens_in < least_in or said.tokens_out < max(said.letters // _MOST, 1):
            return self.worst_micro
        sent = len(self.own) + len(self.words) + _FRAME_LETTERS
        tokens_in = max(said.tokens_in, math.ceil(sent / _USUAL))
        tokens_out = max(said.tokens_out, math.ceil(said.letters / _USUAL))
        return min(self.worst_micro, self.tariff(tokens_in, tokens_out))


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
