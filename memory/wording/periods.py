"""Weeks, months, years and other stretches of days: their phrases, and what they mean."""

from dataclasses import replace
from datetime import date, timedelta

from memory.wording.calendar import (
    between,
    day_of,
    in_workdays,
    later,
    length_of,
    month_period,
    nearest_month,
    nth_weekday,
    period_around,
    year_period,
)
from memory.wording.date_words import MAYBE_MONTHS
from memory.wording.days import middle_of
from memory.wording.moments import elapsed
from memory.wording.neighbours import VERBS_AFTER_MAY, Here, is_month_here
from memory.wording.phrases import Rule
from memory.wording.values import Day, Length, Moment, Period, Setting, Unit


def nth_week_in(here: Here) -> Period | None:
    """Reads "The second week of June": weeks belong to the month that their Thursday is in."""
    period = here.take("span", Period)
    thursday = nth_weekday(period, 3, here.number("ordinal") if here.has("ordinal") else -1)
    return period_around(thursday, Unit.WEEK) if thursday else None


def last_units_of(here: Here) -> Period | None:
    """Reads "The last two weeks of the year"."""
    period = here.take("span", Period)
    unit = Unit(here.number("unit"))
    end = period.end
    if unit is Unit.WEEK:
        end -= timedelta(days=end.weekday())
    start = later(end, -length_of(here.number("count"), unit))
    return Period(start, end) if start else None


