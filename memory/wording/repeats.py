"""Recurrences: their phrases, and the RRULE they mean."""

from dataclasses import replace

from memory.wording.calendar import length_of
from memory.wording.date_words import PARTS
from memory.wording.neighbours import Here, follows_well
from memory.wording.phrases import Rule
from memory.wording.values import Day, Repeat, Setting, Unit, Weekdays


def repeat_units(here: Here) -> Repeat | None:
    """Reads "Every two weeks", "every month"."""
    unit = Unit(here.number("unit"))
    count = here.number("count") if here.has("count") else 1
    return every(unit, count)


def every(unit: Unit, count: int) -> Repeat | None:
    """The rule for every so many of a unit."""
    if count < 1 or unit is Unit.SECOND:
        return None
    names = {
        Unit.MINUTE: ("MINUTELY", 1),
        Unit.HOUR: ("HOURLY", 1),
        Unit.DAY: ("DAILY", 1),
        Unit.WEEK: ("WEEKLY", 1),
        Unit.FORTNIGHT: ("WEEKLY", 2),
        Unit.MONTH: ("MONTHLY", 1),
        Unit.QUARTER: ("MONTHLY", 3),
        Unit.YEAR: ("YEARLY", 1),
        Unit.DECADE: ("YEARLY", 10),
    }
    if unit is Unit.WEEKEND:
        return weekly(frozenset({5, 6}), count)
    name, factor = names[unit]
    hours = count if unit is Unit.HOUR else -count if unit is Unit.MINUTE else 0
    first = length_of(count, unit) if unit > Unit.DAY or count > 1 else None
    return Repeat(rule_text(name, count * factor), hours=hours, first=first)


def rule_text(frequency: str, interval: int = 1, extra: str = "") -> str:
    """An RRULE."""
    parts = [f"FREQ={frequency}"]
    if interval > 1:
        parts.append(f"INTERVAL={interval}")
    if extra:
        parts.append(extra)
    return ";".join(parts)


RRULE_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def weekly(days: frozenset[int], interval: int = 1) -> Repeat:
    """Every week, or every so many weeks, on these days."""
    names = ",".join(RRULE_DAYS[day] for day in sorted(days))
    return Repeat(rule_text("WEEKLY", interval, f"BYDAY={names}"), weekdays=days)


def monthly_weekday(here: Here, nth: int) -> Repeat | None:
    """Reads "Every last Friday of the month"."""
    if not -1 <= nth <= 5 or nth == 0:
        return None
    day = here.number("weekday")
    return Repeat(
        rule_text("MONTHLY", 1, f"BYDAY={nth}{RRULE_DAYS[day]}"),
        weekdays=frozenset({day}),
        nth=nth,
    )


def nth_every(here: Here) -> Repeat | None:
    """Reads "Every second Tuesday" is every other week, "every first Tuesday" once a month."""
    nth = here.number("ordinal")
    if nth == 1:
        return monthly_weekday(here, 1)
    return weekly(frozenset({here.number("weekday")}), nth) if nth < 53 else None


def monthly_on(here: Here) -> Repeat:
    """Reads "The 10th of every month"."""
    number = here.number("monthday")
    return Repeat(rule_text("MONTHLY", 1, f"BYMONTHDAY={number}"), monthday=number)


def month_ends(_: Here) -> Repeat:
    """Reads "The end of every month"."""
    return Repeat(rule_text("MONTHLY", 1, "BYMONTHDAY=-1"), monthday=-1)


def yearly_on(here: Here) -> Repeat:
    """Reads "Every 3 May"."""
    day = here.take("date", Day).on
    extra = f"BYMONTH={day.month};BYMONTHDAY={day.day}"
    return Repeat(rule_text("YEARLY", 1, extra), monthday=day.day, month=day.month)


def yearly_in(here: Here) -> Repeat:
    """Reads "Every April"."""
    month = here.number("month")
    return Repeat(rule_text("YEARLY", 1, f"BYMONTH={month}"), month=month)


def adverb(here: Here, unit: Unit, count: int = 1) -> Repeat | None:
    """Reads "Weekly", unless it describes something ("a weekly report")."""
    is_alone = follows_well(here) and here.before not in ("a", "an", "the", "my", "our", "is")
    return every(unit, count) if is_alone else None


