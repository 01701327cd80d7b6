"""The grammar of money: how amounts are written, and what each phrase means.

To teach a phrase, add a line to a table; of two rules that match the same words, the upper one
wins. Patterns are explained in `memory.wording.phrases`.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal

from babel.numbers import get_currency_name, list_currencies

from memory.records.shape import Frozen
from memory.wording.date_words import FUNCTION_WORDS, NUMBERS, TENS
from memory.wording.money_figures import Figure, Owner, read_figure
from memory.wording.money_words import (
    CENTLESS,
    CENTS,
    EVERYDAY_CODES,
    FAMILIES,
    LETTERED_SIGNS,
    MULTIPLIERS,
    NAMES,
    PER_ADVERBS,
    PER_UNITS,
    SIGNS,
)
from memory.wording.phrases import Got, Grammar, Line, Rule

Here = Got[Owner]


class Sum(Frozen):
    """What a phrase of money says."""

    currency: str
    values: tuple[Decimal, ...]
    """The likeliest value, then all values if there is more than one."""


def in_currency(here: Here, currency: str | None) -> Sum | None:
    """A figure in a currency."""
    return sum_of(here.take("figure", Figure), currency)


def sum_of(figure: Figure, currency: str | None) -> Sum | None:
    """A figure in a currency, read as is usual for it."""
    if currency is None:
        return None
    figure = figure.settled_for(currency)
    return Sum(currency=currency, values=(figure.value, *figure.others))


def in_cents(here: Here) -> Sum | None:
    """Hundredths of a currency."""
    word = here.line.word(here.end - 1)
    own = here.setting.currency
    currency = CENTS.get(word) or ("USD" if own in CENTLESS else own)
    if word == "p":
        currency = "GBP"
    figure = here.take("figure", Figure)
    return sum_of(Figure(figure.value / 100), currency)


def with_cents(here: Here) -> Sum | None:
    """Whole units and cents: "5 euros 20", "two pounds and 50 pence"."""
    amount, cents = here.take("figure", Figure), here.take("cents", Figure)
    if not 0 < cents.value < 100 or cents.value % 1 or amount.value % 1:
        return None
    return sum_of(Figure(amount.value + cents.value / 100), here.take("unit", str))


def family(here: Here) -> str:
    """The currency of a word that several use."""
    members, usual = FAMILIES[here.line.word(here.start)]
    return here.setting.currency if here.setting.currency in members else usual


def krona(here: Here) -> str:
    """The currency of a name; crowns by any spelling are the owner's own if those are crowns."""
    code = NAMES[here.line.word(here.start)]
    if code in ("SEK", "NOK"):
        members, _ = FAMILIES["kr"]
        return here.setting.currency if here.setting.currency in members else code
    return code


def lettered(here: Here) -> str | None:
    """R$, US$, C$ ..."""
    return LETTERED_SIGNS[here.line.word(here.start)] if here.line.glued(here.start + 1) else None


def iso_code(here: Here) -> str | None:
    """An ISO code in capitals, or in lower case if it is no English word."""
    token = here.line.tokens[here.start]
    raw = here.line.text[token.start : token.end]
    is_own = token.word == here.setting.currency.lower()
    if is_own or raw.isupper() or token.word in EVERYDAY_CODES:
        return token.word.upper()
    return None


def rand(here: Here) -> str | None:
    """An R in front of a figure, for those who pay in rand."""
    return "ZAR" if here.setting.currency == "ZAR" else None


def named_currencies() -> tuple[Rule[Owner], ...]:
    """A rule for every full English name of a currency: "Turkish lira", "Swiss francs"."""
    names: dict[str, str] = {}
    for code in sorted(list_currencies(locale="en")):
        for count in (1, 2):
            name = get_currency_name(code, count=count, locale="en").lower()
            if name.replace(" ", "").isalpha() and " " in name:
                names.setdefault(name, code)
    return tuple((name, currency_rule(code)) for name, code in names.items())


def currency_rule(code: str) -> Callable[[Here], str]:
    """The meaning of a name: always the same currency."""
    return lambda _: code


