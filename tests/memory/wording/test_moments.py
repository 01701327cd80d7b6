from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from memory.wording import moments
from memory.wording.moments import MORNING, NIGHT
from memory.wording.values import Clock, Length

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("clock", "part", "meant"),
    [
        (Clock(3, bare=True), 0, ((0, 15),)),
        (Clock(8, bare=True), 0, ((0, 8),)),
        (Clock(7, bare=True), 0, ((0, 7), (0, 19))),
        (Clock(7, bare=True), MORNING, ((0, 7),)),
        (Clock(12, bare=True), 0, ((0, 12),)),
        (Clock(12, bare=True), NIGHT, ((1, 0),)),
        (Clock(2, bare=True), NIGHT, ((1, 2),)),
        (Clock(2), NIGHT, ((1, 2),)),
        (Clock(15), 0, ((0, 15),)),
    ],
)
def test_what_a_bare_hour_means(clock: Clock, part: int, meant: tuple[tuple[int, int], ...]):
    assert moments.hours_of(clock, part) == meant


def test_hours_pass_through_the_change_of_the_clocks():
    evening = datetime(2026, 3, 28, 22, 0, tzinfo=BERLIN)

    later = moments.elapsed(evening, Length(seconds=6 * 3600))

    assert later is not None
    assert later.astimezone(UTC) - evening.astimezone(UTC) == timedelta(hours=6)
    assert later.hour == 5


def test_days_keep_the_hour_through_the_change_of_the_clocks():
    later = moments.elapsed(datetime(2026, 3, 28, 9, 0, tzinfo=BERLIN), Length(days=1))

    assert later == datetime(2026, 3, 29, 9, 0, tzinfo=BERLIN)


def test_an_hour_that_is_skipped_in_spring_moves_on():
    missing = datetime(2026, 3, 29, 2, 30, tzinfo=BERLIN)

    assert moments.settled(missing).hour == 3


def test_beyond_the_calendar_no_time_passes():
    assert moments.elapsed(datetime(2026, 1, 1, tzinfo=BERLIN), Length(months=120_000)) is None
    assert moments.elapsed(datetime(2026, 1, 1, tzinfo=BERLIN), Length(seconds=10**12)) is None


def test_an_offset_is_a_zone():
    assert moments.zone_of("-05:30").utcoffset(None) == -timedelta(hours=5, minutes=30)
    assert moments.zone_of("Asia/Tokyo") == ZoneInfo("Asia/Tokyo")
