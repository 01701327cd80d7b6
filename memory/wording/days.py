"""Days: the phrases that name one, and the day they mean."""

from datetime import date, timedelta

from memory.wording.calendar import (
    day_of,
    first_day,
    in_workdays,
    last_weekday,
    later,
    nearest_date,
    nearest_monthday,
    next_weekday,
    nth_weekday,
    period_around,
)
from memory.wording.counts import read_ordinal
from memory.wording.date_words import MAYBE_WEEKDAYS, MONTHS, ORDINALS, UNITS
from memory.wording.holidays import holiday, holiday_of_year, holiday_which
from memory.wording.moments import elapsed
from memory.wording.neighbours import (
    LEADS_TO_DAYS,
    RANGE_SIGNS,
    Here,
    follows_well,
    is_numeric,
    is_ordinal,
    is_weekday_here,
)
from memory.wording.phrases import Rule
from memory.wording.values import Day, Length, Moment, Period, Setting, Unit


def in_days(here: Here, days: int) -> Day | None:
    """The day so many days from today."""
    day = later(here.setting.today, Length(days=days))
    return Day(day) if day else None


def weekday(here: Here) -> Day | None:
    """A weekday by its name: the next one, or the last one when the past is meant."""
    if here.line.word(here.start) in MAYBE_WEEKDAYS and not is_weekday_here(here):
        return None
    number, today = here.number("weekday"), here.setting.today
    day = last_weekday(today, number) if here.setting.past else next_weekday(today, number)
    return Day(day, Unit.WEEK)


def this_weekday(here: Here) -> Day:
    """Reads "This Friday": the one of this week, unless it is over."""
    number, today = here.number("weekday"), here.setting.today
    day = today + timedelta(days=number - today.weekday())
    if day < today and not here.setting.past:
        day += timedelta(days=7)
    return Day(day)


def coming_weekday(here: Here) -> Day:
    """Reads "this coming Thursday": the next one, whatever is told."""
    return Day(next_weekday(here.setting.today, here.number("weekday")))


def next_week_day(here: Here) -> Day:
    """Reads "Next Friday": the coming one if that is in next week, else it is either of two."""
    number, today = here.number("weekday"), here.setting.today
    coming = next_weekday(today, number)
    if coming >= today + timedelta(days=7 - today.weekday()):
        return Day(coming)
    return Day(coming + timedelta(days=7), None, (coming, coming + timedelta(days=7)))


def shifted_weekday(here: Here, days: int) -> Day | None:
    """The coming weekday and so many days more: "Friday week"."""
    day = next_weekday(here.setting.today, here.number("weekday")) + timedelta(days=days)
    return Day(day)


def weekday_in(here: Here) -> Day | None:
    """The weekday of a week: "Wednesday next week"."""
    week = here.take("week", Period)
    day = nth_weekday(week, here.number("weekday"), 1)
    return Day(day) if day else None


def weekday_and_date(here: Here) -> Day | None:
    """A date with its weekday; if they contradict each other, both readings."""
    said = here.take("date", Day)
    number = here.number("weekday")
    fitting = tuple(day for day in (said.others or (said.on,)) if day.weekday() == number)
    if fitting:
        return Day(fitting[0], said.step)
    turned = turned_date(here.setting, said.on)
    if said.step and turned and turned.weekday() == number and is_numeric(here):
        return Day(turned)
    today = here.setting.today
    near = last_weekday(today, number) if here.setting.past else next_weekday(today, number)
    return Day(said.on, None, tuple(sorted({said.on, near})))


def turned_date(setting: Setting, day: date) -> date | None:
    """The same digits with day and month changed about."""
    return nearest_date(setting, day.day, day.month) if day.day <= 12 else None


