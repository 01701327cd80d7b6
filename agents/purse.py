"""What the ladder asks of whoever pays for its calls, and what it tells them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from agents.tariff import Tier


@dataclass(frozen=True)
class Held:
    """A model that was not asked, or that did not answer."""

    tier: Tier
    why: Literal["money", "silence"]
    """The day's money does not reach for it; or it fails, or is left alone for a while."""
    until: datetime | None = None
    """When it may be asked again, where that is known."""
    simple: bool = False
    """Whether the owner wants today's work done without it."""
    about: object = None
    """What the purse knows about it, for whoever gave the purse."""


@dataclass(frozen=True)
class Settled:
    """How a call ended."""

    micro: int
    """What it cost, at most what was reserved."""
    failed: bool = False
    """Whether the model did not answer, or with what nobody can use."""
    again_s: float | None = None
    """Seconds after which the provider wants to be asked again, where it said so."""


class Purse(Protocol):
    """Money for model calls, reserved before and settled after."""

    async def reserve(self, tier: Tier, micro: int) -> Held | None:
        """Set money aside for a call; what stands in its way, or None when it may be made."""
        ...

    async def settle(self, settled: Settled) -> Held | None:
        """What the call really cost; for one that failed, when to ask again."""
        ...
