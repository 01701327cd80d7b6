"""The grammar of dates and times, put together from its tables.

Patterns are explained in `memory.wording.phrases`. To teach a phrase, add a line to a table of
`days`, `periods`, `times` or `repeats`; of two rules that match the same words, the upper one wins.
"""

from memory.wording.calendar import period_around, year_period
from memory.wording.counts import (
    read_count,
    read_length,
    read_monthday,
    read_ordinal,
    read_plain_day,
    read_year,
)
from memory.wording.date_words import (
    CITY_ZONES,
    DAYWORDS,
    MONTHS,
    NUMBERS,
    ORDINALS,
    PARTS,
    TENS,
    TONIGHT,
    UNITS,
    WEEKDAYS,
    WEEKDAYS_EACH,
    WHICH,
    ZONES,
)
from memory.wording.days import DATES, DAYS, in_days
from memory.wording.holidays import HOLIDAY_RULES
from memory.wording.neighbours import follows_well
from memory.wording.numeric_dates import read_month_and_year, read_numeric_date
from memory.wording.periods import MINE, PERIODS, RANGES, SPANS, STRETCHES, WEEKS, month_or_none
from memory.wording.phrases import Grammar, Rule
from memory.wording.repeats import EACH_LISTS, REPEATS, WEEKDAY_LISTS
from memory.wording.time_figures import read_hour, read_offset, read_time
from memory.wording.times import (
    BARE,
    BARE_HOURS,
    CLOCK_CORES,
    CLOCKS,
    HOURS_RULES,
    PART_WORDS,
    PARTS_AFTER_DAY,
    PARTS_OF_DAY,
    ZONE_RULES,
    ZONED,
)
from memory.wording.values import Setting, Unit

POINTS: tuple[Rule[Setting], ...] = (
    ("{day}", lambda h: h.slots["day"]),
    ("{period}", lambda h: h.slots["period"]),
    ("{month}", lambda h: month_or_none(h)),
    ("{year}", lambda h: year_period(h.number("year"))),
    ("now|present", lambda h: in_days(h, 0)),
)


LEADS: tuple[Rule[Setting], ...] = (
    ("by|due at? the? latest?", lambda _: "by"),
    ("due by|on|in|for|at", lambda _: "by"),
    ("no|not later than", lambda _: "by"),
    ("as late as", lambda _: "by"),
    ("as early as", lambda _: "from"),
    ("before|b4", lambda _: "before"),
    ("ahead of", lambda _: "before"),
    ("until|till|til", lambda _: "until"),
    ("up to|until", lambda _: "until"),
    ("from|starting|beginning|effective", lambda _: "from"),
    ("starting|beginning|effective|valid from|on|in|at", lambda _: "from"),
    ("as of|from", lambda _: "from"),
    ("since", lambda _: "since"),
    ("after", lambda _: "after"),
    ("later than", lambda _: "after"),
    ("earlier than", lambda _: "before"),
    ("to", lambda _: "to"),
    ("on|in|at|for|during|over|@", lambda _: "on"),
    ("at|for around|about|approximately|circa", lambda _: "on"),
    ("sometime|anytime on|in|at?", lambda _: "on"),
    ("some|any time on|in|at?", lambda _: "on"),
)


YEARS_ALONE: tuple[Rule[Setting], ...] = (
    ("the? year? of? {year}", lambda h: year_period(h.number("year")) if follows_well(h) else None),
)


GRAMMAR: Grammar[Setting] = Grammar(
    rules={
        "week": WEEKS,
        "period": PERIODS,
        "span": SPANS,
        "mine": MINE,
        "date": DATES,
        "day": DAYS,
        "point": POINTS,
        "stretch": STRETCHES,
        "days": RANGES,
        "daypart": PARTS_OF_DAY,
        "partafter": PARTS_AFTER_DAY,
        "partword": PART_WORDS,
        "core": CLOCK_CORES,
        "clock": CLOCKS,
        "zoned": ZONED,
        "bare": BARE,
        "zone": ZONE_RULES,
        "hours": HOURS_RULES,
        "barehours": BARE_HOURS,
        "weekdaylist": WEEKDAY_LISTS,
        "eachlist": EACH_LISTS,
        "repeat": REPEATS,
        "holiday": HOLIDAY_RULES,
        "lead": LEADS,
        "yearalone": YEARS_ALONE,
        "whichmonth": (
            (
                "{which} month",
                lambda h: period_around(h.setting.today, Unit.MONTH, h.number("which")),
            ),
        ),
        "the": (("the", lambda _: "the"),),
        "digit": (("1|2|3|4", lambda h: int(h.line.word(h.start))),),
    },
    words={
        "weekday": WEEKDAYS,
        "weekdayseach": WEEKDAYS_EACH,
        "month": MONTHS,
        "number": {**NUMBERS, **TENS, "a": 1, "an": 1, "couple": 2, "few": 3, "half": 0},
        "ordinalword": {**ORDINALS, **TENS},
        "unit": UNITS,
        "dayword": DAYWORDS,
        "part": PARTS,
        "tonight": TONIGHT,
        "which": WHICH,
        "zonename": dict.fromkeys(ZONES, 0),
        "city": dict.fromkeys(CITY_ZONES, 0),
    },
    readers={
        "count": (("#", "@number"), read_count),
        "ordinal": (("#", "@ordinalword"), read_ordinal),
        "plainday": (("#",), read_plain_day),
        "monthday": (("#", "@ordinalword", "@number"), read_monthday),
        "year": (("#", "'", "@number"), read_year),
        "time": (("#",), read_time),
        "hour": (("#", "@number"), read_hour),
        "offset": (("+", "-", "−"), read_offset),
        "length": (("#", "@number"), read_length),
        "monthyear": (("#",), read_month_and_year),
        "numeric": (("#", "@month"), read_numeric_date),
    },
)