def third_of(here: Here, third: int) -> Period:
    """The early, middle or late third of a period."""
    period = here.take("span", Period)
    days = (period.end - period.start).days
    start = period.start + timedelta(days=days * third // 3)
    end = period.start + timedelta(days=max(days * (third + 1) // 3, days * third // 3 + 1))
    return Period(start, end)


def rest_of(here: Here) -> Period | None:
    """From today to the end of a period."""
    period = here.take("span", Period)
    start = max(period.start, here.setting.today)
    return Period(start, period.end) if start < period.end else None


def so_far(here: Here) -> Period | None:
    """From the beginning of a period until today."""
    period = here.take("span", Period)
    start = period.start
    if start > here.setting.today and period.step is Unit.YEAR:
        start = later(start, Length(months=-12)) or start
    end = here.setting.today + timedelta(days=1)
    return Period(start, end) if start < end else None


def so_far_this(here: Here, unit: Unit) -> Period | None:
    """From the beginning of the current period until today."""
    period = period_around(here.setting.today, unit)
    return Period(period.start, here.setting.today + timedelta(days=1)) if period else None


def coming(here: Here) -> Period | Moment | None:
    """The next so many days, weeks ...: from today on."""
    length = wanted_length(here)
    if length is None:
        return None
    if length.seconds:
        moment = elapsed(here.setting.now, length)
        return Moment(here.setting.now, moment) if moment else None
    end = later(here.setting.today, length)
    return Period(here.setting.today, end) if end else None


def coming_workdays(here: Here) -> Period | None:
    """The next so many working days: from today on."""
    last = in_workdays(here.setting.today, here.number("count"))
    return Period(here.setting.today, last + timedelta(days=1)) if last else None


def gone(here: Here) -> Period | Moment | None:
    """The last so many days, weeks ...: today included."""
    length = wanted_length(here)
    if length is None:
        return None
    if length.seconds:
        moment = elapsed(here.setting.now, -length)
        return Moment(moment, here.setting.now) if moment else None
    if here.line.word(here.end - 1) == "quarters":
        # Whole quarters, as the books are kept.
        this = period_around(here.setting.today, Unit.QUARTER)
        start = this and later(this.start, -length)
        return Period(start, this.start) if this and start else None
    start = later(here.setting.today, -length)
    return Period(start, here.setting.today + timedelta(days=1)) if start else None


def coming_days(here: Here, days: int) -> Period:
    """The next so many days."""
    return Period(here.setting.today, here.setting.today + timedelta(days=days))


def gone_days(here: Here, days: int) -> Period:
    """The last so many days, today included."""
    today = here.setting.today
    return Period(today - timedelta(days=days), today + timedelta(days=1))


def wanted_length(here: Here) -> Length | None:
    """The length in the slots, be it one or a count of units ("5 last minute" is neither)."""
    if here.has("length"):
        return here.take("length", Length)
    if here.number("count") > 1 and not here.line.word(here.end - 1).endswith("s"):
        return None
    count = here.number("count")
    return length_of(count, Unit(here.number("unit")))


def hour_from_now(here: Here) -> Moment | None:
    """The next hour, or the last."""
    now = here.setting.now
    other = elapsed(now, Length(seconds=3600 * here.number("which")))
    return Moment(min(now, other), max(now, other)) if other else None


def which_period(here: Here) -> Period | Moment | None:
    """Reads "This week", "next month", "last year"."""
    unit = Unit(here.number("unit"))
    if unit is Unit.HOUR and here.number("which"):
        return hour_from_now(here)
    if unit < Unit.WEEK:
        return None
    if unit is Unit.FORTNIGHT and here.number("which"):
        return None
    return period_around(here.setting.today, unit, here.number("which"))


def shifted_period(here: Here, shift: int) -> Period | None:
    """A period counted from the current one: "the week after next"."""
    unit = Unit(here.number("unit"))
    return period_around(here.setting.today, unit, shift) if unit >= Unit.WEEK else None


def named_month(here: Here) -> Period | None:
    """A month by its name: this one if it is it, else the next."""
    word = here.line.word(here.start)
    if word in MAYBE_MONTHS and not is_month_here(here, word):
        return None
    if here.line.number(here.start - 1) is not None:
        # What is left of "31 February".
        return None
    month = nearest_month(here.setting, here.number("month"))
    return replace(month, step=Unit.YEAR) if month else None


def only_days(here: Here) -> Period | None:
    """A period of days; "the last hour" is none."""
    period = here.slots["period"]
    return period if isinstance(period, Period) else None


def month_or_none(here: Here) -> Period | None:
    """A month where only a period can stand, so that "may" is one."""
    month = nearest_month(here.setting, here.number("month"))
    return replace(month, step=Unit.YEAR) if month else None


def which_month(here: Here) -> Period | None:
    """Reads "Last March", "next May"."""
    which, month, today = here.number("which"), here.number("month"), here.setting.today
    words = (here.line.word(here.start), here.line.word(here.end - 1))
    if words == ("this", "may") and here.after in VERBS_AFTER_MAY:
        return None
    if which == 0:
        return month_period(today.year, month)
    year = today.year
    if which > 0:
        year += month <= today.month
    else:
        year -= month >= today.month
    return month_period(year, month) if 0 < year < 9998 else None


def month_of_year(here: Here) -> Period | None:
    """A month and its year."""
    if here.has("which"):
        return month_period(here.setting.today.year + here.number("which"), here.number("month"))
    return month_period(here.number("year"), here.number("month"))


def quarter(here: Here) -> Period | None:
    """A quarter: of the year that is said, else of this one, or the next if it is over."""
    number = here.number("ordinal")
    if not 1 <= number <= 4:
        return None
    if here.has("year"):
        return period_around(date(here.number("year"), number * 3 - 2, 1), Unit.QUARTER)
    year = here.setting.today.year
    if here.has("which"):
        return period_around(date(year + here.number("which"), number * 3 - 2, 1), Unit.QUARTER)
    found = period_around(date(year, number * 3 - 2, 1), Unit.QUARTER)
    if found is None:
        return None
    if here.setting.past and found.start > here.setting.today:
        found = period_around(found.start, Unit.QUARTER, -4)
    elif not here.setting.past and found.end <= here.setting.today:
        found = period_around(found.start, Unit.QUARTER, 4)
    return replace(found, step=Unit.YEAR) if found else None


def half_year(here: Here) -> Period | None:
    """The first or second half of a year."""
    number = here.number("ordinal")
    if number not in (1, 2):
        return None
    year = here.number("year") if here.has("year") else here.setting.today.year
    start = date(year, number * 6 - 5, 1)
    end = later(start, Length(months=6))
    return Period(start, end) if end else None


def numbered_week(here: Here) -> Period | None:
    """A week by its number in the ISO calendar."""
    year = here.number("year") if here.has("year") else here.setting.today.year
    try:
        start = date.fromisocalendar(year, here.number("count"), 1)
    except ValueError:
        return None
    if (
        not here.has("year")
        and not here.setting.past
        and start + timedelta(7) <= here.setting.today
    ):
        start = date.fromisocalendar(year + 1, min(here.number("count"), 52), 1)
    return Period(start, start + timedelta(days=7), Unit.WEEK)


def week_of(here: Here) -> Period | None:
    """The week that a day is in."""
    day = here.slots["day"]
    return period_around(day.on, Unit.WEEK) if isinstance(day, Day) else None


def weeks_from(here: Here) -> Period | None:
    """So long, beginning with a day."""
    day = here.slots["day"]
    end = later(day.on, here.take("length", Length)) if isinstance(day, Day) else None
    return Period(day.on, end) if isinstance(day, Day) and end and end > day.on else None


def from_to(here: Here) -> Period | None:
    """From one day or period to another, both included."""
    first, last = here.slots["first"], here.slots["last"]
    if not isinstance(first, Day | Period) or not isinstance(last, Day | Period):
        return None
    are_years = [isinstance(end, Period) and end.unit is Unit.YEAR for end in (first, last)]
    if any(are_years) and (first.step or last.step):
        # Not "from December to 2018", but "December-2018".
        return None
    return between(first, last)


def up_to_date(here: Here) -> Period | None:
    """Reads "From the 27th to the 3rd of April": the first day lies before the second."""
    last = here.take("date", Day).on
    number = here.number("monthday")
    for back in (0, 1):
        months = last.year * 12 + last.month - 1 - back
        first = day_of(months // 12, months % 12 + 1, number)
        if first and first < last:
            return Period(first, last + timedelta(days=1))
    return None


def on_from_date(here: Here) -> Period | None:
    """Reads "April 9 through 17": the second day lies behind the first."""
    first = here.take("date", Day).on
    last = day_of(first.year, first.month, here.number("monthday"))
    return Period(first, last + timedelta(days=1)) if last and last > first else None


RANGE_WORDS = "to|until|till|til|through|thru|-|–|—|~"


WEEKS: tuple[Rule[Setting], ...] = (
    ("the? week after next", lambda h: period_around(h.setting.today, Unit.WEEK, 2)),
    ("the? week before last", lambda h: period_around(h.setting.today, Unit.WEEK, -2)),
    (
        "the? {which} working|business|calendar|whole? week",
        lambda h: period_around(h.setting.today, Unit.WEEK, h.number("which")),
    ),
    (
        "the? {which} week|week's",
        lambda h: period_around(h.setting.today, Unit.WEEK, h.number("which")),
    ),
    ("the? week of|beginning|commencing|starting|from on? {day}", week_of),
    ("w / c {day}", week_of),
    ("wc {day}", week_of),
    ("week {count} of? {year}", numbered_week),
    ("week {count}", numbered_week),
)


PERIODS: tuple[Rule[Setting], ...] = (
    ("{week}", lambda h: h.slots["week"]),
    ("{month} ,? of|in? {year}", month_of_year),
    ("{month} - {year}", month_of_year),
    ("{month} of? {which} year", month_of_year),
    ("{monthyear}", lambda h: h.slots["monthyear"]),
    ("{which} {month}", which_month),
    ("{month}", named_month),
    ("the? {which} calendar? {unit}", which_period),
    ("the? {unit} after next", lambda h: shifted_period(h, 2)),
    ("the? {unit} before last", lambda h: shifted_period(h, -2)),
    ("the weekend", lambda h: period_around(h.setting.today, Unit.WEEKEND)),
    ("q {ordinal:digit} -? of? {year}", quarter),
    ("q {ordinal:digit} of|in? {which} year", quarter),
    ("{year} -? q {ordinal:digit}", quarter),
    ("q {ordinal:digit}", quarter),
    ("the? {ordinal} quarter of|in? {year}", quarter),
    ("the? {ordinal} quarter of {which} year", quarter),
    ("the? {ordinal} quarter of the year", quarter),
    ("the? {ordinal} quarter", quarter),
    ("{which} year's {ordinal} quarter", quarter),
    ("h {ordinal:digit} {year}?", half_year),
    ("the? {ordinal} half of {year}", half_year),
    ("the? {ordinal} half of the|this? year", half_year),
    ("the? {ordinal} week of|in {span}", nth_week_in),
    ("the? last week of|in {span}", nth_week_in),
    ("the? last {count} {unit} of {span}", last_units_of),
    ("early|earlier in? {span}", lambda h: third_of(h, 0)),
    ("the? beginning|start of {span}", lambda h: third_of(h, 0)),
    ("mid -? {span}", middle_of),
    ("late in? {span}", lambda h: third_of(h, 2)),
    ("later in? {span}", rest_of),
    ("the? rest|remainder|remaining of {span}", rest_of),
    ("the? rest of {span:mine}", rest_of),
    ("so far in? {span}", so_far),
    ("year to date", lambda h: so_far_this(h, Unit.YEAR)),
    ("ytd", lambda h: so_far_this(h, Unit.YEAR)),
    ("month to date", lambda h: so_far_this(h, Unit.MONTH)),
    ("the? next|coming|following|upcoming {count} {unit}", coming),
    ("the? next|coming|following {count} working|business|work days", coming_workdays),
    ("the? next|coming|following|upcoming fortnight", lambda h: coming_days(h, 14)),
    ("the? last|past|previous {length}", gone),
    ("the? last|past fortnight", lambda h: gone_days(h, 14)),
    ("the? {count} past|previous|last {unit}", gone),
    ("the? {count} coming|upcoming|next|following {unit}", coming),
    ("within {length}", coming),
    ("within the next {length}", coming),
    ("{length} starting|beginning|from on? {day}", weeks_from),
)


SPANS: tuple[Rule[Setting], ...] = (
    ("{month}", lambda h: month_or_none(h)),
    ("{period}", only_days),
    ("the|this? {unit}", lambda h: shifted_period(h, 0)),
    ("{year}", lambda h: year_period(h.number("year"))),
    ("the? year {year}", lambda h: year_period(h.number("year"))),
)


MINE: tuple[Rule[Setting], ...] = (("my|our {unit}", lambda h: shifted_period(h, 0)),)


STRETCHES: tuple[Rule[Setting], ...] = (
    ("{span} so far", so_far),
    ("{period}", lambda h: h.slots["period"]),
)


RANGES: tuple[Rule[Setting], ...] = (
    (f"from|between? the? {{monthday}} {RANGE_WORDS} {{date}}", up_to_date),
    ("between the? {monthday} and|& {date}", up_to_date),
    (f"from|between? {{date}} {RANGE_WORDS} the? {{monthday}}", on_from_date),
    ("between {date} and|& the? {monthday}", on_from_date),
    (f"from|between? {{first:point}} {RANGE_WORDS} {{last:point}}", from_to),
    ("between {first:point} and|& {last:point}", from_to),
)