UNIT_RULES: tuple[Rule[Owner], ...] = (
    ("{family}", family),
    ("{sign}", lambda h: SIGNS[h.line.word(h.start)]),
    ("{lettered} $", lettered),
    ("{code} $", iso_code),
    ("{code}", iso_code),
    ("{family} .", lambda h: family(h) if h.line.word(h.start) in ("fr", "rs", "kr") else None),
)
NAME_RULES: tuple[Rule[Owner], ...] = (
    ("us|american dollars|dollar|bucks", lambda _: "USD"),
    ("canadian dollars|dollar", lambda _: "CAD"),
    ("australian|aussie dollars|dollar", lambda _: "AUD"),
    ("new zealand|kiwi dollars|dollar", lambda _: "NZD"),
    ("singapore dollars|dollar", lambda _: "SGD"),
    ("hong kong dollars|dollar", lambda _: "HKD"),
    ("swiss francs|franc", lambda _: "CHF"),
    ("british pounds|pound", lambda _: "GBP"),
    ("pounds sterling", lambda _: "GBP"),
    ("indian rupees|rupee", lambda _: "INR"),
    ("{name}", krona),
    *named_currencies(),
)
MONEY_RULES: tuple[Rule[Owner], ...] = (
    ("{unit} {figure}", lambda h: in_currency(h, h.take("unit", str))),
    ("r {figure}", lambda h: in_currency(h, rand(h))),
    ("{figure} {unit}", lambda h: in_currency(h, h.take("unit", str))),
    ("{figure} - {unit:longname}", lambda h: in_currency(h, h.take("unit", str))),
    ("{figure} - {centword}", in_cents),
    ("{figure} {unit:longname}", lambda h: in_currency(h, h.take("unit", str))),
    (
        "{unit} {figure} {again:unit}",
        lambda h: (
            in_currency(h, h.take("again", str))
            if h.take("again", str) == h.take("unit", str)
            else None
        ),
    ),
    ("{unit} {figure} {again:longname}", lambda h: in_currency(h, h.take("again", str))),
    ("{figure} {unit} {cents:twodigits}", with_cents),
    ("{figure} {unit:longname} and? {cents:figure} {centword}", with_cents),
    ("{figure} {unit:longname} {cents:twodigits}", with_cents),
    ("{figure} {unit} and? {cents:figure} {centword}", with_cents),
    ("{figure} {centword}", in_cents),
    ("{figure} p", lambda h: in_cents(h) if h.line.glued(h.end - 1) else None),
)
PER_RULES: tuple[Rule[Owner], ...] = (
    ("/|a|an|per|every|each {perunit}", lambda h: per_unit(h)),
    ("p .|/ h .?", lambda _: "hour"),
    ("p . a .?", lambda _: "year"),
    ("{peradverb}", lambda h: PER_ADVERBS[h.line.word(h.start)]),
)


def per_unit(here: Here) -> str | None:
    """What an amount is paid for."""
    word = here.line.word(here.end - 1)
    return "day" if word == "half" and here.after == "day" else PER_UNITS.get(word)


def read_two_digits(line: Line[Owner], at: int) -> Iterator[tuple[int, object]]:
    """The cents of "5 euros 20"."""
    number = line.number(at)
    after = line.word(at + 1)
    is_last = not after.isalnum() or after in FUNCTION_WORDS
    if number is not None and len(line.word(at)) == 2 and is_last:
        yield at + 1, Figure(Decimal(number))


def _codes() -> dict[str, int]:
    return {code.lower(): 0 for code in sorted(list_currencies()) if len(code) == 3}


GRAMMAR: Grammar[Owner] = Grammar(
    rules={
        "unit": UNIT_RULES,
        "longname": NAME_RULES,
        "money": MONEY_RULES,
        "per": PER_RULES,
    },
    words={
        "family": dict.fromkeys(FAMILIES, 0),
        "sign": dict.fromkeys(SIGNS, 0),
        "lettered": dict.fromkeys(LETTERED_SIGNS, 0),
        "name": dict.fromkeys(NAMES, 0),
        "code": _codes(),
        "centword": dict.fromkeys(CENTS, 0),
        "perunit": dict.fromkeys(PER_UNITS, 0),
        "peradverb": dict.fromkeys(PER_ADVERBS, 0),
        "number": dict.fromkeys((*NUMBERS, *TENS, "a", "an", "half"), 0),
        "multiplier": dict.fromkeys((*MULTIPLIERS, "hundred"), 0),
    },
    readers={
        "figure": (("#", "@number"), read_figure),
        "twodigits": (("#",), read_two_digits),
    },
)
