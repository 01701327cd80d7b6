"""Stamps: the moment a header line names, in the language of the program that wrote it."""

import re
from datetime import UTC, datetime, timedelta, timezone

_LONGEST = 200
_MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar jän jänner janv janvier janeiro ene enero",
            "feb february februar févr fév février fev fevereiro febrero",
            "mar march mär märz mrz mars março marzo",
            "apr april avr avril abr abril",
            "may mai maio mayo",
            "jun june juni juin junho junio",
            "jul july juli juil juillet julho julio",
            "aug august août aout ago agosto",
            "sep sept september septembre set setembro septiembre",
            "oct october okt oktober octobre out outubro octubre",
            "nov november novembre novembro noviembre",
            "dec december dez dezember déc décembre dezembro dic diciembre",
        ),
        start=1,
    )
    for name in names.split()
}
_ZONE_HOURS: dict[str, int] = {
    zone: hours
    for hours, zones in (
        (0, "utc gmt z wet"),
        (1, "west bst cet mez hnec"),
        (2, "cest mesz haec eet"),
        (3, "eest"),
        (10, "aest"),
        (11, "aedt"),
        (-3, "brt"),
        (-4, "edt"),
        (-5, "est cdt"),
        (-6, "cst mdt"),
        (-7, "mst pdt"),
        (-8, "pst"),
    )
    for zone in zones.split()
}
"""Hours east of Greenwich. IST means three zones and is left out."""
_CLOCK = re.compile(
    r"(?<!\d)(\d{1,2})(?:[:h](\d{2})(?::(\d{2}))?|(?=\s?[ap]\.?m))\s?([ap]\.?m\b)?(?!\d)", re.I
)
_OFFSET = re.compile(r"(?:utc|gmt)?\s?([+\u2212-])(\d{1,2}):?(\d{2})?(?!\d)", re.I)
_NUMERIC = re.compile(r"(?<!\d)(\d{1,4})([./-])(\d{1,2})\2(\d{2,4})(?!\d)")
_WORD = re.compile(r"[^\W\d_]+|\d+")


def moment(written: str, *, language: str = "") -> datetime | None:
    """The moment that a header line names, or None if it cannot be read without guessing.

    Aware when the line says a zone, else the wall clock as written; midnight when it has no time.

    Args:
        language: "en" reads 10/23/2026 and, with am or pm, 3/4/2026 month first.
    """
    written = written[:_LONGEST].strip().casefold()
    clock = _CLOCK.search(written)
    rest = written if clock is None else written[: clock.start()] + " " + written[clock.end() :]
    day = _day(rest, month_first=language == "en" and clock is not None and bool(clock.group(4)))
    if day is None:
        return None
    hour, minute, second = _time(clock)
    try:
        stamp = datetime(*day, hour, minute, second)  # noqa: DTZ001  # wall clock as written
    except ValueError:
        return None
    zone = _zone(written[clock.end() :] if clock else "")
    return stamp.replace(tzinfo=zone) if zone else stamp


def _time(clock: re.Match[str] | None) -> tuple[int, int, int]:
    if clock is None:
        return 0, 0, 0
    hour, minute, second = (int(clock.group(number) or 0) for number in (1, 2, 3))
    half = (clock.group(4) or "")[:1]
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return hour, minute, second


def _day(written: str, *, month_first: bool) -> tuple[int, int, int] | None:
    """Year, month and day."""
    numeric = _NUMERIC.search(written)
    if numeric:
        first, middle, last = int(numeric[1]), int(numeric[3]), int(numeric[4])
        if first > 31:
            return first, middle, last
        year = last if last > 99 else 2000 + last
        is_american = numeric[2] == "/" and (middle > 12 or month_first)
        return (year, first, middle) if is_american and first <= 12 else (year, middle, first)
    words = _WORD.findall(written)
    months = [_MONTHS[word] for word in words if word in _MONTHS]
    numbers = [int(word) for word in words if word.isdecimal() and len(word) <= 4]
    years = [number for number in numbers if number > 1900]
    days = [number for number in numbers if 1 <= number <= 31]
    if not (months and years and days):
        return None
    # "mar" is March in most languages and Tuesday in French, Spanish and Italian: the weekday
    # stands first, so the last name of a month is the month.
    return years[0], months[-1], days[0]


def _zone(written: str) -> timezone | None:
    offset = _OFFSET.search(written)
    if offset:
        hours, minutes = int(offset[2]), int(offset[3] or 0)
        east = timedelta(hours=hours, minutes=minutes) * (1 if offset[1] == "+" else -1)
        return timezone(east) if abs(east) < timedelta(hours=15) else None
    for word in _WORD.findall(written):
        if word in _ZONE_HOURS:
            hours_east = _ZONE_HOURS[word]
            return timezone(timedelta(hours=hours_east)) if hours_east else UTC
    return None
