"""Tables: a moment sorts as text and comes back as it was."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from memory.tables import Instant, instant_text

DIALECT = sqlite.dialect()
DAY_ONE = datetime(2, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 3_600_000 * 86_400_000).map(lambda n: DAY_ONE + timedelta(milliseconds=n))


def test_a_moment_is_kept_in_utc():
    moment = datetime(2026, 3, 10, 9, 0, tzinfo=timezone(timedelta(hours=2)))

    assert instant_text(moment) == "2026-03-10T07:00:00.000000Z"


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        instant_text(datetime.fromisoformat("2026-03-10"))


@given(MOMENTS, MOMENTS)
def test_texts_sort_as_moments_do_and_come_back(one: datetime, other: datetime):
    instant = Instant()

    assert (instant_text(one) < instant_text(other)) == (one < other)
    assert instant.process_result_value(instant.process_bind_param(one, DIALECT), DIALECT) == one


def test_no_moment_stays_none():
    assert Instant().process_bind_param(None, DIALECT) is None
    assert Instant().process_result_value(None, DIALECT) is None
