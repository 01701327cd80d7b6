"""Figures of money: 1,200.50 and 1.200,50, 1'200.-, 12.5k, two hundred."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from memory.wording.date_words import NUMBERS, TENS
from memory.wording.money_words import DOT_GROUPS, GLUED_MULTIPLIERS, MULTIPLIERS
from memory.wording.phrases import Line

MOST_DIGITS = 15
SPACES = frozenset(" \u00a0\u202f\u2009")
APOSTROPHES = frozenset("'’")
DASHES = frozenset("-–—")
HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose money it is."""

    currency: str
    comma_decimals: bool
    """The owner's locale writes 1.234,50."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it was written."""

    value: Decimal
    others: tuple[Decimal, ...] = ()
    """All values it can have, if there is more than one."""
    has_dot_group: bool = False
    """It can be read as 1.234 with a dot between thousands."""

    def times(self, factor: int) -> "Figure":
        return Figure(self.value * factor)

    def settled_for(self, currency: str) -> "Figure":
        """The reading that is usual for a currency."""
        if self.has_dot_group and currency in DOT_GROUPS:
            return Figure(max(self.others))
        return self


Text = Line[Owner]
Ends = Iterator[tuple[int, object]]


def read_figure(line: Text, at: int) -> Ends:
    """A figure, in digits or in words, every way it may end, longest first."""
    if not line.tokens[at].is_number:
        yield from read_words(line, at)
        return
    for end in reversed(list(_ends_of_digits(line, at))):
        figure = _figure(line, at, end)
        if figure is not None:
            yield from _with_multiplier(line, _behind_dash(line, end), figure)
            return


def _ends_of_digits(line: Text, at: int) -> Iterator[int]:
    """The places behind each group of digits that may belong to one figure."""
    end = at + 1
    yield end
    while end < len(line.tokens):
        sign = line.word(end)
        gap = line.text[line.tokens[end - 1].end : line.tokens[end].start]
        if gap in SPACES and line.tokens[end].is_number and len(sign) == 3:
            end += 1
        elif sign in ".,'’" and line.glued(end) and line.glued(end + 1):
            if line.number(end + 1) is None:
                return
            end += 2
        else:
            return
        yield end


def _figure(line: Text, at: int, end: int) -> Figure | None:
    first, last = line.tokens[at], line.tokens[end - 1]
    raw = line.text[first.start : last.end]
    groups = [line.word(place) for place in range(at, end) if line.tokens[place].is_number]
    signs = [sign for sign in raw if not sign.isdigit()]
    if sum(map(len, groups)) > MOST_DIGITS or (not raw.isascii() and _odd_digits(raw)):
        return None
    if groups[0].startswith("0") and (len(groups[0]) > 1 or len(groups) > 2):
        return None
    return value_of(groups, signs, comma_decimals=line.setting.comma_decimals)


def _odd_digits(raw: str) -> bool:
    return any(sign.isdigit() and not sign.isascii() for sign in raw)


def value_of(groups: list[str], signs: list[str], *, comma_decimals: bool) -> Figure | None:
    """The value of groups of digits and the signs between them, or None if they make no sense."""
    if not signs:
        return Figure(Decimal(groups[0]))
    last = signs[-1]
    whole = "".join(groups[:-1])
    are_thousands = _are_thousands(groups)
    if len(set(signs)) > 1:
        # Two kinds of signs: the last one parts off the decimals.
        if last in ".," and signs.count(last) == 1 and _are_thousands(groups[:-1]):
            return Figure(Decimal(f"{whole}.{groups[-1]}"))
        return None
    if last in SPACES or last in APOSTROPHES or len(signs) > 1:
        return Figure(Decimal("".join(groups))) if are_thousands else None
    decimal = Decimal(f"{groups[0]}.{groups[1]}")
    if not are_thousands or groups[0] == "0":
        return Figure(decimal)
    thousands = Decimal("".join(groups))
    if last == "," and not comma_decimals:
        return Figure(thousands)
    return Figure(thousands, (decimal, thousands), has_dot_group=last == ".")


def _are_thousands(groups: list[str]) -> bool:
    """Whether digits are grouped as 1 234 567, or as 12 34 567 in India."""
    if len(groups) == 1:
        return True
    middle = {len(group) for group in groups[1:-1]}
    return len(groups[-1]) == 3 and len(groups[0]) <= 3 and middle in ({3}, {2}, set[int]())


def _behind_dash(line: Text, end: int) -> int:
    """Past the ".-" of "1200.-"."""
    has_sign = line.word(end) in (".", ",", ":") and line.glued(end) and line.glued(end + 1)
    return end + 2 if has_sign and line.word(end + 1) in DASHES else end


def _with_multiplier(line: Text, end: int, figure: Figure) -> Ends:
    word = line.word(end)
    factor = MULTIPLIERS.get(word)
    if factor is None or (word in GLUED_MULTIPLIERS and not line.glued(end)):
        yield end, figure
        return
    base = Figure(min(figure.others)) if figure.has_dot_group else figure
    yield end + 1, base.times(factor)


def read_words(line: Text, at: int) -> Ends:
    """A figure in words: "two hundred", "fifteen hundred and fifty", "a grand"."""
    end, total, current = at, 0, 0
    is_read = False
    while True:
        word = line.word(end)
        if word in ("a", "an", "half") and end == at:
            following = line.word(at + 1)
            if word == "half" and following in ("a", "an") and line.word(at + 2) in MULTIPLIERS:
                yield at + 3, Figure(Decimal(MULTIPLIERS[line.word(at + 2)]) / 2)
                return
            if following not in MULTIPLIERS and following != "hundred" and following != "couple":
                return
            if following == "couple":
                yield from _couple(line, at)
                return
            current = 1
        elif word in NUMBERS:
            current += NUMBERS[word]
        elif word in TENS:
            current += TENS[word]
        elif word == "hundred" and current:
            current *= HUNDRED
        elif word in MULTIPLIERS and word not in GLUED_MULTIPLIERS and current:
            total += current * MULTIPLIERS[word]
            current = 0
        elif not (word in ("and", "-") and is_read and _is_number_word(line.word(end + 1))):
            break
        is_read = True
        end += 1
        if end - at > MOST_DIGITS:
            break
    if is_read and total + current:
        yield end, Figure(Decimal(total + current))


def _couple(line: Text, at: int) -> Ends:
    end = at + 2 + (line.word(at + 2) == "of")
    word = line.word(end)
    factor = HUNDRED if word in ("hundred", "hundreds") else MULTIPLIERS.get(word)
    if factor:
        yield end + 1, Figure(Decimal(2 * factor))


def _is_number_word(word: str) -> bool:
    return word in NUMBERS or word in TENS
