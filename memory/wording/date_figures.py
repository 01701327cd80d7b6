"""Figures in dates: counts, days of the month, years, times of day and dates in digits."""

from collections.abc import Callable, Iterator
from datetime import date

from memory.wording.calendar import (
    Clock,
    Day,
    Length,
    Period,
    Setting,
    Unit,
    day_of,
    length_of,
    month_period,
)
from memory.wording.date_words import MONTHS, NUMBERS, ORDINALS, TENS, UNITS
from memory.wording.phrases import Line, word_set

Text = Line[Setting]
Ends = Iterator[tuple[int, object]]

YEARS = range(1900, 2200)
NUMBER_WORDS = frozenset(NUMBERS) | frozenset(TENS)
SUFFIXES = frozenset({"st", "nd", "rd", "th"})
MORNING_MARKS = frozenset({"am", "a.m", "a.m."})
AFTERNOON_MARKS = frozenset({"pm", "p.m", "p.m."})
AROUND_THE_CLOCK = (24, 7)
"""24/7 is no date."""
MILITARY_LEADS = word_set("at by from until till before after between to and - –")
"""Words after which 0930 is a time."""
SEPARATORS = frozenset("/.-")


def read_count(line: Text, at: int) -> Ends:
    """How many: "3", "three", "a couple of", "twenty one"."""
    number = line.number(at)
    if number is not None:
        if not (line.word(at + 1) in ",." and line.glued(at + 1) and line.glued(at + 2)):
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
        yield from _spelled(line, at)


def _spelled(line: Text, at: int) -> Ends:
    word = line.word(at)
    if word in NUMBERS:
        yield at + 1, NUMBERS[word]
    elif word in TENS:
        yield at + 1, TENS[word]
        ones = at + 1 + (line.word(at + 1) == "-")
        if NUMBERS.get(line.word(ones), 10) < 10:
            yield ones + 1, TENS[word] + NUMBERS[line.word(ones)]


def read_ordinal(line: Text, at: int) -> Ends:
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


def read_monthday(line: Text, at: int) -> Ends:
    """A day of the month, with or without its "th"."""
    for end, value in read_ordinal(line, at):
        if isinstance(value, int) and 1 <= value <= 31:
            yield end, value
    number = line.number(at)
    if number is None:
        # Spelled out only where it is safe: "twenty five January", not "no one may".
        for end, value in _spelled(line, at):
            if isinstance(value, int) and 10 <= value <= 31:
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


def read_plain_day(line: Text, at: int) -> Ends:
    """The 17 of "on the 17 from 2pm": a word such as "on" must lead to it."""
    number = line.number(at)
    if number is not None and 1 <= number <= 31 and line.word(at - 2) in ("on", "by", "until"):
        if not line.glued(at + 1):
            yield at + 1, number


def read_year(line: Text, at: int) -> Ends:
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


def _spelled_year(line: Text, at: int) -> Ends:
    """A year in words: "nineteen eighty six", "twenty twenty six", "two thousand and fifteen"."""
    for end, first in _spelled(line, at):
        if first == 2 and line.word(end) == "thousand":
            end += 1 + (line.word(end + 1) == "and")
            yield from ((last, 2000 + n) for last, n in _spelled(line, end) if isinstance(n, int))
            if line.word(end - 1) == "thousand":
                yield end, 2000
        elif first in (19, 20):
            for last, number in _spelled(line, end):
                if isinstance(number, int) and 10 <= number < 100 and isinstance(first, int):
                    yield last, 100 * first + number


def full_year(short: int) -> int:
    """The year that two digits stand for."""
    return short + (2000 if short < 70 else 1900) if short < 100 else short


def read_time(line: Text, at: int) -> Ends:
    """A time of day in digits that can be nothing else: "9am", "15:30", "8.30 pm", "15h30"."""
    hour = line.number(at)
    if hour is None or len(line.word(at)) > 4:
        return
    if len(line.word(at)) > 2:
        yield from _military(line, at)
        return
    if hour > 24:
        return
    minute = second = 0
    end = at + 1
    mark = line.word(end)
    has_minutes = False
    if mark in (":", ".", "h") and line.glued(end) and _two_digits(line, end + 1):
        minute = line.number(end + 1) or 0
        has_minutes = True
        end += 2
        if mark == ":" and line.word(end) == ":" and _two_digits(line, end + 1):
            second = line.number(end + 1) or 0
            end += 2
    if minute > 59 or second > 59:
        return
    is_led = has_minutes or line.word(at - 1) in ("at", "@")
    half, after = _half_of_day(line, end, is_led=is_led)
    if half is not None:
        if 1 <= hour <= 12:
            yield after, Clock(hour % 12 + half, minute, second)
        elif hour < 24:
            yield after, Clock(hour, minute, second)
        return
    if not has_minutes or mark == ".":
        return
    if mark == "h" and hour < 7:
        return
    is_bare = len(line.word(at)) == 1 or 10 <= hour <= 12
    if hour < 24 or minute == 0:
        yield end, Clock(hour, minute, second, bare=is_bare and 1 <= hour <= 12)


