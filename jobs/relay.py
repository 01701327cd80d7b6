"""What is due, read from the database: the only list of work there is."""

from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from memory import tables
from memory.records.action import State
from memory.records.run import RunState
from memory.records.shape import Frozen

_UNFINISHED = (RunState.PLANNED.value, RunState.CLAIMED.value)


class Due(Frozen):
    """One piece of work that may start now: ids only, for a doorbell to carry."""

    task: Literal["consider", "execute"]
    id: str
    revision: int = 0
    fence: int = 0
    since: datetime

    def ring(self) -> str:
        """The doorbell's own name for it: the same attempt rings once."""
        return f"{self.id}:{self.revision}:{self.fence}"


async def due(
    connection: AsyncConnection, now: datetime, *, stopped: bool, limit: int = 100
) -> tuple[Due, ...]:
    """Runs whose turn it is, then actions that are ready; none of those while stopped."""
    other = tables.run.alias()
    before = (
        select(other.c.id)
        .where(
            other.c.source == tables.run.c.source,
            other.c.step < tables.run.c.step,
            other.c.state.in_(_UNFINISHED),
        )
        .exists()
    )
    runs = await connection.execute(
        select(tables.run.c.id, tables.run.c.fence, tables.run.c.due_at)
        .where(
            tables.run.c.state == RunState.PLANNED.value,
            tables.run.c.due_at <= now,
            ~before,
        )
        .order_by(tables.run.c.due_at)
        .limit(limit)
    )
    found = [Due(task="consider", id=row.id, fence=row.fence, since=row.due_at) for row in runs]
    if stopped:
        return tuple(found)
    ready = await connection.execute(
        select(
            tables.action.c.id,
            tables.action.c.revision,
            tables.action.c.fence,
            tables.action.c.due_at,
        )
        .where(tables.action.c.state == State.READY.value, tables.action.c.due_at <= now)
        .order_by(tables.action.c.due_at)
        .limit(limit)
    )
    found += [
        Due(task="execute", id=row.id, revision=row.revision, fence=row.fence, since=row.due_at)
        for row in ready
    ]
    return tuple(found)
