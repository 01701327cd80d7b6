"""When something was written that reached us long after: its "tomorrow" counts from then."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from jobs import marks, presence
from memory.sample import is_sample

WAITED = timedelta(minutes=2)
"""What comes sooner after it was written is read as of now."""
_LONGEST = timedelta(days=7)
"""What seems to have waited longer comes from a clock that is wrong."""


async def keep(
    connection: AsyncConnection, source: str, *, written_at: datetime, received_at: datetime
) -> None:
    """Remember when a message was written, if it has waited for us."""
    if WAITED < received_at - written_at < _LONGEST:
        await marks.keep(connection, _name(source), written_at.isoformat())


async def of(connection: AsyncConnection, source: str) -> datetime | None:
    """When a message was written; None when it is to be read as of now.

    The clock of a sample company is moved while its platforms' are not, so theirs is believed there
    only of a time in which nobody worked.
    """
    kept = await marks.recall(connection, _name(source))
    if kept is None:
        return None
    written_at = datetime.fromisoformat(kept)
    if await is_sample(connection) and not await presence.was_absent(connection, written_at):
        return None
    return written_at


def _name(source: str) -> str:
    return f"written:{source}"
