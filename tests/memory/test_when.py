from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory import when
from memory.wording import date_words
from memory.wording.phrases import word_set
from tests.doubles.linear import grows_too_fast
from tests.memory.wording.said import NOW, all_of, day, one, time

ZONES = (
    "Europe/Lisbon",
    "America/New_York",
    "America/Sao_Paulo",
    "Asia/Tokyo",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Pacific/Apia",
    "Africa/Johannesburg",
)
LOCALES = ("en-GB", "en-US", "en-CA", "de-CH", "nonsense")
PHRASES = (
    "by Friday",
    "tomorrow 9:00",
    "in 6 hours",
    "the 31st",
    "29 Feb",
    "next week",
    "every second Tuesday at 9",
    "from 10pm to 2am",
    "04/05",
    "at 7",
    "since January",
    "3pm Berlin time",
    "last day of next month",
    "in 900000 months",
    "31/12/9999",
    "5 days before 1/1/1900",
)
WORDS = st.sampled_from(
    sorted(
        {
            *date_words.WHICH,
            *date_words.UNITS,
            *date_words.PARTS,
            *date_words.ORDINALS,
            *date_words.DAYWORDS,
            *date_words.NUMBERS,
            *date_words.ZONES,
        }
        | word_set(
            "next last this the friday sat may march 3 20th 7 9am 15:00 13/3 2026 in on "
            "by at from to - and every second two week month of end , before half past "
            "until am EUR 1,200 q2 . : / ' h + 0000 tonight morning tomorrow noon ago "
            "since days hours min quarter easter christmas"
        )
    )
)


@pytest.mark.parametrize("zone", ZONES)
def test_every_owner_gets_the_time_on_the_wall(zone: str):
    now = datetime(2026, 5, 12, 8, 30, tzinfo=ZoneInfo(zone))

    found = one("tomorrow 9:00", now=now)

    assert found.start == datetime(2026, 5, 13, 9, 0, tzinfo=ZoneInfo(zone))
    assert found.start.tzinfo == now.tzinfo


@pytest.mark.parametrize(
    ("zone", "evening"),
    [
        ("Europe/Lisbon", datetime(2026, 3, 28, 22, 0)),  # noqa: DTZ001 the zone follows
        ("Europe/Lisbon", datetime(2026, 10, 24, 22, 0)),  # noqa: DTZ001
        ("America/New_York", datetime(2026, 3, 7, 22, 0)),  # noqa: DTZ001
        ("Australia/Lord_Howe", datetime(2026, 4, 4, 22, 0)),  # noqa: DTZ001
    ],
)
def test_in_six_hours_is_six_hours_also_when_the_clocks_change(zone: str, evening: datetime):
    now = evening.replace(tzinfo=ZoneInfo(zone))

    found = one("in 6 hours", now=now)

    assert found.start.astimezone(UTC) - now.astimezone(UTC) == timedelta(hours=6)


@pytest.mark.parametrize("day_before", [datetime(2026, 3, 28, 9), datetime(2026, 10, 24, 9)])  # noqa: DTZ001 the zone follows
def test_tomorrow_at_nine_is_nine_also_when_the_clocks_change(day_before: datetime):
    now = day_before.replace(tzinfo=ZoneInfo("Europe/Lisbon"))

    assert time("tomorrow 9:00", now=now).endswith("T09:00")
    assert time("in 24 hours", now=now).endswith(("T10:00", "T08:00"))


def test_a_day_without_a_midnight_begins_when_it_begins():
    now = datetime(2018, 11, 3, 9, 0, tzinfo=ZoneInfo("America/Sao_Paulo"))

    assert one("tomorrow", now=now).start.hour == 1


def test_the_second_of_two_equal_hours_is_kept_apart():
    now = datetime(2026, 10, 25, 0, 30, tzinfo=ZoneInfo("Europe/Lisbon"))

    assert one("in 2 hours", now=now).start.fold == 1


@pytest.mark.parametrize(
    "text",
    [
        "1,200 EUR",
        "INV-014",
        "may be later",
        "a second look",
        "page 4",
        "+351 210 000 010",
        "0491 570 156",
        "march on",
        "version 2.5.1",
        "85 an hour",
        "24/7",
        "one day",
        "these days",
        "at 85 an hour",
        "2026",
        "10%",
        "3 to 5 pages",
        "",
        " ",
        "🎉🎉🎉",
    ],
)
def test_what_is_no_date_stays_none(text: str):
    assert all_of(text) == ()
    assert when.first(text, now=NOW) is None


def test_all_dates_of_a_message_come_in_order_with_their_words():
    text = "Notes: shop migrated by 20 March. Plan tomorrow, access by Thursday, ring Friday 4pm."

    found = all_of(text)

    assert [(each.text, f"{each.start:%m-%d %H:%M}") for each in found] == [
        ("by 20 March", "03-20 00:00"),
        ("tomorrow", "03-11 00:00"),
        ("by Thursday", "03-12 00:00"),
        ("Friday 4pm", "03-13 16:00"),
    ]
    assert [each.has_time for each in found] == [False, False, False, True]


def test_the_first_date_is_the_one_that_comes_first():
    found = when.first("Friday or Monday", now=NOW)

    assert found is not None
    assert found.day == date(2026, 3, 13)


