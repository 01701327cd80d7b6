"""The queue of updates that a bot collects, with Telegram's rules about offsets."""

import random
from dataclasses import dataclass

from tests.doubles.telegram_text import JsonDict

MOST_AT_ONCE = 100
OPT_IN_KINDS = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
"""Kinds that are sent only to a bot that names them in allowed_updates."""
OFFSET_TOLERANCE = 10
"""An offset further than this above the next id is out of date and confirms nothing."""


@dataclass(frozen=True)
class Update:
    """One update: its id, its kind ("message", "callback_query" ...) and the kind's payload."""

    id: int
    kind: str
    payload: JsonDict

    def wire(self) -> JsonDict:
        return {"update_id": self.id, self.kind: self.payload}


class Updates:
    """What waits to be collected; nothing leaves before it is confirmed by a higher offset."""

    def __init__(self) -> None:
        self.next_id = random.randrange(100_000_000, 900_000_000)
        self.allowed: frozenset[str] = frozenset()
        """Kinds that the bot asked for; empty means all but the opt-in kinds."""
        self.pending: list[Update] = []
        self.confirmed: list[Update] = []
        self._held: list[Update] | None = None
        self._again: list[Update] = []

    def add(self, kind: str, payload: JsonDict) -> Update | None:
        """Queue an update, or None when the bot did not ask for this kind."""
        wanted = kind in self.allowed if self.allowed else kind not in OPT_IN_KINDS
        if not wanted:
            return None
        update = Update(self.next_id, kind, payload)
        self.next_id += 1
        (self.pending if self._held is None else self._held).append(update)
        return update

    def collect(self, offset: int, limit: int) -> list[Update]:
        """What one getUpdates answers at once; confirms everything below the offset."""
        if offset < 0:
            self._confirm(self.pending[:offset])
        elif offset <= self.next_id + OFFSET_TOLERANCE:
            self._confirm([update for update in self.pending if update.id < offset])
        again, self._again = self._again, []
        return (again + self.pending)[: max(1, min(limit, MOST_AT_ONCE))]

    def confirm(self, update: Update) -> None:
        """Take one update as delivered: what a webhook's 2xx means."""
        self._confirm([update])

    def clear(self) -> None:
        """Drop what is pending: drop_pending_updates."""
        self.pending.clear()

    def hold(self) -> None:
        """Keep back what is queued from now on, as a slow network would."""
        self._held = [] if self._held is None else self._held

    def turn_round(self) -> None:
        """The last of what is held comes first."""
        self._held = list(reversed(self._held or []))

    def release(self) -> None:
        """Let everything that was held arrive, in its order."""
        self.pending += self._held or []
        self._held = None

    def repeat(self, count: int) -> None:
        """Deliver the last confirmed updates once more, with their own ids."""
        self._again += self.confirmed[-count:]

    def jump(self, next_id: int | None) -> None:
        """Number the next update at random, as Telegram does after a quiet week."""
        self.next_id = random.randrange(1_000_000, 2**30) if next_id is None else next_id

    @property
    def is_waiting(self) -> bool:
        """Whether a call for updates would be answered at once."""
        return bool(self.pending or self._again)

    def _confirm(self, updates: list[Update]) -> None:
        self.confirmed += updates
        done = {update.id for update in updates}
        self.pending = [update for update in self.pending if update.id not in done]
