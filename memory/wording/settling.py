"""Works out what the pieces of a date mean in the owner's zone."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from memory.wording.calendar import days_of, later
from memory.wording.moments import at_clock, elapsed, part_hours, settled
from memory.wording.pieces import Draft
from memory.wording.values import Day, Length, Moment, Period, Repeat, Setting

MIDNIGHT = time()


@dataclass(frozen=True, slots=True)
class Settled:
    """A date, worked out; the fields are those of `memory.when.When`."""

    start: datetime
    end: datetime | None = None
    has_time: bool = False
    repeats: str | None = None
    duration: timedelta | None = None
    choices: tuple[datetime, ...] = ()


def settle(draft: Draft, setting: Setting) -> Settled | None:
    """Work out what a draft means in the owner's zone; None beyond the calendar."""
    for piece in draft.pieces:
        if isinstance(piece, Moment):
            return Settled(
                piece.start, piece.end, has_time=True, duration=lasting(piece.start, piece.end)
            )
        if isinstance(piece, Period):
            return settle_period(piece, draft, setting)
        if isinstance(piece, Repeat):
            return settle_repeat(piece, draft, setting)
    if draft.day is None:
        return settle_clock(draft, setting)
    return settle_day(draft, draft.day, setting)


def midnight(day: date, setting: Setting) -> datetime:
    """The beginning of a day in the owner's zone."""
    return settled(datetime.combine(day, MIDNIGHT, tzinfo=setting.now.tzinfo))


def lasting(start: datetime, end: datetime | None) -> timedelta | None:
    """The time that passes between two moments."""
    return end.astimezone(UTC) - start.astimezone(UTC) if end else None


def settle_period(period: Period, draft: Draft, setting: Setting) -> Settled | None:
    """A period, or the day that "before", "after", "from" and "since" make of it."""
    if draft.lead == "before":
        return Settled(midnight(period.start - timedelta(days=1), setting))
    if draft.lead == "after":
        return Settled(midnight(period.end, setting))
    if draft.lead == "from":
        return Settled(midnight(period.start, setting))
    end = period.end
    if draft.lead == "since" and period.start <= setting.today:
        end = setting.today + timedelta(days=1)
    return Settled(midnight(period.start, setting), midnight(end, setting))


def settle_repeat(repeat: Repeat, draft: Draft, setting: Setting) -> Settled | None:
    """The first time of a recurrence from now on."""
    if repeat.hours:
        step = Length(seconds=3600 * repeat.hours if repeat.hours > 0 else -60 * repeat.hours)
        start = elapsed(setting.now, step)
        return Settled(start, has_time=True, repeats=repeat.rule) if start else None
    clock = draft.clock or (draft.hours.start if draft.hours else None)
    since = later(setting.today, repeat.first) if repeat.first else setting.today
    for day in days_of(repeat, since) if since else ():
        if clock is None:
            if day > setting.today:
                return Settled(midnight(day, setting), repeats=repeat.rule)
            continue
        moments = at_clock(day, clock, draft.part, setting)
        if moments and moments[0] > setting.now:
            return replace(timed(moments, draft, setting), repeats=repeat.rule)
    return None


def settle_day(draft: Draft, day: Day, setting: Setting) -> Settled | None:
    """A day, with whatever was said of its time."""
    clock = draft.clock or (draft.hours.start if draft.hours else None)
    days = day.others or (day.on,)
    if clock is None:
        if draft.lead == "before":
            moved = [later(each, Length(days=-1)) for each in days]
            days = tuple(each for each in moved if each)
            if not days:
                return None
        starts = tuple(midnight(each, setting) for each in days)
        start = starts[-1] if day.others and day.on == day.others[-1] else starts[0]
        end = None
        if draft.lead == "since" and start.date() <= setting.today:
            end = midnight(setting.today + timedelta(days=1), setting)
        length = draft.length.as_timedelta() if draft.length else None
        return Settled(
            start, end, duration=length, choices=tuple(sorted(starts)) if len(starts) > 1 else ()
        )
    moments = [each for one in days for each in at_clock(one, clock, draft.part, setting)]
    if clock.bare and not setting.past and days == (setting.today,):
        moments = [still_ahead(moment, setting) for moment in moments]
        moments = [moment for moment in moments if moment > setting.now] or moments
    return timed(tuple(moments), draft, setting) if moments else None


def still_ahead(moment: datetime, setting: Setting) -> datetime:
    """Said at nine, "today at 8" is in the evening."""
    in_the_evening = moment.replace(hour=moment.hour + 12) if moment.hour < 12 else moment
    return in_the_evening if moment <= setting.now < in_the_evening else moment


def settle_clock(draft: Draft, setting: Setting) -> Settled | None:
    """A time without a day: the next such time, or the last one when the past is meant."""
    clock = draft.clock or (draft.hours.start if draft.hours else None)
    if clock is None:
        return settle_part(draft.part, setting) if draft.part else None
    found: set[datetime] = set()
    for index in range(len(at_clock(setting.today, clock, draft.part, setting))):
        for shift in (0, -1) if setting.past else (0, 1, 2):
            day = later(setting.today, Length(days=shift))
            moments = at_clock(day, clock, draft.part, setting) if day else ()
            if not moments:
                continue
            moment = moments[index]
            if moment <= setting.now if setting.past else moment > setting.now:
                found.add(moment)
                break
    moments = tuple(sorted(found, reverse=setting.past))
    return timed(moments, draft, setting) if moments else None


def settle_part(part: int, setting: Setting) -> Settled | None:
    """A part of the day without a day: the next one that has not begun."""
    begun = setting.now.hour >= part_hours(part)[0]
    shift = (0 if begun else -1) if setting.past else (1 if begun else 0)
    day = later(setting.today, Length(days=shift))
    return Settled(midnight(day, setting)) if day else None


def timed(moments: tuple[datetime, ...], draft: Draft, setting: Setting) -> Settled:
    """A time with its end and length."""
    start = moments[0]
    if draft.day and draft.day.others and draft.day.on == draft.day.others[-1]:
        start = moments[-1]
    end: datetime | None = None
    if draft.until:
        last = settle(draft.until, setting)
        end = last.start if last and last.start > start else None
    elif draft.hours:
        end = end_of(start, draft, setting)
    elif draft.length:
        end = elapsed(start, draft.length)
    return Settled(
        start,
        end,
        has_time=True,
        duration=lasting(start, end),
        choices=tuple(sorted(moments)) if len(moments) > 1 else (),
    )


def end_of(start: datetime, draft: Draft, setting: Setting) -> datetime | None:
    """The first time behind the start that the end of "from 3 to 5" can mean."""
    if draft.hours is None:
        return None
    for shift in (0, 1):
        day = later(start.date(), Length(days=shift))
        ends = at_clock(day, draft.hours.end, draft.part, setting) if day else ()
        for end in ends:
            if end > start:
                return end
    return None
