"""Numbers in dates: how many, which one, days of the month, years, lengths of time."""

from collections.abc import Iterator

from memory.wording.calendar import length_of
from memory.wording.date_words import NUMBERS, ORDINALS, TENS, UNITS
from memory.wording.phrases import Line
from memory.wording.values import Length, Setting, Unit

Text = Line[Setting]


Ends = Iterator[tuple[int, object]]


Counts = Iterator[tuple[int, int]]


YEARS = range(1900, 2200)


NUMBER_WORDS = frozenset(NUMBERS) | frozenset(TENS)


MORNING_MARKS = frozenset({"am", "a.m", "a.m."})
AFTERNOON_MARKS = frozenset({"pm", "p.m", "p.m."})
SUFFIXES = frozenset({"st", "nd", "rd", "th"})


def two_digits(line: Text, at: int) -> bool:
    """Whether two digits stand here, glued to what is in front."""
    return line.number(at) is not None and len(line.word(at)) == 2 and line.glued(at)


def read_count(line: Text, at: int) -> Counts:
    """How many: "3", "three", "a couple of", "twenty one"."""
    number = line.number(at)
    if number is not None:
        if number and not (line.word(at + 1) in ",." and line.glued(at + 1) and line.glued(at + 2)):
            yield at + 1, number
        return
    word = line.word(at)
    if word in ("a", "an"):
        if line.word(at + 1) in ("couple", "few"):
            end = at + 2 + (line.word(at + 2) == "of")
            yield end, 2 if line.word(at + 1) == "couple" else 3
        else:
            yield at + 1, 1
    elif word in ("couple", "few"):
        yield at + 1 + (line.word(at + 1) == "of"), 2 if word == "couple" else 3
    else:
        yield from spelled(line, at)


def spelled(line: Text, at: int) -> Counts:
    word = line.word(at)
    if word in NUMBERS:
        yield at + 1, NUMBERS[word]
    elif word in TENS:
        yield at + 1, TENS[word]
        ones = at + 1 + (line.word(at + 1) == "-")
        if NUMBERS.get(line.word(ones), 10) < 10:
            yield ones + 1, TENS[word] + NUMBERS[line.word(ones)]


def read_ordinal(line: Text, at: int) -> Counts:
    """Which one: "1st", "20th", "first", "twenty-third"."""
    number = line.number(at)
    if number is not None:
        if line.word(at + 1) in SUFFIXES:
            yield at + 2, number
        return
    word = line.word(at)
    if word in ORDINALS:
        yield at + 1, ORDINALS[word]
    elif word in TENS:
        ones = at + 1 + (line.word(at + 1) == "-")
        if ORDINALS.get(line.word(ones), 10) < 10:
            yield ones + 1, TENS[word] + ORDINALS[line.word(ones)]


def read_monthday(line: Text, at: int) -> Counts:
    """A day of the month, with or without its "th"."""
    for end, value in read_ordinal(line, at):
        if 1 <= value <= 31:
            yield end, value
    number = line.number(at)
    if number is None:
        # Spelled out only where it is safe: "twenty five January", not "no one may".
        for end, value in spelled(line, at):
            if 10 <= value <= 31 and line.word(end) != "-":
                yield end, value
        return
    if not 1 <= number <= 31 or len(line.word(at)) > 2:
        return
    after = line.word(at + 1)
    is_time = after in MORNING_MARKS | AFTERNOON_MARKS or (
        after == ":" and line.number(at + 2) is not None and line.glued(at + 1)
    )
    if not is_time and not (after in SUFFIXES and line.glued(at + 1)):
        yield at + 1, number


def read_plain_day(line: Text, at: int) -> Counts:
    """The 17 of "on the 17 from 2pm": a word such as "on" must lead to it."""
    number = line.number(at)
    is_led = line.word(at - 2) in ("on", "by", "until") and not line.glued(at + 1)
    if number is not None and 1 <= number <= 31 and is_led:
        yield at + 1, number


