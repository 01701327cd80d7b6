"""Dates in figures: 2026-03-13, 13/3, 3/13, 13.3.2026, 03/2026."""

from collections.abc import Callable
from datetime import date

from memory.wording.calendar import day_of, month_period, nearest_date
from memory.wording.counts import YEARS, Ends, Text, full_year
from memory.wording.date_words import MONTHS, UNITS
from memory.wording.phrases import word_set
from memory.wording.values import Day, Unit

AROUND_THE_CLOCK = (24, 7)
"""24/7 is no date."""


SEPARATORS = frozenset("/.-")


COUNTED = frozenset(UNITS) | word_set("of cup cups inch inches mile miles % stars")
"""Behind these, 1/2 is a half."""


COUNTING = word_set("room page unit apt flat size no nr number invoice inv part step version #")
"""Behind these words, 3/4 is a number."""


LEADS_TO_FIGURES = word_set("on by until till from before after since due to am the") | {""}
"""Words in front of a date such as 31.12., the beginning of the text among them."""
DateOf = Callable[[int, int], date | None]
"""Makes a date of a month and a day."""


DatePart = tuple[int, str, int]
"""A number, whether it is a "month" in letters or "digits", and how many signs it has."""


def read_month_and_year(line: Text, at: int) -> Ends:
    """A month in digits: 03/2026, 12-2026."""
    month, year = line.number(at), line.number(at + 2)
    if month is None or year is None or year not in YEARS or not 1 <= month <= 12:
        return
    if not (line.glued(at + 1) and line.glued(at + 2)) or len(line.word(at)) > 2:
        return
    sign = line.word(at + 1)
    if sign == "/" or (sign == "-" and len(line.word(at)) == 2):
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
        return
    # "13.3." may end a sentence as a price, so something has to lead to it.
    is_led = line.word(at - 1) in LEADS_TO_FIGURES
    has_dot = is_led and sign == "." and line.word(at + 3) == "." and line.glued(at + 3)
    if has_dot and _is_day_before_month(first, middle) and not line.glued(at + 4):
        yield from _short_date(line, at, first, middle, at + 4)


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
    if line.word(end) in COUNTED or line.word(at - 1) in COUNTING:
        return
    if max(first[2], second[2]) > 2 or (first[0], second[0]) == AROUND_THE_CLOCK:
        return
    days = _in_both_orders(
        line, first, second, lambda month, day: nearest_date(line.setting, month, day)
    )
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
    """The order usual in the country first; the other if that makes no date, or both are used."""
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
