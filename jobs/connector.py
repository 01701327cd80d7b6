"""What a connector is: the code that carries one kind of effect out."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from memory.records.effect import Effect
from memory.records.receipt import Receipt

Commit = Callable[[], Awaitable[None]]
"""The marker. Awaited exactly once, immediately before the irreversible step; if it raises,
nothing may leave."""


class Connector(Protocol):
    """Carries one kind of effect out. Builds everything first, then asks, then acts."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of effect it carries out."""
        ...

    async def apply(self, effect: Effect, key: str, commit: Commit) -> Receipt:
        """Carry the effect out.

        Args:
            effect: What was approved, exactly.
            key: The same for every attempt; the other side's idempotency key where it has one.
            commit: The marker.

        Raises:
            Refused: The other side said no for good; nothing happened.
            Unavailable: It did not answer, or said "later"; nothing happened.
            Uncertain: It may or may not have happened.
        """
        ...

    async def find(self, effect: Effect, key: str) -> Receipt | None:
        """Evidence that the effect happened; None when there is none to be had.

        Raises:
            Unavailable: The place to look could not be reached.
        """
        ...
