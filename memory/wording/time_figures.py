"""Times of day in figures: 9am, 15:30, 0930, a bare 3, an offset from UTC."""

from memory.wording.counts import AFTERNOON_MARKS, MORNING_MARKS, Ends, Text, spelled, two_digits
from memory.wording.date_words import NUMBERS
from memory.wording.phrases import word_set
from memory.wording.values import Clock

MILITARY_LEADS = word_set("at by from until till before after between to and - –")
"""Words after which 0930 is a time."""


def read_time(line: Text, at: int) -> Ends:
    """A time of day in digits that can be nothing else: "9am", "15:30", "8.30 pm", "15h30"."""
    hour = line.number(at)
    if hour is None or len(line.word(at)) > 4:
        return
    if len(line.word(at)) > 2:
        yield from _military(line, at)
        return
    if hour > 24:
        return
    minute = second = 0
    end = at + 1
    mark = line.word(end)
    has_minutes = False
    if mark in (":", ".", "h") and line.glued(end) and two_digits(line, end + 1):
        minute = line.number(end + 1) or 0
        has_minutes = True
        end += 2
        if mark == ":" and line.word(end) == ":" and two_digits(line, end + 1):
            second = line.number(end + 1) or 0
            end += 2
    if minute > 59 or second > 59:
        return
    is_led = has_minutes or line.word(at - 1) in ("at", "@")
    half, after = _half_of_day(line, end, is_led=is_led)
    if half is not None:
        if 1 <= hour <= 12:
            yield after, Clock(hour % 12 + half, minute, second)
        elif hour < 24:
            yield after, Clock(hour, minute, second)
        return
    if not has_minutes or mark == ".":
        return
    if mark == "h" and hour < 7:
        return
    is_bare = len(line.word(at)) == 1 or 10 <= hour <= 12
    if hour < 24 or minute == 0:
        yield end, Clock(hour, minute, second, bare=is_bare and 1 <= hour <= 12)


def _half_of_day(line: Text, at: int, *, is_led: bool) -> tuple[int | None, int]:
    word = line.word(at)
    if word in MORNING_MARKS:
        return 0, at + 1
    if word in AFTERNOON_MARKS:
        return 12, at + 1
    if is_led and line.glued(at) and word in ("a", "p"):
        return (0 if word == "a" else 12), at + 1
    return None, at


def _military(line: Text, at: int) -> Ends:
    digits = line.word(at)
    hour, minute = int(digits[:-2]), int(digits[-2:])
    if hour > 23 or minute > 59:
        return
    if line.glued(at) and not line.glued(at - 1):
        # The -0500 of a mail header is an offset.
        return
    half, end = _half_of_day(line, at + 1, is_led=False)
    if half is not None and 1 <= hour <= 12:
        yield end, Clock(hour % 12 + half, minute)
    elif len(digits) == 4 and line.word(at + 1) in ("hrs", "hours"):
        yield at + 2, Clock(hour, minute)
    elif digits.startswith("0") and line.word(at - 1) in MILITARY_LEADS:
        yield at + 1, Clock(hour, minute)


def read_hour(line: Text, at: int) -> Ends:
    """A bare hour: "3", "three", "7.45", "nine thirty". Something around it must say it is one."""
    number = line.number(at)
    if number is not None:
        if len(line.word(at)) > 2 or number > 24:
            return
        after = line.word(at + 1)
        if after in (".", ":") and line.glued(at + 1) and two_digits(line, at + 2):
            minute = line.number(at + 2) or 0
            if after == "." and minute < 60 and 1 <= number <= 23:
                yield at + 3, Clock(number, minute, bare=number <= 12)
        elif after == "h" and line.glued(at + 1) and 7 <= number <= 23:
            yield at + 2, Clock(number)
        elif 1 <= number <= 12:
            is_about = after == "ish" and line.glued(at + 1)
            yield at + 1 + is_about, Clock(number, bare=True)
        return
    hour = NUMBERS.get(line.word(at), 0)
    if 1 <= hour <= 12:
        yield at + 1, Clock(hour, bare=True)
        for end, minute in spelled(line, at + 1 + (line.word(at + 1) == "-")):
            if 10 <= minute < 60:
                yield end, Clock(hour, minute, bare=True)


def read_offset(line: Text, at: int) -> Ends:
    """An offset from UTC: "+0000", "-05:00", "+2"."""
    sign, digits = line.word(at), line.word(at + 1)
    if sign not in ("+", "-", "−") or line.number(at + 1) is None or not line.glued(at + 1):
        return
    sign = "+" if sign == "+" else "-"
    if len(digits) == 4:
        hours, minutes, end = digits[:2], digits[2:], at + 2
    elif line.word(at + 2) == ":" and two_digits(line, at + 3):
        hours, minutes, end = digits, line.word(at + 3), at + 4
    elif line.word(at - 1) in ("utc", "gmt") and line.glued(at):
        hours, minutes, end = digits, "0", at + 2
    else:
        return
    if len(hours) <= 2 and int(hours) <= 14 and int(minutes) < 60:
        yield end, f"{sign}{int(hours):02}:{int(minutes):02}"