def _two_digits(line: Text, at: int) -> bool:
    return line.number(at) is not None and len(line.word(at)) == 2 and line.glued(at)


def _half_of_day(line: Text, at: int, *, is_led: bool) -> tuple[int | None, int]:
    word = line.word(at)
    if word in MORNING_MARKS:
        return 0, at + 1
    if word in AFTERNOON_MARKS:
        return 12, at + 1
    if is_led and line.glued(at) and word in ("a", "p"):
        return (0 if word == "a" else 12), at + 1
    return None, at


def _military(line: Text, at: int) -> Ends:
    digits = line.word(at)
    hour, minute = int(digits[:-2]), int(digits[-2:])
    if hour > 23 or minute > 59:
        return
    half, end = _half_of_day(line, at + 1, is_led=False)
    if half is not None and 1 <= hour <= 12:
        yield end, Clock(hour % 12 + half, minute)
    elif len(digits) == 4 and line.word(at + 1) in ("hrs", "hours"):
        yield at + 2, Clock(hour, minute)
    elif digits.startswith("0"):
        if line.word(at - 1) in MILITARY_LEADS:
            yield at + 1, Clock(hour, minute)


def read_hour(line: Text, at: int) -> Ends:
    """A bare hour: "3", "three", "7.45", "nine thirty". Something around it must say it is one."""
    number = line.number(at)
    if number is not None:
        if len(line.word(at)) > 2 or number > 24:
            return
        after = line.word(at + 1)
        if after in (".", ":") and line.glued(at + 1) and _two_digits(line, at + 2):
            minute = line.number(at + 2) or 0
            if after == "." and minute < 60 and 1 <= number <= 23:
                yield at + 3, Clock(number, minute, bare=number <= 12)
        elif after == "h" and line.glued(at + 1) and 7 <= number <= 23:
            yield at + 2, Clock(number)
        elif 1 <= number <= 12:
            is_about = after == "ish" and line.glued(at + 1)
            yield at + 1 + is_about, Clock(number, bare=True)
        return
    hour = NUMBERS.get(line.word(at), 0)
    if 1 <= hour <= 12:
        yield at + 1, Clock(hour, bare=True)
        for end, minute in _spelled(line, at + 1 + (line.word(at + 1) == "-")):
            if isinstance(minute, int) and 10 <= minute < 60:
                yield end, Clock(hour, minute, bare=True)


def read_offset(line: Text, at: int) -> Ends:
    """An offset from UTC: "+0000", "-05:00", "+2"."""
    sign, digits = line.word(at), line.word(at + 1)
    if sign not in ("+", "-", "−") or line.number(at + 1) is None or not line.glued(at + 1):
        return
    sign = "+" if sign == "+" else "-"
    if len(digits) == 4:
        hours, minutes, end = digits[:2], digits[2:], at + 2
    elif line.word(at + 2) == ":" and _two_digits(line, at + 3):
        hours, minutes, end = digits, line.word(at + 3), at + 4
    elif line.word(at - 1) in ("utc", "gmt") and line.glued(at):
        hours, minutes, end = digits, "0", at + 2
    else:
        return
    if len(hours) <= 2 and int(hours) <= 14 and int(minutes) < 60:
        yield end, f"{sign}{int(hours):02}:{int(minutes):02}"


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
    if count is None:
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
    if unit is Unit.HOUR and line.glued(end) and _two_digits(line, end):
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
    if not isinstance(count, int):
        return None, at
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


def read_month_and_year(line: Text, at: int) -> Ends:
    """A month in digits: 03/2026, 12-2026."""
    month, year = line.number(at), line.number(at + 2)
    if month is None or year is None or year not in YEARS or not 1 <= month <= 12:
        return
    are_long = len(line.word(at)) <= 2 and len(line.word(at + 2)) == 4
    if are_long and line.word(at + 1) in ("/", "-") and line.glued(at + 1) and line.glued(at + 2):
        if line.word(at + 1) == "/" or len(line.word(at)) == 2:
            yield at + 3, month_period(year, month)