def read_year(line: Text, at: int) -> Counts:
    """A year: "2026", "'26"."""
    number = line.number(at)
    if number is not None and number in YEARS and len(line.word(at)) == 4:
        if not (line.word(at + 1) == ":" and line.glued(at + 1)):
            yield at + 1, number
    elif number is None and line.word(at) in NUMBER_WORDS:
        yield from _spelled_year(line, at)
    elif line.word(at) == "'" and line.glued(at + 1) and len(line.word(at + 1)) == 2:
        short = line.number(at + 1)
        if short is not None:
            yield at + 2, full_year(short)


def _spelled_year(line: Text, at: int) -> Counts:
    """A year in words: "nineteen eighty six", "twenty twenty six", "two thousand and fifteen"."""
    for end, first in spelled(line, at):
        if first == 2 and line.word(end) == "thousand":
            end += 1 + (line.word(end + 1) == "and")
            yield from ((last, 2000 + n) for last, n in spelled(line, end))
            if line.word(end - 1) == "thousand":
                yield end, 2000
        elif first in (19, 20):
            for last, number in spelled(line, end):
                if 10 <= number < 100:
                    yield last, 100 * first + number


def full_year(short: int) -> int:
    """The year that two digits stand for."""
    return short + (2000 if short < 70 else 1900) if short < 100 else short


def read_length(line: Text, at: int) -> Ends:
    """A length of time: "3 days", "1h30", "half an hour", "an hour and a half", "1.5 hours"."""
    total: Length | None = None
    end = at
    while True:
        found = _one_length(line, end)
        if found is None:
            return
        end, length = found
        total = length if total is None else total + length
        yield end, total
        if line.word(end) == "and" or (line.word(end) == "," and not line.glued(end + 1)):
            end += 1


def _one_length(line: Text, at: int) -> tuple[int, Length] | None:
    if line.word(at) == "half" and line.word(at + 1) in ("a", "an"):
        unit = _unit(line, at + 2)
        return (at + 3, _half(unit)) if unit else None
    count, end = _fraction(line, at)
    if not count:
        return None
    if line.word(end) == "-":
        end += 1
    unit = _unit(line, end)
    if unit is None:
        return None
    whole, hundredths = divmod(count, 100)
    length = length_of(whole, unit)
    if hundredths:
        length += _share(unit, hundredths)
    end += 1
    if unit is Unit.HOUR and line.glued(end) and two_digits(line, end):
        return end + 1, length + length_of(line.number(end) or 0, Unit.MINUTE)
    if line.word(end) == "and" and line.word(end + 1) == "a" and line.word(end + 2) == "half":
        return end + 3, length + _half(unit)
    return end, length


def _fraction(line: Text, at: int) -> tuple[int | None, int]:
    """A count in hundredths, and where it ends."""
    whole = line.number(at)
    if whole is not None and line.word(at + 1) in (".", ",") and line.glued(at + 1):
        part = line.word(at + 2)
        if line.number(at + 2) is None or not line.glued(at + 2) or len(part) > 2:
            return None, at
        return whole * 100 + int(part.ljust(2, "0")), at + 3
    ends = list(read_count(line, at))
    if not ends:
        return None, at
    end, count = ends[-1]
    if line.word(end) == "and" and line.word(end + 1) == "a" and line.word(end + 2) == "half":
        return count * 100 + 50, end + 3
    return count * 100, end


def _unit(line: Text, at: int) -> Unit | None:
    number = UNITS.get(line.word(at))
    is_decade = line.word(at) == "s" and (not line.glued(at) or line.number(at - 1) in YEARS)
    if is_decade:
        return None
    return Unit(number) if number else None


def _half(unit: Unit) -> Length:
    return _share(unit, 50)


def _share(unit: Unit, hundredths: int) -> Length:
    one = length_of(1, unit)
    if one.months:
        return (
            Length(months=round(one.months * hundredths / 100))
            if one.months > 1
            else Length(days=round(30 * hundredths / 100))
        )
    return Length(seconds=(one.days * 86400 + one.seconds) * hundredths // 100)
