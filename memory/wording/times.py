"""Times of day: their phrases, and what they mean."""

from dataclasses import replace

from memory.wording.calendar import later
from memory.wording.date_words import CITY_ZONES, PARTS, ZONES
from memory.wording.days import anchored, in_days, weekday_in
from memory.wording.neighbours import Here, follows_well
from memory.wording.periods import RANGE_WORDS
from memory.wording.phrases import Rule
from memory.wording.values import Clock, Day, DayPart, Hours, Length, Setting


def half_past(here: Here, minute: int) -> Clock:
    """Minutes after a bare hour."""
    hour = here.take("hour", Clock)
    return replace(hour, minute=minute)


def before_hour(here: Here, minutes: int) -> Clock | None:
    """Minutes before a bare hour, in the half of the day that the hour itself would be in."""
    hour = here.take("hour", Clock)
    if hour.minute or not 0 < minutes < 60:
        return None
    if not hour.bare:
        return replace(hour, hour=(hour.hour - 1) % 24, minute=60 - minutes)
    if hour.hour == 12:
        return Clock(11, 60 - minutes)
    if hour.hour == 1:
        return Clock(12, 60 - minutes)
    if hour.hour <= 6:
        return Clock(hour.hour + 11, 60 - minutes)
    return (
        Clock(hour.hour - 1, 60 - minutes, bare=hour.hour == 7)
        if hour.hour != 8
        else Clock(7, 60 - minutes)
    )


def words_before_hour(here: Here) -> Clock | None:
    """Reads "twenty to five"; "five to seven" is a time only after "at", else a stretch."""
    minutes = here.number("minutes")
    is_led = here.before in ("at", "by", "until", "before", "it's", "is", "about")
    if minutes not in (5, 10, 20, 25) or (minutes < 20 and not is_led) or here.before == "from":
        return None
    return before_hour(here, minutes)


def half_hour(here: Here) -> Clock | None:
    """Reads "Half 3" is half past three; "half 3 hours" is not a time."""
    return (
        half_past(here, 30)
        if follows_well(here) and here.line.word(here.start - 1) not in ("and", "a", "one")
        else None
    )


def with_part(here: Here) -> Clock:
    """A time and its part of the day: "7 in the evening"."""
    clock = here.take("clock", Clock)
    return replace(clock, part=here.number("part"))


def with_zone(here: Here) -> Clock:
    """A time and its zone."""
    clock = here.take("clock", Clock)
    return replace(clock, zone=here.take("zone", str))


def timed_clock(here: Here) -> Clock:
    return here.take("clock", Clock)


def part_on(here: Here, days: int) -> DayPart | None:
    """A part of a day near today: "this morning", "last night"."""
    day = in_days(here, days)
    return DayPart(here.number("part"), day) if day else None


def part_in_week(here: Here) -> DayPart | None:
    """Reads "Wednesday evening next week"."""
    return DayPart(here.number("part"), weekday_in(here))


def next_part(here: Here) -> DayPart | None:
    """Reads "the next morning": that of the day after the one spoken of, else of tomorrow."""
    day = later(here.setting.anchor or here.setting.today, Length(days=1))
    return DayPart(here.number("part"), Day(day)) if day else None


def from_now_until(here: Here) -> Hours:
    """From now to a time of day."""
    now = here.setting.now
    return Hours(Clock(now.hour, now.minute, now.second), here.take("last", Clock))


def from_until(here: Here) -> Hours:
    """From one time to another; the one that is said fully explains the other."""
    return joined(here.take("first", Clock), here.take("last", Clock))


def joined(first: Clock, last: Clock) -> Hours:
    """Two times as a stretch, halves of the day worked out."""
    if (
        first.part
        and not last.part
        and last.bare
        and (last.hour, last.minute)
        > (
            first.hour,
            first.minute,
        )
    ):
        last = replace(last, part=first.part)
    if first.bare and not first.part:
        first = bare_before(first, last)
    if last.bare and not last.part:
        last = bare_after(first, last)
    if last.zone and not first.zone:
        first = replace(first, zone=last.zone)
    return Hours(first, last)


def bare_before(first: Clock, last: Clock) -> Clock:
    """Reads "9-5pm" begins in the morning, "3-8pm" in the afternoon, "9-11am" in the morning."""
    if last.part and not last.bare:
        return first
    if last.bare and not last.part:
        return first
    if last.bare:
        return replace(first, part=last.part)
    as_said = (first.hour, first.minute)
    if last.hour < 12:
        return replace(first, bare=as_said >= (last.hour, last.minute))
    afternoon = (first.hour % 12 + 12, first.minute)
    if afternoon < (last.hour, last.minute) and not 8 <= first.hour <= 11:
        return Clock(afternoon[0], first.minute)
    if afternoon < (last.hour, last.minute) and last.hour >= 20:
        return Clock(afternoon[0], first.minute)
    return replace(first, bare=first.hour == 12)


def bare_after(first: Clock, last: Clock) -> Clock:
    """The first such time after another: "9-5" ends at 17:00."""
    start = first.hour
    if first.bare and 1 <= first.hour <= 6:
        start += 12
    if first.part in (2, 3, 4) and start < 12:
        start += 12
    for hour in (last.hour % 12, last.hour % 12 + 12):
        if (hour, last.minute) > (start, first.minute):
            if first.bare and first.hour == 7:
                return replace(last, bare=True)
            return Clock(hour, last.minute, last.second)
    return Clock(last.hour % 12, last.minute, last.second)


