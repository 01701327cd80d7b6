from datetime import timedelta

from memory.wording.values import Length


def test_lengths_add_up_and_turn_around():
    assert Length(days=1) + Length(months=1, seconds=60) == Length(1, 1, 60)
    assert -Length(1, 1, 60) == Length(-1, -1, -60)


def test_a_month_counts_30_days_and_a_year_365_where_no_calendar_is_at_hand():
    assert Length(months=14, days=1).as_timedelta() == timedelta(days=365 + 60 + 1)
