"""The words of dates and times in everyday English, as tables: add a line to teach one."""

from collections.abc import Mapping

from memory.wording.phrases import word_set

WEEKDAYS: Mapping[str, int] = {
    word: day
    for day, words in enumerate(
        (
            "monday mon",
            "tuesday tue tues",
            "wednesday wed weds wensday wednesdy",
            "thursday thu thur thurs thrusday thursdy",
            "friday fri fryday",
            "saturday sat satuday",
            "sunday sun",
        )
    )
    for word in words.split()
}
"""Monday is 0."""

WEEKDAYS_EACH: Mapping[str, int] = {
    "mondays": 0,
    "tuesdays": 1,
    "wednesdays": 2,
    "thursdays": 3,
    "fridays": 4,
    "saturdays": 5,
    "sundays": 6,
}
"""More than one of them: "on Fridays" is every Friday."""

MONTHS: Mapping[str, int] = {
    word: month
    for month, words in enumerate(
        (
            "january jan",
            "february feb febuary",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sep sept",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for word in words.split()
}

NUMBERS: Mapping[str, int] = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
}

TENS: Mapping[str, int] = {
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fourty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}

ORDINALS: Mapping[str, int] = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "tenth": 10,
    "eleventh": 11,
    "twelfth": 12,
    "thirteenth": 13,
    "fourteenth": 14,
    "fifteenth": 15,
    "sixteenth": 16,
    "seventeenth": 17,
    "eighteenth": 18,
    "nineteenth": 19,
    "twentieth": 20,
    "thirtieth": 30,
}

UNITS: Mapping[str, int] = {
    "second": 1,
    "seconds": 1,
    "sec": 1,
    "secs": 1,
    "s": 1,
    "minute": 2,
    "minutes": 2,
    "min": 2,
    "mins": 2,
    "hour": 3,
    "hours": 3,
    "hr": 3,
    "hrs": 3,
    "h": 3,
    "day": 4,
    "days": 4,
    "night": 4,
    "nights": 4,
    "week": 5,
    "weeks": 5,
    "wk": 5,
    "wks": 5,
    "fortnight": 6,
    "fortnights": 6,
    "month": 7,
    "months": 7,
    "mth": 7,
    "mths": 7,
    "quarter": 8,
    "quarters": 8,
    "year": 9,
    "years": 9,
    "yr": 9,
    "yrs": 9,
    "weekend": 10,
    "weekends": 10,
    "decade": 11,
    "decades": 11,
    "minute's": 2,
    "hour's": 3,
    "day's": 4,
    "week's": 5,
    "month's": 7,
    "year's": 9,
}
"""Which unit of time; the numbers are those of `when_days.Unit`."""

DAYWORDS: Mapping[str, int] = {
    "today": 0,
    "todays": 0,
    "today's": 0,
    "2day": 0,
    "tday": 0,
    "tomorrow": 1,
    "tomorrow's": 1,
    "tomorow": 1,
    "tommorow": 1,
    "tommorrow": 1,
    "tmrw": 1,
    "tmr": 1,
    "tmw": 1,
    "tomo": 1,
    "tomoz": 1,
    "2moro": 1,
    "2morrow": 1,
    "yesterday": -1,
    "yesterday's": -1,
    "yday": -1,
}
"""Days from today."""

PARTS: Mapping[str, int] = {
    "morning": 1,
    "mornings": 1,
    "afternoon": 2,
    "afternoons": 2,
    "evening": 3,
    "evenings": 3,
    "eve": 3,
    "night": 4,
    "nights": 4,
    "lunchtime": 5,
    "daytime": 6,
    "arvo": 2,
}
"""Which part of the day; the numbers are those of `PART_HOURS`."""

PART_HOURS: Mapping[int, tuple[int, int]] = {
    1: (8, 12),
    2: (12, 18),
    3: (18, 22),
    4: (20, 24),
    5: (12, 14),
    6: (8, 18),
}
"""From and until which hour a part of the day lasts."""

PART_NAMES: Mapping[int, str] = {
    1: "morning",
    2: "afternoon",
    3: "evening",
    4: "night",
    5: "lunchtime",
    6: "daytime",
}

TONIGHT: Mapping[str, int] = {"tonight": 4, "tonite": 4, "2nite": 4, "tnite": 4, "tonight's": 4}