CLOCK_CORES: tuple[Rule[Setting], ...] = (
    ("{time} o'clock|oclock?", lambda h: h.slots["time"]),
    ("12 noon|midday", lambda _: Clock(12)),
    ("12 midnight", lambda _: Clock(24)),
    ("noon|midday|noonish", lambda _: Clock(12)),
    ("midnight", lambda _: Clock(24)),
    ("mid night", lambda _: Clock(24)),
    ("half past {hour}", lambda h: half_past(h, 30)),
    ("half {hour}", half_hour),
    ("a? quarter past|after {hour}", lambda h: half_past(h, 15)),
    ("a? quarter to|till|before {hour}", lambda h: before_hour(h, 15)),
    (
        "{count} minutes|minute|mins|min? past {hour}",
        lambda h: half_past(h, h.number("count")) if h.number("count") < 60 else None,
    ),
    (
        "{count} minutes|minute|mins|min to|before {hour}",
        lambda h: before_hour(h, h.number("count")),
    ),
    ("{minutes:number} to {hour}", words_before_hour),
    ("{hour} o'clock|oclock", lambda h: h.slots["hour"]),
    ("{hour} o ' clock", lambda h: h.slots["hour"]),
)


CLOCKS: tuple[Rule[Setting], ...] = (
    ("{clock:core} sharp?", timed_clock),
    ("{clock:core} in the early|late? {part}", with_part),
    ("{clock:hour} in the early|late? {part}", with_part),
    ("{clock:core} this {part}", with_part),
    ("{clock:core} at {part}", lambda h: with_part(h) if h.number("part") == 4 else None),
    ("{clock:hour} at night", lambda h: replace(timed_clock(h), part=4)),
)


ZONED: tuple[Rule[Setting], ...] = (
    ("{clock}", timed_clock),
    ("{clock} {zone}", with_zone),
    ("{clock} ( {zone} )", with_zone),
)


BARE: tuple[Rule[Setting], ...] = (
    ("{hour}", lambda h: h.slots["hour"] if follows_well(h) else None),
)


ZONE_RULES: tuple[Rule[Setting], ...] = (
    ("{name:zonename}", lambda h: ZONES[h.line.word(h.start)]),
    ("{name:zonename} {offset}", lambda h: h.slots["offset"]),
    ("{offset}", lambda h: h.slots["offset"]),
    ("new? {city} time", lambda h: CITY_ZONES[h.line.word(h.end - 2)]),
)


HOURS_RULES: tuple[Rule[Setting], ...] = (
    (f"from|between? {{first:zoned}} {RANGE_WORDS} {{last:zoned}}", from_until),
    (f"from|between? {{first:hour}} {RANGE_WORDS} {{last:zoned}}", from_until),
    (f"from|between? {{first:zoned}} {RANGE_WORDS} {{last:bare}}", from_until),
    (f"from|between {{first:hour}} {RANGE_WORDS} {{last:bare}}", from_until),
    ("between now and {last:zoned}", from_now_until),
    ("from? now until|till|to {last:zoned}", from_now_until),
    ("between {first:zoned} and|& {last:zoned}", from_until),
    ("between {first:hour} and|& {last:zoned}", from_until),
    ("between {first:zoned} and|& {last:bare}", from_until),
    ("between {first:hour} and|& {last:bare}", from_until),
)


BARE_HOURS: tuple[Rule[Setting], ...] = (
    (f"{{first:hour}} {RANGE_WORDS} {{last:bare}}", from_until),
)


PARTS_OF_DAY: tuple[Rule[Setting], ...] = (
    ("{part:tonight}", lambda h: DayPart(h.number("part"), in_days(h, 0))),
    ("{weekday} {part} of|in|the? {week}", part_in_week),
    ("this|the {part}", lambda h: part_on(h, 0) if h.line.word(h.start) == "this" else None),
    ("early|earlier|late|later this {part}", lambda h: part_on(h, 0)),
    ("last night|evening", lambda h: DayPart(PARTS[h.line.word(h.end - 1)], in_days(h, -1))),
    ("the? next|following {part}", next_part),
    ("that|same {part}", lambda h: DayPart(h.number("part"), anchored(h)) if anchored(h) else None),
    ("early|late? in the early|late? {part}", lambda h: DayPart(h.number("part"))),
    ("during the {part}", lambda h: DayPart(h.number("part"))),
    ("at night|lunchtime", lambda h: DayPart(PARTS[h.line.word(h.end - 1)])),
    ("first thing", lambda _: DayPart(1)),
)


PART_WORDS: tuple[Rule[Setting], ...] = (
    ("early|late|mid? {part}", lambda h: DayPart(h.number("part"))),
)

PARTS_AFTER_DAY: tuple[Rule[Setting], ...] = (
    ("in|during the? early|late|mid? {part}", lambda h: DayPart(h.number("part"))),
    ("at night|lunchtime", lambda h: DayPart(PARTS[h.line.word(h.end - 1)])),
    ("first thing", lambda _: DayPart(1)),
)
