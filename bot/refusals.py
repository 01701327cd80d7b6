"""Strangers who tried: written down, but never so often that writing it down does harm."""

from jobs.outbox import Outbox
from memory.clock import monotonic_s

_QUIET_S = 60.0
_MOST = 256
"""Names that are told apart; a stranger may make up more."""


class Refusals:
    """What one door refused. Each name has one line in the ledger a minute, with a count."""

    def __init__(self, outbox: Outbox, door: str, *, quiet_s: float = _QUIET_S) -> None:
        """A door's refusals.

        Args:
            quiet_s: Between two lines about the same name.
        """
        self._outbox = outbox
        self._door = door
        self._quiet_s = quiet_s
        self._said_at: dict[str, float] = {}
        self._unsaid: dict[str, int] = {}

    async def note(self, who: str, what: str) -> None:
        """Write down that somebody was refused, unless that was just done."""
        name = who if who in self._said_at or len(self._said_at) < _MOST else "others"
        now = monotonic_s()
        if now - self._said_at.get(name, -self._quiet_s) < self._quiet_s:
            self._unsaid[name] = self._unsaid.get(name, 0) + 1
            return
        self._said_at[name] = now
        more = self._unsaid.pop(name, 0)
        await self._outbox.turned_away(self._door, name, f"{what}, {more} more" if more else what)