def read_numeric_date(line: Text, at: int) -> Ends:
    """A date in digits: 2026-03-13, 13/3/2026, 3/13, 13.3.2026, 14-Mar-2026."""
    sign = line.word(at + 1)
    if sign not in SEPARATORS or not line.glued(at + 1) or not line.glued(at + 2):
        return
    first, middle = _date_part(line, at), _date_part(line, at + 2)
    if first is None or middle is None:
        return
    if line.word(at + 3) == sign and line.glued(at + 3) and line.glued(at + 4):
        last = _date_part(line, at + 4)
        if last is not None:
            yield from _full_date(line, at, (first, middle, last))
        return
    if sign == "/" or (sign == "-" and "month" in (first[1], middle[1])):
        yield from _short_date(line, at, first, middle, at + 3)
    elif sign == "." and line.word(at + 3) == "." and line.glued(at + 3):
        if _is_day_before_month(first, middle) and not line.glued(at + 4):
            yield from _short_date(line, at, first, middle, at + 4)


DateOf = Callable[[int, int], date | None]
"""Makes a date of a month and a day."""
DatePart = tuple[int, str, int]
"""A number, whether it is a "month" in letters or "digits", and how many signs it has."""


def _date_part(line: Text, at: int) -> DatePart | None:
    number = line.number(at)
    if number is not None:
        return (number, "digits", len(line.word(at)))
    month = MONTHS.get(line.word(at))
    return (month, "month", 2) if month else None


def _is_day_before_month(first: DatePart, middle: DatePart) -> bool:
    # "13.3." is a date only when it cannot be a price at the end of a sentence.
    return first[0] > 12 and 1 <= middle[0] <= 12 and middle[2] <= 2 and first[0] <= 31


def _short_date(line: Text, at: int, first: DatePart, second: DatePart, end: int) -> Ends:
    if max(first[2], second[2]) > 2 or (first[0], second[0]) == AROUND_THE_CLOCK:
        return
    days = _in_both_orders(line, first, second, lambda month, day: _nearest(line, month, day))
    if days:
        yield end, Day(days[0], Unit.YEAR, days if len(days) > 1 else ())


def _full_date(line: Text, at: int, parts: tuple[DatePart, DatePart, DatePart]) -> Ends:
    first, middle, last = parts
    end = at + 5
    if first[2] == 4:
        day = day_of(first[0], middle[0], last[0]) or day_of(first[0], last[0], middle[0])
        if day is not None and first[0] in YEARS:
            yield end, Day(day)
        return
    is_version = line.word(at + 1) == "." and last[2] < 4 and min(first[2], middle[2]) < 2
    if last[2] not in (2, 4) or max(first[2], middle[2]) > 2 or is_version:
        return
    year = full_year(last[0])
    days = _in_both_orders(line, first, middle, lambda month, day: day_of(year, month, day))
    if days:
        yield end, Day(days[0], None, days if len(days) > 1 else ())


def _in_both_orders(
    line: Text, first: DatePart, second: DatePart, read: DateOf
) -> tuple[date, ...]:
    """The usual order of the country first; the other one if that makes no date or both are used."""
    month_first = (first, second)
    day_first = (second, first)
    if "month" in (first[1], second[1]):
        orders = [month_first if first[1] == "month" else day_first]
    elif line.setting.month_first:
        orders = [month_first, day_first]
    else:
        orders = [day_first, month_first]
    found = [day for month, number in orders if (day := read(month[0], number[0]))]
    return tuple(dict.fromkeys(found if line.setting.mixed else found[:1]))


def _nearest(line: Text, month: int, day: int) -> date | None:
    return nearest_date(line.setting, month, day)


def nearest_date(setting: Setting, month: int, day: int) -> date | None:
    """The next such day, today included, or the last one when the past is meant."""
    years = range(9) if not setting.past else range(0, -9, -1)
    for ahead in years:
        found = day_of(setting.today.year + ahead, month, day)
        if found and (found <= setting.today if setting.past else found >= setting.today):
            return found
    return None


def nearest_monthday(setting: Setting, day: int) -> date | None:
    """The next such day of a month, today included, or the last one when the past is meant."""
    for ahead in range(0, -13, -1) if setting.past else range(13):
        year, month = divmod(setting.today.year * 12 + setting.today.month - 1 + ahead, 12)
        found = day_of(year, month + 1, day)
        if found and (found <= setting.today if setting.past else found >= setting.today):
            return found
    return None


def nearest_month(setting: Setting, month: int) -> Period | None:
    """This month if it is the one, else the next such month, or the last when the past is meant."""
    year = setting.today.year
    if month != setting.today.month and (month > setting.today.month) == setting.past:
        year += -1 if setting.past else 1
    return month_period(year, month) if 0 < year < 9999 else None