def weekday_and_monthday(here: Here) -> Day | None:
    """Reads "Friday the 13th", "Tue 13": the nearest month in which that is so."""
    number, wanted, setting = here.number("weekday"), here.number("monthday"), here.setting
    is_said = here.has("the") or is_ordinal(here)
    if not is_said and (not follows_well(here) or here.after in RANGE_SIGNS):
        return None
    for ahead in range(0, -37, -1) if setting.past else range(37):
        months = setting.today.year * 12 + setting.today.month - 1 + ahead
        day = day_of(months // 12, months % 12 + 1, wanted)
        if day is None or day.weekday() != number:
            continue
        if day <= setting.today if setting.past else day >= setting.today:
            # "Fri 10" may as well be a time, so it is a date only if the next Friday is the 10th.
            is_near = abs((day - setting.today).days) <= 7
            is_hour = wanted <= 12 and not (is_ordinal(here) or here.has("the"))
            return Day(day) if is_near or not is_hour else None
    return None


def dated(here: Here) -> Day | None:
    """A day and a month, with or without a year."""
    month, day = here.number("month"), here.number("monthday")
    if here.has("year"):
        found = day_of(here.number("year"), month, day)
        return Day(found) if found else None
    if here.line.word(here.start) == "second" and here.after in UNITS:
        return None
    found = nearest_date(here.setting, month, day)
    return Day(found, Unit.YEAR) if found else None


def dated_which(here: Here) -> Day | None:
    """A date of last, this or next year."""
    found = day_of(
        here.setting.today.year + here.number("which"),
        here.number("month"),
        here.number("monthday"),
    )
    return Day(found) if found else None


def monthday_in(here: Here) -> Day | None:
    """A day of a month: "the 20th of next month"."""
    month = here.slots["period"]
    if not isinstance(month, Period) or month.unit is not Unit.MONTH:
        return None
    day = day_of(month.start.year, month.start.month, here.number("monthday"))
    return Day(day) if day else None


def monthday(here: Here) -> Day | None:
    """Reads "The 20th": the next one, or the last one when the past is meant."""
    if not follows_well(here):
        return None
    if not (here.has("the") or here.before in LEADS_TO_DAYS) or here.before in ("a", "our", "my"):
        return None
    month = month_of_list(here)
    if month:
        found = nearest_date(here.setting, month, here.number("ordinal"))
        return Day(found, Unit.YEAR) if found else None
    words = here.line.word(here.end - 1)
    if words in ORDINALS and not here.has("the"):
        return None
    if words in ("first", "second", "third", "other"):
        return None
    found = nearest_monthday(here.setting, here.number("ordinal"))
    return Day(found, Unit.MONTH) if found else None


def month_of_list(here: Here) -> int | None:
    """The month of "the 3rd and 4th of May", or None."""
    if here.after not in ("and", "&", "or", ","):
        return None
    place = here.end + 1 + (here.line.word(here.end + 1) == "the")
    for end, _ in read_ordinal(here.line, place):
        return MONTHS.get(here.line.word(end + (here.line.word(end) == "of")))
    return None


def monthday_this_month(here: Here) -> Day | None:
    """Reads "The 10th of the month": the next one."""
    found = nearest_monthday(here.setting, here.number("monthday"))
    return Day(found) if found else None


def nth_weekday_in(here: Here) -> Day | None:
    """Reads "First Monday of January"."""
    period = here.take("span", Period)
    nth = here.number("ordinal") if here.has("ordinal") else -1
    day = nth_weekday(period, here.number("weekday"), nth)
    if day is None:
        return None
    if period.step is Unit.YEAR and not here.setting.past and day < here.setting.today:
        start, end = later(period.start, Length(months=12)), later(period.end, Length(months=12))
        day = (
            nth_weekday(Period(start, end), here.number("weekday"), nth) if start and end else None
        )
    return Day(day) if day else None


def nth_day_in(here: Here) -> Day | None:
    """Reads "First day of next month"."""
    period = here.take("span", Period)
    day = later(period.start, Length(days=here.number("ordinal") - 1))
    return Day(day) if day and day < period.end else None


def last_day_of(here: Here) -> Day:
    """The end of a week is its Friday, that of anything longer its last day."""
    period = here.take("span", Period)
    back = 3 if period.unit is Unit.WEEK else 1
    return Day(period.end - timedelta(days=back))


def end_of_current(here: Here, unit: Unit, back: int) -> Day | None:
    """The last day of the current week (Friday), month or year."""
    period = period_around(here.setting.today, unit)
    return Day(period.end - timedelta(days=back)) if period else None


def middle_of(here: Here) -> Day:
    """The day in the middle: Wednesday, the 15th."""
    period = here.take("span", Period)
    if period.unit is Unit.MONTH:
        return Day(period.start.replace(day=15))
    return Day(period.start + (period.end - period.start - timedelta(days=1)) // 2)


def apart(here: Here, sign: int) -> Day | None:
    """So long before or after a day."""
    point = here.slots["point"]
    if not isinstance(point, Day | Period):
        return None
    length = here.take("length", Length)
    if length.seconds:
        return None
    day = later(first_day(point), length if sign > 0 else -length)
    return Day(day) if day else None


def from_now(here: Here, sign: int) -> Day | Moment | None:
    """So long from now or ago: a day, or an exact moment if hours or less are said."""
    length = here.take("length", Length)
    length = length if sign > 0 else -length
    if length.seconds:
        moment = elapsed(here.setting.now, length)
        return Moment(moment) if moment else None
    day = later(here.setting.today, length)
    return Day(day) if day else None


def workdays_on(here: Here, sign: int) -> Day | None:
    """So many working days before or after a day or today."""
    point = here.slots.get("point", Day(here.setting.today))
    if not isinstance(point, Day | Period):
        return None
    day = in_workdays(first_day(point), sign * here.number("count"))
    return Day(day) if day else None


def after_anchor(here: Here) -> Day | None:
    """So long after the day spoken of before; without one, nobody knows after what."""
    length = here.take("length", Length)
    if here.setting.anchor is None or length.seconds:
        return None
    day = later(here.setting.anchor, length)
    return Day(day) if day else None


def day_after_anchor(here: Here) -> Day | None:
    """Reads "the next day": after the one spoken of, else tomorrow."""
    day = later(here.setting.anchor or here.setting.today, Length(days=1))
    return Day(day) if day else None


def days_before(here: Here, days: int) -> Day | None:
    """The day so many days before a point begins."""
    point = here.slots["point"]
    if not isinstance(point, Day | Period):
        return None
    day = later(first_day(point), Length(days=-days))
    return Day(day) if day else None


def anchored(here: Here) -> Day | None:
    """Reads "That day": the one spoken of before."""
    return Day(here.setting.anchor) if here.setting.anchor else None


DATES: tuple[Rule[Setting], ...] = (
    ("{numeric}", lambda h: h.slots["numeric"]),
    ("the? {monthday} day? of? {month} ,? of|in? {year}", dated),
    ("the? {monthday} -? {month} -? {year}", dated),
    ("the? {monthday} day? of? {month} {which} year", dated_which),
    ("the? {monthday} day? of? {month}", dated),
    ("{month} the? {monthday} ,? of|in? {year}", dated),
    ("{month} the? {monthday}", dated),
    ("{year} ,? {month} {monthday}", dated),
    ("the? {monthday} of {period}", monthday_in),
    ("{period:whichmonth} ,? on? the? {monthday:ordinal}", monthday_in),
    ("the? {monthday} day? of the|this month", lambda h: monthday_this_month(h)),
)


DAYS: tuple[Rule[Setting], ...] = (
    ("{dayword}", lambda h: in_days(h, h.number("dayword"))),
    ("the? day after tomorrow|tmrw", lambda h: in_days(h, 2)),
    ("the? day before yesterday", lambda h: in_days(h, -2)),
    ("{dayword} week", lambda h: in_days(h, h.number("dayword") + 7)),
    ("a week {dayword}", lambda h: in_days(h, h.number("dayword") + 7)),
    ("a fortnight {dayword}", lambda h: in_days(h, h.number("dayword") + 14)),
    ("from now on", lambda h: in_days(h, 0)),
    ("that|same day", anchored),
    ("the same day", anchored),
    ("{weekday} week", lambda h: shifted_weekday(h, 7)),
    ("{weekday} fortnight", lambda h: shifted_weekday(h, 14)),
    ("a week on|from {weekday}", lambda h: shifted_weekday(h, 7)),
    ("a fortnight on|from {weekday}", lambda h: shifted_weekday(h, 14)),
    ("{count} weeks on {weekday}", lambda h: shifted_weekday(h, 7 * h.number("count"))),
    ("{weekday} ,|(? {date} )?", weekday_and_date),
    ("{weekday} ,? the? {date} )?", weekday_and_date),
    ("{date} ,|(? {weekday} )?", weekday_and_date),
    ("{weekday} ,? {the} {monthday}", weekday_and_monthday),
    ("{weekday} {monthday}", weekday_and_monthday),
    (
        "this|the coming|upcoming|following {weekday}",
        coming_weekday,
    ),
    ("{weekday} coming", coming_weekday),
    ("coming|upcoming {weekday}", coming_weekday),
    ("this {weekday}", this_weekday),
    ("the? next|nxt|following {weekday}", next_week_day),
    (
        "last|past|previous {weekday}",
        lambda h: Day(last_weekday(h.setting.today, h.number("weekday"))),
    ),
    ("{weekday} ,|of|in|the? {week}", weekday_in),
    ("{week} ,|on? {weekday}", weekday_in),
    ("{date}", lambda h: h.slots["date"]),
    ("{weekday}", weekday),
    ("{the} {ordinal}", monthday),
    ("{ordinal}", monthday),
    ("{the} {ordinal:plainday}", monthday),
    ("the? {ordinal} {weekday} of|in {span}", nth_weekday_in),
    ("the? last {weekday} of|in {span}", nth_weekday_in),
    ("the? {ordinal} day of {span}", nth_day_in),
    ("the? last day of {span}", lambda h: Day(h.take("span", Period).end - timedelta(days=1))),
    ("the? end|close of {span}", last_day_of),
    ("the? end|close of the? day ,? on? {day}", lambda h: h.slots["day"]),
    ("eod|cob|eob ,? on? {day}", lambda h: h.slots["day"]),
    ("{day:dayword} eod|cob|eob", lambda h: in_days(h, h.number("day"))),
    ("the? end|close of the? day|play|business", lambda h: in_days(h, 0)),
    ("eod|cob|eob", lambda h: in_days(h, 0)),
    ("eow", lambda h: end_of_current(h, Unit.WEEK, 3)),
    ("eom", lambda h: end_of_current(h, Unit.MONTH, 1)),
    ("eoy", lambda h: end_of_current(h, Unit.YEAR, 1)),
    (
        "month|year end",
        lambda h: end_of_current(h, Unit.YEAR if h.line.word(h.start) == "year" else Unit.MONTH, 1),
    ),
    ("the? middle of {span}", middle_of),
    ("in {length} '? time?", lambda h: from_now(h, 1)),
    ("in {length} from now", lambda h: from_now(h, 1)),
    ("in|within {count} working|business|work days|day '? time?", lambda h: workdays_on(h, 1)),
    ("{count} working|business|work days|day from now|today", lambda h: workdays_on(h, 1)),
    ("{count} working|business|work days|day ago", lambda h: workdays_on(h, -1)),
    ("{count} working|business|work days|day from|after {point}", lambda h: workdays_on(h, 1)),
    ("{count} working|business|work days|day before {point}", lambda h: workdays_on(h, -1)),
    ("{length} later|afterwards", after_anchor),
    ("{length} after that", after_anchor),
    ("the? next|following day", day_after_anchor),
    ("the day after", lambda h: day_after_anchor(h) if h.setting.anchor else None),
    ("right|just now", lambda h: Moment(h.setting.now)),
    ("{length} from now", lambda h: from_now(h, 1)),
    ("{length} ago", lambda h: from_now(h, -1)),
    ("{length} from|after {point}", lambda h: apart(h, 1)),
    ("{length} before|prior {point}", lambda h: apart(h, -1)),
    ("a? day after {point}", lambda h: days_before(h, -1)),
    ("the? day before {point}", lambda h: days_before(h, 1)),
    ("the eve of {point}", lambda h: days_before(h, 1)),
    ("{holiday} ,? of? {year}", holiday),
    ("{holiday} of? {which} year", holiday_of_year),
    ("{holiday}", holiday),
    ("this|next|coming|following|last|past|previous {holiday}", lambda h: holiday_which(h)),
)
