"""Stamps: the date line of a header block, in every language we read."""

from datetime import UTC, date, datetime, timedelta

import pytest
from babel.dates import format_datetime
from hypothesis import given
from hypothesis import strategies as st

from agents.readers import stamps


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("Mon, 13 Apr 2026 at 18:42", "2026-04-13T18:42"),
        ("Mon, Apr 13, 2026 at 6:42\u202fPM", "2026-04-13T18:42"),
        ("Friday, October 23, 2026 12:05 AM", "2026-10-23T00:05"),
        ("Friday, 23 March 2012 5:08 p.m.", "2012-03-23T17:08"),
        ("Di., 5. Mai 2026, 16:20", "2026-05-05T16:20"),
        ("mar. 10 mars 2026 à 09:44", "2026-03-10T09:44"),
        ("mar, 14 abr 2026 a las 9:44", "2026-04-14T09:44"),
        ("terça, 19/05/2026 à(s) 18:07", "2026-05-19T18:07"),
        ("10/23/2026 4:18 PM", "2026-10-23T16:18"),
        ("13.04.2026 18:42", "2026-04-13T18:42"),
        ("2026-04-13 18:42", "2026-04-13T18:42"),
        ("9 septembre 2026 à 17h36", "2026-09-09T17:36"),
        ("9 March 2026", "2026-03-09T00:00"),
        ("9 septembre 2026 à 17:36:20 UTC+2", "2026-09-09T17:36:20+02:00"),
        ("23 June 2026 at 11:05:19 BST", "2026-06-23T11:05:19+01:00"),
        ("Thu, 12 Nov 2026 09:03:41 -0530", "2026-11-12T09:03:41-05:30"),
        ("11. November 2026 um 09:03:41 MEZ", "2026-11-11T09:03:41+01:00"),
        ("11 November 2026 at 09:03:41 GMT", "2026-11-11T09:03:41+00:00"),
        ("11 November 2026 at 09:03:41 IST", "2026-11-11T09:03:41"),
    ],
)
def test_a_moment_is_read_as_written(written: str, iso: str):
    assert stamps.moment(written) == datetime.fromisoformat(iso)


@pytest.mark.parametrize("written", ["", "yesterday", "31 February 2026", "March 2026", "25:61"])
def test_what_names_no_moment_is_none(written: str):
    assert stamps.moment(written) is None


def test_an_english_date_with_am_or_pm_has_the_month_first():
    american = stamps.moment("3/4/2026 4:18 PM", language="en")

    assert american == datetime.fromisoformat("2026-03-04T16:18")
    assert stamps.moment("3/4/2026 16:18") == datetime.fromisoformat("2026-04-03T16:18")


@given(
    day=st.dates(date(2024, 1, 1), date(2030, 12, 31)),
    pattern=st.sampled_from(
        ["EEEE, d. MMMM y HH:mm", "EEE d MMM y HH:mm", "EEE, d 'de' MMM y H:mm"]
    ),
    locale=st.sampled_from(["en", "de", "fr", "pt", "es"]),
)
def test_every_day_of_every_language_is_read(day: date, pattern: str, locale: str):
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=17, minutes=5)

    written = format_datetime(moment, pattern, locale=locale)

    assert stamps.moment(written) == moment.replace(tzinfo=None)


@given(st.text(max_size=60))
def test_any_line_gives_a_moment_or_none(written: str):
    assert stamps.moment(written) is None or written
