"""A breaker: lets something that keeps failing rest, so that nobody waits for it in vain."""

from collections.abc import Callable

from memory.clock import monotonic_s


class Breaker:
    """Opens after some failures in a row, and lets one try through when the rest is over."""

    def __init__(
        self,
        *,
        failures: int = 3,
        rest_s: float = 60.0,
        now_s: Callable[[], float] = monotonic_s,
    ) -> None:
        """Make one that is closed.

        Args:
            failures: In a row, before it opens.
            rest_s: Seconds that it stays open.
            now_s: Seconds that only ever grow.
        """
        self._failures = failures
        self._rest_s = rest_s
        self._now_s = now_s
        self._failed = 0
        self._until_s = float("-inf")

    def is_open(self) -> bool:
        """Whether nobody should try at present."""
        return self._now_s() < self._until_s

    def note(self, *, failed: bool) -> None:
        """Take down how a try ended."""
        self._failed = self._failed + 1 if failed else 0
        if self._failed >= self._failures:
            self._until_s = self._now_s() + self._rest_s