def test_the_last_day_of_a_stretch_belongs_to_it():
    found = one("this weekend")

    assert (found.day, found.last_day) == (date(2026, 3, 14), date(2026, 3, 15))
    assert one("by Friday").last_day == date(2026, 3, 13)


def test_americans_read_the_month_first():
    assert day("3/4", locale="en-US") == "2027-03-04"
    assert day("3/4") == "2026-04-03"


@given(text=st.text(max_size=80))
def test_any_text_can_be_read(text: str):
    for found in all_of(text):
        assert text[found.span[0] : found.span[1]] == found.text
        assert 0 <= found.span[0] < found.span[1] <= len(text)


@given(
    words=st.lists(WORDS, max_size=12),
    zone=st.sampled_from(ZONES),
    locale=st.sampled_from(LOCALES),
    moment=st.datetimes(datetime(1971, 1, 1), datetime(2199, 1, 1)),  # noqa: DTZ001 the zone follows
    past=st.booleans(),
)
def test_any_heap_of_date_words_can_be_read(
    words: list[str], zone: str, locale: str, moment: datetime, past: bool
):
    text = " ".join(words)
    now = moment.replace(tzinfo=ZoneInfo(zone))
    end = 0

    for found in all_of(text, now=now, locale=locale, past=past):
        assert text[found.span[0] : found.span[1]] == found.text
        assert found.span[0] >= end
        assert found.start.tzinfo == now.tzinfo
        assert found.end is None or found.end > found.start
        assert not found.choices or len(found.choices) > 1
        end = found.span[1]


@given(
    phrase=st.sampled_from(PHRASES),
    zone=st.sampled_from(ZONES),
    moment=st.datetimes(datetime(1971, 1, 1), datetime(2199, 1, 1)),  # noqa: DTZ001 the zone follows
)
def test_the_words_that_were_found_mean_the_same_by_themselves(
    phrase: str, zone: str, moment: datetime
):
    now = moment.replace(tzinfo=ZoneInfo(zone))

    for found in all_of(f"so: {phrase}.", now=now):
        (again,) = all_of(found.text, now=now)
        assert (again.start, again.end) == (found.start, found.end)


@pytest.mark.parametrize("piece", ["3 ", "twenty ", "from 3 to ", "1/"])
def test_a_page_of_digits_takes_no_longer_than_other_pages(piece: str):
    assert not grows_too_fast(lambda size: all_of((piece * size)[:size]), 8000)


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (NOW, "today 9:00"),
        (NOW.replace(day=11, hour=15), "tomorrow 15:00"),
        (NOW.replace(day=9, hour=7, minute=5), "yesterday 7:05"),
        (NOW.replace(day=13, hour=16), "Friday 13 March 16:00"),
        (date(2026, 3, 10), "today"),
        (date(2026, 3, 13), "Friday 13 March"),
        (date(2026, 3, 24), "Tuesday 24 March"),
        (date(2026, 3, 2), "Monday 2 March"),
        (date(2026, 4, 3), "3 April"),
        (date(2027, 3, 13), "13 March 2027"),
        (datetime(2026, 3, 11, 15, 0, tzinfo=ZoneInfo("Europe/Berlin")), "tomorrow 14:00"),
    ],
)
def test_a_day_is_said_as_short_as_it_is_clear(moment: date, said: str):
    assert when.say(moment, now=NOW) == said


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (NOW.replace(day=11, hour=15), "tomorrow 3:00 pm"),
        (NOW.replace(hour=0), "today 12:00 am"),
        (date(2026, 3, 13), "Friday, March 13"),
        (date(2026, 4, 3), "April 3"),
        (date(2027, 3, 13), "March 13, 2027"),
    ],
)
def test_an_american_is_told_in_american(moment: date, said: str):
    assert when.say(moment, now=NOW, locale="en-US") == said


@given(
    day_said=st.dates(date(2020, 1, 1), date(2035, 1, 1)),
    locale=st.sampled_from(["en-GB", "en-US"]),
)
def test_what_steward_writes_it_can_read(day_said: date, locale: str):
    text = when.say(day_said, now=NOW, locale=locale)

    past = day_said < NOW.date()
    assert one(text, locale=locale, past=past).day == day_said


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(seconds=60), "60 s"),
        (timedelta(seconds=90), "90 s"),
        (timedelta(minutes=2), "2 min"),
        (timedelta(seconds=150), "2 min 30 s"),
        (timedelta(minutes=12, milliseconds=4), "12 min"),
        (timedelta(hours=2, milliseconds=-4), "2 h"),
        (timedelta(hours=2, minutes=30, seconds=59), "2 h 30 min"),
        (timedelta(hours=47), "1 day 23 h"),
        (timedelta(days=31, minutes=59), "31 days"),
    ],
)
def test_a_length_of_time_is_said_as_people_say_it(length: timedelta, said: str):
    assert when.say_length(length) == said


@given(minutes=st.integers(2, 60 * 24 * 60))
def test_a_promised_length_is_never_said_longer_than_it_is(minutes: int):
    length = timedelta(minutes=minutes)

    found = sum((one.length for one in when.lengths(when.say_length(length))), timedelta(0))

    assert length - timedelta(hours=1) < found <= length
