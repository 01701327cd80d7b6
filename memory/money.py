"""Amounts of money as people write them: finds them in a text, and says them back."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Literal, cast

from babel import Locale, UnknownLocaleError
from babel.numbers import format_decimal, get_currency_precision

from memory import when
from memory.records.money import Money
from memory.records.shape import Frozen
from memory.wording.date_words import FUNCTION_WORDS
from memory.wording.money_figures import Figure, Owner
from memory.wording.money_words import (
    ABOUT_FILLERS,
    ABOUT_WORDS,
    AFTER_MONEY,
    COUNTERS,
    MONEY_CUES,
    PER_RATES,
    UNITS_OF_THINGS,
)
from memory.wording.phrases import Line, Reading
from memory.wording.sums import GRAMMAR, Sum, sum_of

Per = Literal["hour", "day", "week", "month", "year", "piece"]

YEARS = range(1990, 2050)
ANY_TIME = datetime(2026, 1, 1, tzinfo=UTC)
"""Dates are looked for only to leave them out, so it does not matter when it is."""
LEAST_BARE = 20
"""A smaller whole number counts things, unless the sentence is plainly about money."""
LOOK_BACK = 4
"""Words within which "hourly" or "cost" belongs to a number."""


class Amount(Frozen):
    """One amount of money and the words that said it."""

    span: tuple[int, int]
    """Character offsets in the text, "an hour" and the like included."""
    text: str
    money: Money
    approximate: bool = False
    """It was said to be about that much ("around", "up to")."""
    per: Per | None = None
    """What it is paid for, if that was said: 85 an hour, 220 a month, 24 each."""
    choices: tuple[Money, ...] = ()
    """Every amount that the figure can mean, if there is more than one: the caller must ask."""


def find(text: str, *, currency: str, locale: str = "en-GB") -> tuple[Amount, ...]:
    """Every amount in a text that says its currency, in order.

    Args:
        text: What somebody wrote.
        currency: ISO 4217 code of the owner's money, which "$", "kr" and "cents" lean on.
        locale: Decides what 1.234 is.
    """
    line = GRAMMAR.cut(text, Owner(currency, has_comma_decimals(locale)))
    return tuple(_amounts(line, _certain))


def numbers(text: str, *, currency: str, locale: str = "en-GB") -> tuple[Amount, ...]:
    """Every amount in a text, bare numbers that may be money included, in order.

    Dates, times, lengths, counted things, phone and invoice numbers are left out; what is left
    ("hourly is 85") is money only if the sentence is about money, which the caller knows.
    """
    line = GRAMMAR.cut(text, Owner(currency, has_comma_decimals(locale)))
    certain = tuple(_amounts(line, _certain))
    taken = [amount.span for amount in certain]
    taken += [found.span for found in when.find(text, now=ANY_TIME, locale=locale)]
    taken += [found.span for found in when.lengths(text)]
    bare = [
        amount
        for amount in _amounts(line, _bare)
        if all(amount.span[1] <= start or end <= amount.span[0] for start, end in taken)
    ]
    return tuple(sorted((*certain, *bare), key=lambda amount: amount.span))


def say(money: Money, *, locale: str = "en-GB") -> str:
    """Money as Steward writes it: "1,200 EUR", "85.50 EUR"."""
    digits = get_currency_precision(money.currency)
    is_whole = money.amount == money.amount.to_integral_value()
    pattern = "#,##0" if is_whole or not digits else "#,##0." + "0" * digits
    figure = format_decimal(money.amount, format=pattern, locale=locale_of(locale))
    return f"{figure} {money.currency}"


def has_comma_decimals(locale: str) -> bool:
    """Whether people there write 1.234,50."""
    return locale_of(locale).number_symbols["latn"]["decimal"] == ","


@cache
def locale_of(name: str) -> Locale:
    """The locale of a name such as "en-GB", British English for one nobody knows."""
    try:
        return Locale.parse(name.replace("_", "-"), sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en", "GB")


Found = tuple[int, int, Sum]
"""Where an amount begins, where it ends, and what it is."""
Finding = Callable[[Reading[Owner], int], list[Found]]


def _amounts(line: Line[Owner], read: Finding) -> Iterator[Amount]:
    reading = GRAMMAR.reading(line)
    index = 0
    while index < len(line.tokens):
        found = read(reading, index) if line.tokens[index].keys else []
        for start, end, total in found:
            amount, index = _amount(reading, start, end, total, is_range=len(found) > 1)
            yield amount
        index += not found


def _amount(
    reading: Reading[Owner], start: int, end: int, total: Sum, *, is_range: bool
) -> tuple[Amount, int]:
    line = reading.line
    per, end = _per(reading, start, end)
    is_negative = line.word(start - 1) in ("-", "−") and line.glued(start)
    is_negative = is_negative and not line.glued(start - 1)
    sign = -1 if is_negative else 1
    start -= is_negative
    moneys = [Money.of(sign * value, total.currency) for value in total.values]
    span = (line.tokens[start].start, line.tokens[end - 1].end)
    amount = Amount(
        span=span,
        text=line.text[slice(*span)],
        money=moneys[0],
        approximate=is_range or _is_approximate(line, start, end),
        per=per,
        choices=tuple(moneys[1:]),
    )
    return amount, end


def _per(reading: Reading[Owner], start: int, end: int) -> tuple[Per | None, int]:
    """What an amount is paid for, and where the words for it end."""
    line = reading.line
    for place in (end, end + 1 if line.word(end) in ("+", ",") else end):
        found = reading.longest("per", place)
        if found is None or (line.word(place) == "pm" and line.glued(place)):
            continue
        # "page 1,200 EUR, hourly 85 EUR": what follows the comma belongs to the next amount
        if place == end or not _is_number(line, found[0]):
            return cast("Per", found[1]), found[0]
    for place in range(start - 1, max(start - 1 - LOOK_BACK, -1), -1):
        word = line.word(place)
        if word in ".;!?\n":
            break
        is_rate = word in PER_RATES and (word.endswith("y") or line.word(place + 1) == "rate")
        if is_rate or (word == "annual" and line.word(place + 1) == "fee"):
            return cast("Per", PER_RATES[word]), end
    return None, end


def _is_number(line: Line[Owner], index: int) -> bool:
    return index < len(line.tokens) and line.tokens[index].is_number


def _is_approximate(line: Line[Owner], start: int, end: int) -> bool:
    place = start - 1
    while line.word(place) in ABOUT_FILLERS:
        place -= 1
    is_led = line.word(place) in ABOUT_WORDS
    is_followed = line.word(end) in ("ish", "or") and line.word(end + 1) in ("", "so", ".", "less")
    return is_led or is_followed or (line.word(end) == "-" and line.word(end + 1) == "ish")


def _certain(reading: Reading[Owner], index: int) -> list[Found]:
    """An amount that says its currency, or both ends of "12-15 EUR"."""
    line = reading.line
    found = _range(reading, index)
    if found and _stands_alone(line, index, found[-1][1]):
        return found
    ends = [
        (index, end, total)
        for end, total in reading.read("money", index)
        if isinstance(total, Sum) and _stands_alone(line, index, end)
    ]
    return [max(ends, key=lambda each: each[1])] if ends else []


def _range(reading: Reading[Owner], index: int) -> list[Found]:
    """Two amounts of which only one says the currency: "12-15 EUR", "€12 to 15"."""
    line = reading.line
    for end, low in reading.read("figure", index):
        for last, high in reading.read("money", end + 1) if _joins(line, index, end) else ():
            if isinstance(low, Figure) and isinstance(high, Sum):
                first = sum_of(low, high.currency)
                if first and first.values[0] < high.values[0]:
                    return [(index, end, first), (end + 1, last, high)]
    for end, low in reading.read("money", index):
        for last, high in reading.read("figure", end + 1) if _joins(line, index, end) else ():
            if isinstance(low, Sum) and isinstance(high, Figure):
                second = sum_of(high, low.currency)
                if second and low.values[0] < second.values[0]:
                    return [(index, end, low), (end + 1, last, second)]
    return []


def _joins(line: Line[Owner], start: int, index: int) -> bool:
    """Whether a word makes two figures the ends of one range."""
    word = line.word(index)
    if word == "and":
        return line.word(start - 1) == "between"
    return word in ("-", "–", "to", "or") and line.glued(index) == line.glued(index + 1)


def _bare(reading: Reading[Owner], index: int) -> list[Found]:
    """A number that may be money."""
    line = reading.line
    for end, figure in reading.read("figure", index):
        if not isinstance(figure, Figure) or not _stands_alone(line, index, end):
            continue
        if _may_be_money(reading, index, end, figure):
            total = sum_of(figure, line.setting.currency)
            return [(index, end, total)] if total else []
    return []


def _may_be_money(reading: Reading[Owner], start: int, end: int, figure: Figure) -> bool:
    line = reading.line
    before, after = line.word(start - 1), line.word(end)
    if line.tokens[start].is_number and reading.longest("per", end) is not None:
        return True
    if before in COUNTERS or (before in (".", ":", "#") and line.word(start - 2) in COUNTERS):
        return False
    if figure.value < LEAST_BARE and figure.value % 1 == 0 and not _is_cued(line, start):
        return False
    if not line.tokens[start].is_number and figure.value < LEAST_BARE:
        return False
    if _is_model(line, start - 1):
        return False
    raw = line.text[line.tokens[start].start : line.tokens[end - 1].end]
    if raw.isdigit() and len(raw) > 6:
        return False
    if line.number(end) is not None or line.number(start - 1) is not None:
        return False
    is_year = raw.isdigit() and len(raw) == 4 and figure.value in YEARS
    if is_year and not _is_cued(line, start):
        return False
    is_count = after in ("at", "@") and line.number(end + 1) is not None
    if after in UNITS_OF_THINGS or is_count:
        return False
    return not after or after in FUNCTION_WORDS or not after.isalpha() or after in AFTER_MONEY


def _is_cued(line: Line[Owner], start: int) -> bool:
    """Whether the words in front are about money."""
    if line.word(start - 1) in ("at", "@"):
        return True
    return any(line.word(place) in MONEY_CUES for place in range(start - LOOK_BACK, start))


def _is_model(line: Line[Owner], index: int) -> bool:
    """Whether a word is capitals that name a thing: the HEA of "HEA 240"."""
    if index < 0 or line.word(index).upper() in ("I", "A", "OK", "VAT", "PS"):
        return False
    token = line.tokens[index]
    raw = line.text[token.start : token.end]
    return raw.isalpha() and raw.isupper() and not line.text.isupper()


def _stands_alone(line: Line[Owner], start: int, end: int) -> bool:
    """Whether a figure is no part of a longer word, number, date or address."""
    first, last = line.tokens[start], line.tokens[end - 1]
    before = line.text[max(first.start - 1, 0) : first.start]
    after = line.text[last.end : last.end + 1]
    if before.isalnum() or before in ("_", "#", "@", "+"):
        return False
    if (after.isalnum() and line.word(end) != "ish") or after == "_":
        return False
    if first.is_number and before and before in "-/.,:'’*":
        return not line.text[max(first.start - 2, 0) : first.start - 1].isalnum()
    if last.is_number and after and after in "-.,:'’/%@":
        return after not in "%@" and not line.text[last.end + 1 : last.end + 2].isdigit()
    return True
