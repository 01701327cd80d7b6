"""Clock: the present moment, in UTC, moved by the company's offset."""

from datetime import UTC, datetime, timedelta

from memory.clock import WallClock, monotonic_s, since_boot_s


def test_the_moment_is_the_machines_in_utc():
    before = datetime.now(UTC)
    now = WallClock().now()

    assert before <= now <= datetime.now(UTC)
    assert now.utcoffset() == timedelta(0)


def test_an_offset_moves_the_moment():
    clock = WallClock()
    clock.offset = timedelta(days=30)

    assert timedelta(days=29) < clock.now() - datetime.now(UTC) < timedelta(days=31)


def test_a_length_of_time_never_shrinks():
    first = monotonic_s()

    assert monotonic_s() >= first


def test_the_time_since_the_start_of_the_computer_counts_its_sleep_too():
    awake = monotonic_s()
    first = since_boot_s()

    assert awake <= first <= since_boot_s()