def of_weekdays(here: Here) -> Weekdays:
    """One weekday, or a list of them."""
    one = frozenset({here.number("weekday")})
    return Weekdays(one | here.take("more", Weekdays).days if here.has("more") else one)


WEEKDAY_LISTS: tuple[Rule[Setting], ...] = (
    ("{weekday} ,? and|&? {more:weekdaylist}", of_weekdays),
    ("{weekday}", of_weekdays),
)


EACH_LISTS: tuple[Rule[Setting], ...] = (
    ("{weekday:weekdayseach} ,? and|&? {more:eachlist}", of_weekdays),
    ("{weekday:weekdayseach}", of_weekdays),
)


REPEATS: tuple[Rule[Setting], ...] = (
    ("every|each {days:weekdaylist}", lambda h: weekly(h.take("days", Weekdays).days)),
    (
        "every|each other|second|2nd|alternate {weekday}",
        lambda h: weekly(frozenset({h.number("weekday")}), 2),
    ),
    ("every|each {ordinal} {weekday}", nth_every),
    (
        "every|each|the? {ordinal} {weekday} of the|each|every month",
        lambda h: (
            monthly_weekday(h, h.number("ordinal"))
            if h.line.word(h.start) in ("every", "each") or h.line.word(h.end - 2) != "the"
            else None
        ),
    ),
    ("every|each|the? last {weekday} of each|every month", lambda h: monthly_weekday(h, -1)),
    ("every|each last {weekday} of the? month", lambda h: monthly_weekday(h, -1)),
    ("every|each last {weekday}", lambda h: monthly_weekday(h, -1)),
    ("every|each single? {unit}", repeat_units),
    ("every|each {count} {unit}", repeat_units),
    ("every|each other|second|2nd|alternate {unit}", lambda h: every(Unit(h.number("unit")), 2)),
    ("every|each {ordinal} {unit}", lambda h: every(Unit(h.number("unit")), h.number("ordinal"))),
    ("every|each weekday|workday", lambda _: weekly(frozenset(range(5)))),
    ("every|each working|business|week day", lambda _: weekly(frozenset(range(5)))),
    ("weekdays", lambda _: weekly(frozenset(range(5)))),
    ("weekends", lambda _: weekly(frozenset({5, 6}))),
    (
        "every|each {part}",
        lambda h: Repeat(rule_text("DAILY"), part=h.number("part")),
    ),
    (
        "every|each {weekday} {part}",
        lambda h: replace(weekly(frozenset({h.number("weekday")})), part=h.number("part")),
    ),
    (
        "{weekday} mornings|afternoons|evenings|nights",
        lambda h: replace(
            weekly(frozenset({h.number("weekday")})), part=PARTS[h.line.word(h.end - 1)]
        ),
    ),
    ("everyday", lambda _: every(Unit.DAY, 1)),
    ("{days:eachlist}", lambda h: weekly(h.take("days", Weekdays).days)),
    ("the? {monthday} day? of each|every month", monthly_on),
    ("every|each {monthday} of the? month", monthly_on),
    ("every|each month on the? {monthday}", monthly_on),
    ("monthly on the? {monthday}", monthly_on),
    ("the? end|last of each|every month", month_ends),
    ("the? last day of each|every month", month_ends),
    ("every|each month end", month_ends),
    ("every|each {date}", yearly_on),
    ("every|each year on {date}", yearly_on),
    ("every|each {month}", yearly_in),
    ("daily", lambda h: adverb(h, Unit.DAY)),
    ("weekly", lambda h: adverb(h, Unit.WEEK)),
    ("weekly on {weekday}", lambda h: weekly(frozenset({h.number("weekday")}))),
    ("fortnightly|biweekly", lambda h: adverb(h, Unit.FORTNIGHT)),
    ("monthly", lambda h: adverb(h, Unit.MONTH)),
    ("quarterly", lambda h: adverb(h, Unit.QUARTER)),
    ("yearly|annually", lambda h: adverb(h, Unit.YEAR)),
    ("once a|every|per {unit}", repeat_units),
)
