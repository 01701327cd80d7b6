"""What time it is. Nothing else in the product asks the machine."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """A source of the present moment."""

    def now(self) -> datetime:
        """The moment, aware, in UTC."""
        ...


class WallClock:
    """The machine's clock, moved by an offset that every process reads from the store.

    The offset is zero except in a sample folder, where `steward clock` moves it.
    """

    def __init__(self) -> None:
        self.offset = timedelta(0)

    def now(self) -> datetime:
        """The moment, aware, in UTC."""
        return datetime.now(UTC) + self.offset  # noqa: TID251 - the one place that may ask


def since_boot_s() -> float:
    """Seconds that only ever grow, also while the computer sleeps."""
    # macOS knows no CLOCK_BOOTTIME; its CLOCK_MONOTONIC goes on in sleep, which Linux's does not
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def monotonic_s() -> float:
    """Seconds that only ever grow; for measuring how long something took."""
    return time.monotonic()
