"""A model that fails is left alone for a while: known to every process, and after a restart."""

import json
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from jobs import marks
from memory.records.shape import Frozen

_FAILURES = 3
"""In a row, before a model rests."""
_REST = timedelta(minutes=1)
"""After so many; twice as long after each one more."""
_LONGEST = timedelta(minutes=15)
_SOON = timedelta(seconds=5)
"""When to ask again one that does not rest yet."""
_TRIAL = timedelta(seconds=60)
"""While one call finds out whether a model is back, the others wait."""


class Rest(Frozen):
    """How a model has fared lately."""

    failed: int = 0
    """Failures in a row."""
    until: datetime | None = None
    """Nobody asks it before."""


async def of(connection: AsyncConnection, tier: str) -> Rest:
    """How a model has fared lately."""
    kept = await marks.recall(connection, _name(tier))
    return Rest.model_validate(json.loads(kept)) if kept else Rest()


async def begin(connection: AsyncConnection, tier: str, now: datetime) -> datetime | None:
    """Until when a model rests; None when it may be asked.

    When its rest is over one call finds out whether it is back; the others wait for that.
    """
    rest = await of(connection, tier)
    if rest.until is not None and rest.until > now:
        return rest.until
    if rest.failed >= _FAILURES:
        await _keep(connection, tier, Rest(failed=rest.failed, until=now + _TRIAL))
    return None


async def note(
    connection: AsyncConnection, tier: str, now: datetime, *, failed: bool, again_s: float | None
) -> datetime | None:
    """Take down how a call ended; for one that failed, when to ask again.

    Args:
        again_s: Seconds that the provider itself has named.
    """
    rest = await of(connection, tier)
    if not failed:
        # an answer that was on its way ends no pause that the provider has asked for since
        asked_for = rest.until if rest.failed < _FAILURES else None
        if rest != Rest(until=asked_for):
            await _keep(connection, tier, Rest(until=asked_for))
        return None
    count = rest.failed + 1
    pause = timedelta(seconds=again_s) if again_s is not None else None
    if pause is None and count >= _FAILURES:
        pause = min(_REST * 2 ** min(count - _FAILURES, 10), _LONGEST)
    until = now + pause if pause is not None else None
    # another process may have been told to wait for longer
    later = max((one for one in (until, rest.until) if one is not None), default=None)
    is_trial = rest.failed >= _FAILURES
    await _keep(connection, tier, Rest(failed=count, until=until if is_trial else later))
    return max(until or now, now + _SOON)


async def _keep(connection: AsyncConnection, tier: str, rest: Rest) -> None:
    await marks.keep(connection, _name(tier), rest.model_dump_json())


def _name(tier: str) -> str:
    return f"model:{tier}"
