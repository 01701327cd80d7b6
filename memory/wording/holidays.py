"""Holidays: the phrases that name one, and the day they fall on."""

from collections.abc import Mapping
from datetime import date, timedelta

from memory.wording.calendar import easter, month_period, nth_weekday
from memory.wording.neighbours import LEADS_TO_DAYS, Here, follows_well
from memory.wording.phrases import Rule
from memory.wording.values import Day, Setting, Unit

HOLIDAYS: Mapping[str, tuple[int, int]] = {
    "christmas": (12, 25),
    "christmas day": (12, 25),
    "xmas": (12, 25),
    "xmas day": (12, 25),
    "christmas eve": (12, 24),
    "xmas eve": (12, 24),
    "boxing day": (12, 26),
    "st stephen's day": (12, 26),
    "new year": (1, 1),
    "new years": (1, 1),
    "new year's": (1, 1),
    "new years day": (1, 1),
    "new year's day": (1, 1),
    "new years eve": (12, 31),
    "new year's eve": (12, 31),
    "new year eve": (12, 31),
    "nye": (12, 31),
    "valentines": (2, 14),
    "valentine's": (2, 14),
    "valentines day": (2, 14),
    "valentine's day": (2, 14),
    "st patrick's day": (3, 17),
    "st patricks day": (3, 17),
    "april fools": (4, 1),
    "april fool's day": (4, 1),
    "april fools day": (4, 1),
    "may day": (5, 1),
    "workers day": (5, 1),
    "labour day": (5, 1),
    "juneteenth": (6, 19),
    "independence day": (7, 4),
    "bastille day": (7, 14),
    "halloween": (10, 31),
    "all saints day": (11, 1),
    "veterans day": (11, 11),
    "armistice day": (11, 11),
    "earth day": (4, 22),
    "women's day": (3, 8),
    "epiphany": (1, 6),
    "australia day": (1, 26),
    "anzac day": (4, 25),
    "canada day": (7, 1),
    "bonfire night": (11, 5),
    "guy fawkes": (11, 5),
}
"""Holidays with a fixed (month, day)."""

EASTER_DAYS: Mapping[str, int] = {
    "easter": 0,
    "easter sunday": 0,
    "easter day": 0,
    "easter monday": 1,
    "good friday": -2,
    "ash wednesday": -46,
    "shrove tuesday": -47,
    "pancake day": -47,
    "palm sunday": -7,
    "maundy thursday": -3,
    "ascension day": 39,
    "pentecost": 49,
    "whit sunday": 49,
    "whit monday": 50,
}
"""Days after Easter Sunday."""

NTH_HOLIDAYS: Mapping[str, tuple[int, int, int, int]] = {
    "thanksgiving": (11, 3, 4, 0),
    "thanksgiving day": (11, 3, 4, 0),
    "black friday": (11, 3, 4, 1),
    "cyber monday": (11, 3, 4, 4),
    "labor day": (9, 0, 1, 0),
    "memorial day": (5, 0, -1, 0),
    "mlk day": (1, 0, 3, 0),
    "martin luther king day": (1, 0, 3, 0),
    "presidents day": (2, 0, 3, 0),
    "president's day": (2, 0, 3, 0),
    "columbus day": (10, 0, 2, 0),
    "fathers day": (6, 6, 3, 0),
    "father's day": (6, 6, 3, 0),
    "mothers day": (5, 6, 2, 0),
    "mother's day": (5, 6, 2, 0),
}
"""(month, weekday, which one in the month, days after it), as kept in most countries."""


def holiday(here: Here) -> Day | None:
    """A holiday by its name, unless it describes something ("the Christmas menu")."""
    if not (follows_well(here) and (here.before in LEADS_TO_DAYS or here.before in ("", "at"))):
        return None
    name = here.take("holiday", str)
    if here.has("year"):
        day = holiday_in(here.number("year"), name)
        return Day(day) if day else None
    return nearest_holiday(name, here.setting.today, past=here.setting.past)


def holiday_which(here: Here) -> Day | None:
    """Reads "last Easter", "next Christmas"."""
    past = here.line.word(here.start) in ("last", "past", "previous")
    return nearest_holiday(here.take("holiday", str), here.setting.today, past=past)


def holiday_of_year(here: Here) -> Day | None:
    """A holiday of this year, the last or the next."""
    year = here.setting.today.year + here.number("which")
    day = holiday_in(year, here.take("holiday", str))
    return Day(day) if day else None


def nearest_holiday(name: str, today: date, *, past: bool) -> Day | None:
    """The next such day, today included, or the last one."""
    years = range(today.year - 1, today.year + 3)
    days = [day for year in years if (day := holiday_in(year, name))]
    fitting = [day for day in days if (day <= today if past else day >= today)]
    if not fitting:
        return None
    return Day(max(fitting) if past else min(fitting), Unit.YEAR)


def holiday_in(year: int, name: str) -> date | None:
    """The day of a holiday in a year."""
    if name in HOLIDAYS:
        return date(year, *HOLIDAYS[name])
    if name in EASTER_DAYS:
        return easter(year) + timedelta(days=EASTER_DAYS[name])
    month, number, nth, days = NTH_HOLIDAYS[name]
    day = nth_weekday(month_period(year, month), number, nth)
    return day + timedelta(days=days) if day else None


def name_of(here: Here) -> str:
    """The words of a holiday, as the tables have them."""
    return " ".join(here.line.word(place) for place in range(here.start, here.end))


HOLIDAY_RULES: tuple[Rule[Setting], ...] = tuple(
    (name, name_of) for name in (*HOLIDAYS, *EASTER_DAYS, *NTH_HOLIDAYS)
)
