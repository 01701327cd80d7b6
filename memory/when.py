"""Dates and times as people write them: finds them in a text, and says them back.

`find` walks through the text once. Wherever a word may begin a date it lets the grammar of
`memory.wording.dates` read the pieces (a day, a part of the day, a time, a length ...), puts
neighbouring pieces together, and settles what they mean in the owner's zone.
"""

from datetime import UTC, date, datetime, timedelta

from memory.records.shape import Frozen
from memory.wording.counts import read_length
from memory.wording.date_words import MIXED, MONTH_FIRST, PART_HOURS, PART_NAMES
from memory.wording.dates import GRAMMAR
from memory.wording.moments import settled
from memory.wording.neighbours import is_whole
from memory.wording.phrases import Line
from memory.wording.pieces import Draft, Finder
from memory.wording.settling import settle
from memory.wording.values import Length, Setting

NEAR_DAYS = {-1: "yesterday", 0: "today", 1: "tomorrow"}
_UNITS = (("day", "days", 86_400), ("h", "h", 3600), ("min", "min", 60), ("s", "s", 1))
_COUNTED_S = 120
"""Shorter lengths are said in seconds alone."""
FAR_AWAY = 14
"""Days within which a date is said with its weekday."""


class When(Frozen):
    """One date, time, stretch or recurrence, and the words that said it."""

    span: tuple[int, int]
    """Character offsets in the text, a leading preposition ("by Friday") included."""
    text: str
    start: datetime
    """Aware, in the owner's zone. Local midnight when only a day was said."""
    end: datetime | None = None
    """Exclusive end of a stretch ("next week", "from 3 to 5"), else None."""
    has_time: bool = False
    """False: a day only."""
    repeats: str | None = None
    """RRULE of a recurrence ("every Friday"), without the time, which is that of `start`."""
    duration: timedelta | None = None
    """How long it lasts, where that was said ("from 3 to 5", "Friday 3pm for an hour")."""
    choices: tuple[datetime, ...] = ()
    """Every start that the words can mean, if there is more than one: the caller must ask."""
    part: str | None = None
    """The part of the day that was said: morning, afternoon, evening, night ..."""
    lead: str | None = None
    """by, before, until, from, since, after or to, where such a word led the phrase."""

    @property
    def day(self) -> date:
        """The day it begins on."""
        return self.start.date()

    @property
    def last_day(self) -> date:
        """The last day that belongs to it; the same day unless it is a stretch."""
        return self.day if self.end is None else (self.end - timedelta(microseconds=1)).date()

    @property
    def part_start(self) -> datetime:
        """When it begins if the part of the day counts: "tomorrow morning" is 8:00."""
        for number, name in PART_NAMES.items():
            if self.part == name and not self.has_time:
                return settled(self.start.replace(hour=PART_HOURS[number][0]))
        return self.start


class Span(Frozen):
    """A length of time and the words that said it."""

    span: tuple[int, int]
    text: str
    length: timedelta


def find(
    text: str, *, now: datetime, locale: str = "en-GB", past: bool = False
) -> tuple[When, ...]:
    """Every date and time in a text, in order.

    Args:
        text: What somebody wrote.
        now: Aware, in the owner's zone: everything is counted from here.
        locale: Decides what 3/4 is.
        past: Bare days lie behind ("I paid on Friday"), not ahead.
    """
    setting = Setting(now, past, locale in MONTH_FIRST, locale in MIXED)
    line = GRAMMAR.cut(text, setting)
    found: list[When] = []
    index = 0
    finder = Finder(line)
    while index < len(line.tokens):
        if line.tokens[index].keys:
            draft = finder.draft_at(index)
            when = _when(draft, line) if draft else None
            if draft and when:
                found.append(when)
                finder = finder.anchored(when.day)
                index = draft.end
                continue
        index += 1
    return tuple(found)


def first(text: str, *, now: datetime, locale: str = "en-GB", past: bool = False) -> When | None:
    """The first date or time in a text."""
    found = find(text, now=now, locale=locale, past=past)
    return found[0] if found else None


def _when(draft: Draft, line: Line[Setting]) -> When | None:
    result = settle(draft, line.setting)
    if result is None:
        return None
    span = (line.tokens[draft.start].start, line.tokens[draft.end - 1].end)
    return When(
        span=span,
        text=line.text[slice(*span)],
        start=result.start,
        end=result.end,
        has_time=result.has_time,
        repeats=result.repeats,
        duration=result.duration,
        choices=result.choices,
        part=PART_NAMES.get(draft.part),
        lead=draft.lead if draft.lead not in ("", "on") else None,
    )


def lengths(text: str) -> tuple[Span, ...]:
    """Every length of time in a text: "45 min", "half an hour", "2 days"."""
    setting = Setting(datetime(2000, 1, 1, tzinfo=UTC), past=False, month_first=False, mixed=False)
    line = GRAMMAR.cut(text, setting)
    found: list[Span] = []
    index = 0
    while index < len(line.tokens):
        ends = [
            (end, length)
            for end, length in read_length(line, index)
            if isinstance(length, Length) and is_whole(line, index, end)
        ]
        if not ends:
            index += 1
            continue
        end, length = ends[-1]
        span = (line.tokens[index].start, line.tokens[end - 1].end)
        found.append(Span(span=span, text=text[slice(*span)], length=length.as_timedelta()))
        index = end
    return tuple(found)


def say(moment: datetime | date, *, now: datetime, locale: str = "en-GB") -> str:
    """A day or moment as Steward writes it: "Friday 13 March", "tomorrow 15:00", "3 April".

    Args:
        moment: A date, or an aware datetime, which is said in the zone of `now`.
        now: Aware, in the owner's zone.
        locale: Decides between "13 March" and "March 13", "15:00" and "3:00 pm".
    """
    is_american = locale in MONTH_FIRST
    if not isinstance(moment, datetime):
        return _say_day(moment, now.date(), is_american=is_american)
    own = moment.astimezone(now.tzinfo)
    day = _say_day(own.date(), now.date(), is_american=is_american)
    if is_american:
        clock = f"{own.hour % 12 or 12}:{own.minute:02} {'am' if own.hour < 12 else 'pm'}"
    else:
        clock = f"{own.hour}:{own.minute:02}"
    return f"{day} {clock}"


def say_length(length: timedelta) -> str:
    """A length of time as Steward writes it: "60 s", "12 min", "2 h 30 min", "3 days".

    Never longer than it is, since some of them are promises; its two largest units are enough.
    """
    left_s = round(length.total_seconds())
    if left_s < _COUNTED_S:
        return f"{left_s} s"
    counts: list[int] = []
    for _, _, unit_s in _UNITS:
        count, left_s = divmod(left_s, unit_s)
        counts.append(count)
    first = next(at for at, count in enumerate(counts) if count)
    return " ".join(
        f"{count} {one if count == 1 else several}"
        for (one, several, _), count in list(zip(_UNITS, counts, strict=True))[first : first + 2]
        if count
    )


def _say_day(day: date, today: date, *, is_american: bool) -> str:
    away = (day - today).days
    if away in NEAR_DAYS:
        return NEAR_DAYS[away]
    text = f"{day:%B} {day.day}" if is_american else f"{day.day} {day:%B}"
    if abs(away) <= FAR_AWAY:
        text = f"{day:%A}, {text}" if is_american else f"{day:%A} {text}"
    if day.year != today.year:
        text += f", {day.year}" if is_american else f" {day.year}"
    return text
