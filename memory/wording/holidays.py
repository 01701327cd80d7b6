"""Holidays: the phrases that name one, and the day they fall on."""

from dataclasses import replace
from datetime import date, timedelta

from memory.wording.calendar import easter, month_period, nth_weekday
from memory.wording.date_words import EASTER_DAYS, HOLIDAYS, NTH_HOLIDAYS
from memory.wording.neighbours import LEADS_TO_DAYS, Here, follows_well
from memory.wording.phrases import Rule
from memory.wording.values import Day, Setting, Unit


def holiday(here: Here) -> Day | None:
    """A holiday by its name."""
    words = here.line.text[here.line.tokens[here.start].start : here.line.tokens[here.end - 1].end]
    if not (follows_well(here) and (here.before in LEADS_TO_DAYS or here.before in ("", "at"))):
        return None
    return None if not words else holiday_named(here, words.lower().replace("’", "'"))


def holiday_which(here: Here) -> Day | None:
    """Reads "Last Easter", "next Christmas"."""
    first = here.line.word(here.start)
    setting = replace(here.setting, past=first in ("last", "past", "previous"))
    line = replace(here.line, setting=setting)
    return holiday_named(
        replace(here, line=line),
        " ".join(here.line.word(place) for place in range(here.start + 1, here.end)),
    )


def holiday_of_year(here: Here) -> Day | None:
    """A holiday of this year, the last or the next."""
    name = " ".join(here.line.word(place) for place in range(here.start, here.end - 2))
    name = name.removesuffix(" of")
    day = holiday_in(here.setting.today.year + here.number("which"), name)
    return Day(day) if day else None


def holiday_named(here: Here, name: str) -> Day | None:
    """The nearest such holiday, or the one of the year that is said."""
    year = here.number("year") if here.has("year") else None
    if year is not None:
        name = name.rsplit(None, 1)[0].removesuffix(" of").removesuffix(",")
    today = here.setting.today
    years = [year] if year else [today.year - 1, today.year, today.year + 1, today.year + 2]
    days = [day for each in years if (day := holiday_in(each, " ".join(name.split())))]
    if year:
        return Day(days[0]) if days else None
    if here.setting.past:
        return Day(max(day for day in days if day <= today), Unit.YEAR)
    return Day(min(day for day in days if day >= today), Unit.YEAR)


def holiday_in(year: int, name: str) -> date | None:
    """The day of a holiday in a year."""
    if name in HOLIDAYS:
        return date(year, *HOLIDAYS[name])
    if name in EASTER_DAYS:
        return easter(year) + timedelta(days=EASTER_DAYS[name])
    month, number, nth, days = NTH_HOLIDAYS[name]
    day = nth_weekday(month_period(year, month), number, nth)
    return day + timedelta(days=days) if day else None


HOLIDAY_RULES: tuple[Rule[Setting], ...] = tuple(
    (name, lambda h: h.line.word(h.start)) for name in (*HOLIDAYS, *EASTER_DAYS, *NTH_HOLIDAYS)
)
