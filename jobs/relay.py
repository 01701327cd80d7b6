"""What is due, read from the database: the only list of work there is."""

from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from memory import tables
from memory.labels import Label
from memory.records.action import State
from memory.records.run import RunState
from memory.records.shape import Frozen

_UNFINISHED = (RunState.PLANNED.value, RunState.CLAIMED.value)
_OWN_FIRST = 3
"""So many runs of the owner's own go before one of the rest."""


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
    """Actions that are ready (none of those while stopped), then runs whose turn it is.

    What the owner has typed does not wait for all that was passed on, nor keep it waiting for ever:
    of four runs three are the owner's own while there are any. Answers to a question come first,
    then what came in first, so that a message is done with before the next one is begun.

    Args:
        limit: At most so many of either.
    """
    ready = () if stopped else await _ready(connection, now, limit)
    own = await _runs(connection, now, limit, own=True)
    others = await _runs(connection, now, limit, own=False)
    return (*ready, *_in_turn(own, others)[:limit])


async def _ready(connection: AsyncConnection, now: datetime, limit: int) -> tuple[Due, ...]:
    """Actions that may be carried out now."""
    action = tables.action
    found = await connection.execute(
        select(action.c.id, action.c.revision, action.c.fence, action.c.due_at)
        .where(action.c.state == State.READY.value, action.c.due_at <= now)
        .order_by(action.c.due_at)
        .limit(limit)
    )
    return tuple(
        Due(task="execute", id=row.id, revision=row.revision, fence=row.fence, since=row.due_at)
        for row in found
    )


async def _runs(
    connection: AsyncConnection, now: datetime, limit: int, *, own: bool
) -> tuple[Due, ...]:
    """Runs that nothing before them holds up: about the owner's own words, or about the rest."""
    run, other, source = tables.run, tables.run.alias(), tables.source
    before = (
        select(other.c.id)
        .where(
            other.c.source == run.c.source,
            other.c.step < run.c.step,
            other.c.state.in_(_UNFINISHED),
        )
        .exists()
    )
    # a run whose Source is nowhere is nobody's word
    theirs = source.c.id.is_(None) | (source.c.label != Label.OWNER.value) | source.c.forwarded
    found = await connection.execute(
        select(run.c.id, run.c.fence, run.c.due_at)
        .outerjoin(source, source.c.id == run.c.source)
        .where(
            run.c.state == RunState.PLANNED.value,
            run.c.due_at <= now,
            ~theirs if own else theirs,
            ~before,
        )
        .order_by(source.c.reply_to.is_(None), source.c.received_at, run.c.step, run.c.due_at)
        .limit(limit)
    )
    return tuple(
        Due(task="consider", id=row.id, fence=row.fence, since=row.due_at) for row in found
    )


def _in_turn(own: tuple[Due, ...], others: tuple[Due, ...]) -> tuple[Due, ...]:
    """Both in their order, one of the others after each three of the owner's own."""
    found: list[Due] = []
    mine, theirs = list(own), list(others)
    while mine or theirs:
        found += [*mine[:_OWN_FIRST], *theirs[:1]]
        del mine[:_OWN_FIRST], theirs[:1]
    return tuple(found)