ZONES: Mapping[str, str] = {
    "utc": "UTC",
    "gmt": "UTC",
    "z": "UTC",
    "wet": "Europe/Lisbon",
    "west": "Europe/Lisbon",
    "bst": "Europe/London",
    "cet": "Europe/Paris",
    "cest": "Europe/Paris",
    "eet": "Europe/Athens",
    "eest": "Europe/Athens",
    "msk": "Europe/Moscow",
    "et": "America/New_York",
    "est": "America/New_York",
    "edt": "America/New_York",
    "ct": "America/Chicago",
    "cst": "America/Chicago",
    "cdt": "America/Chicago",
    "mt": "America/Denver",
    "mst": "America/Denver",
    "mdt": "America/Denver",
    "pt": "America/Los_Angeles",
    "pst": "America/Los_Angeles",
    "pdt": "America/Los_Angeles",
    "jst": "Asia/Tokyo",
    "sgt": "Asia/Singapore",
    "hkt": "Asia/Hong_Kong",
    "aest": "Australia/Sydney",
    "aedt": "Australia/Sydney",
    "nzst": "Pacific/Auckland",
    "nzdt": "Pacific/Auckland",
    "sast": "Africa/Johannesburg",
}
"""Short names of time zones as people in them use them: their clock, summer time included."""

CITY_ZONES: Mapping[str, str] = {
    "london": "Europe/London",
    "uk": "Europe/London",
    "lisbon": "Europe/Lisbon",
    "dublin": "Europe/Dublin",
    "paris": "Europe/Paris",
    "madrid": "Europe/Madrid",
    "berlin": "Europe/Berlin",
    "german": "Europe/Berlin",
    "rome": "Europe/Rome",
    "amsterdam": "Europe/Amsterdam",
    "zurich": "Europe/Zurich",
    "vienna": "Europe/Vienna",
    "warsaw": "Europe/Warsaw",
    "stockholm": "Europe/Stockholm",
    "athens": "Europe/Athens",
    "istanbul": "Europe/Istanbul",
    "york": "America/New_York",
    "ny": "America/New_York",
    "boston": "America/New_York",
    "toronto": "America/Toronto",
    "eastern": "America/New_York",
    "chicago": "America/Chicago",
    "central": "America/Chicago",
    "denver": "America/Denver",
    "mountain": "America/Denver",
    "la": "America/Los_Angeles",
    "seattle": "America/Los_Angeles",
    "pacific": "America/Los_Angeles",
    "dubai": "Asia/Dubai",
    "mumbai": "Asia/Kolkata",
    "india": "Asia/Kolkata",
    "singapore": "Asia/Singapore",
    "beijing": "Asia/Shanghai",
    "tokyo": "Asia/Tokyo",
    "sydney": "Australia/Sydney",
    "auckland": "Pacific/Auckland",
}
"""The places of "3pm Berlin time"."""

FUNCTION_WORDS = word_set(
    "a an and or to at on in with for from by about so then but if is was are be will would "
    "can could should shall must i we you he she they it the our my his her their your this "
    "that pls please plz as because since until till before after when while whether which "
    "who sharp ish latest instead again too also thanks thx ok works suits he's she's i'm "
    "we're they're it's i'll we'll he'll she'll they'll not no just only cheers same vs via "
    "re regarding does do did has have had need needs via let lets let's remind tell ask send "
    "call make put move has i've we've she'd he'd how what where why"
)
"""Words that may follow a bare hour or "the 20th"; a noun there makes it something else."""

MAYBE_WEEKDAYS = frozenset({"sat", "sun"})
MAYBE_MONTHS = word_set("may march mar jan june april")
"""Words that are as likely something else: they need company to count as a month."""

HINTS: Mapping[str, int] = {
    "breakfast": 1,
    "sunrise": 1,
    "dinner": 3,
    "supper": 3,
    "drinks": 3,
    "cinema": 3,
    "theatre": 3,
    "concert": 3,
    "party": 3,
    "sunset": 3,
}
"""Words that tell whether a bare 7 is in the morning or in the evening, by the part of the day."""

WORDS_OF_MOVING = word_set(
    "move moved moves moving push pushed shift shifted reschedule rescheduled change changed "
    "postpone postponed delay delayed slip slipped slips bring swap"
)
"""After these, "from Monday to Thursday" is an old and a new day, not a stretch of days."""

MONTH_FIRST = word_set("en-US en-PH en-BZ en-FM en-GU en-PR en-VI")
"""Where 3/4 is the 4th of March."""
MIXED = frozenset({"en-CA"})
"""Where both orders are in use."""

WHICH: Mapping[str, int] = {
    "this": 0,
    "current": 0,
    "next": 1,
    "nxt": 1,
    "coming": 1,
    "following": 1,
    "upcoming": 1,
    "last": -1,
    "previous": -1,
    "past": -1,
    "prior": -1,
}
