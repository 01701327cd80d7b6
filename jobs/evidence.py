"""Doubt that may be settled by looking: proof that it left, or that it never did."""

import asyncio
import contextlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from jobs import claims, notices, states
from jobs.connector import Connector
from memory import tables
from memory.company import Company
from memory.errors import Stale, Unavailable
from memory.records.action import FROM_A_COPY, Action, State
from memory.records.effect import Effect
from memory.records.receipt import Receipt

SOON = timedelta(minutes=1)
"""When to look after something broke: what was on its way has arrived by then."""
_SETTLED = timedelta(minutes=10)
"""A server may take so long to take a mail that it has all of (RFC 5321, 4.5.3.2.6)."""
_AGAIN = timedelta(minutes=15)
_QUICKLY_S = 3.0
_GIVE_UP = timedelta(days=2)
NOT_THERE = "I looked: it never left"
"""How the trouble of an action begins that provably did not happen."""


@runtime_checkable
class Conclusive(Protocol):
    """A connector that looks where everything that left must be."""

    def proves_absence(self, effect: Effect) -> bool:
        """Whether an effect that is not found there did not happen."""
        ...


async def found(connector: Connector | None, action: Action) -> Receipt | None:
    """Proof that it happened; none where the place to look can't be reached quickly."""
    if connector is None:
        return None
    try:
        async with asyncio.timeout(_QUICKLY_S):
            return await connector.find(action.effect, action.key)
    except (Unavailable, TimeoutError):
        return None


async def settle(company: Company, connectors: Mapping[str, Connector]) -> None:
    """Look once more for everything in doubt whose time has come."""
    now = company.clock.now()
    query = select(tables.action).where(
        tables.action.c.state == State.UNKNOWN.value, tables.action.c.due_at <= now
    )
    async with company.store.read() as connection:
        due = [states.action_of(row) for row in (await connection.execute(query)).all()]
        since = {one.id: await _since(connection, one) for one in due}
    for action in due:
        await _look(company, action, connectors.get(action.kind), since[action.id] or now)


async def _look(
    company: Company, action: Action, connector: Connector | None, since: datetime
) -> None:
    """Look for one; what is found or provably absent settles it, else it comes again."""
    try:
        receipt = await connector.find(action.effect, action.key) if connector else None
        looked = connector is not None
    except Unavailable:
        receipt, looked = None, False

    async def work(connection: AsyncConnection) -> None:
        now = company.clock.now()
        if receipt is not None:
            await claims.receive(connection, company, action, receipt, actor="evidence", now=now)
        elif not looked or not _is_conclusive(connector, action):
            # only finding it would settle anything
            again = now + _AGAIN if now - since < _GIVE_UP and connector else None
            await states.look_again(connection, action, again)
        elif now - since < _SETTLED:
            await states.look_again(connection, action, since + _SETTLED)
        else:
            at = now.astimezone(company.zone)
            await states.move(
                connection, company.ledger, action, State.FAILED, now=now, actor="evidence",
                due_at=None, hint="",
                trouble=f"{NOT_THERE}. It is not in Sent at {at:%H:%M}, where it would be.",
            )  # fmt: skip
            await notices.ring(connection, company, action, now=now, trouble=NOT_THERE)

    with contextlib.suppress(Stale):
        await company.store.write(work)


def _is_conclusive(connector: Connector | None, action: Action) -> bool:
    if action.trouble.startswith(FROM_A_COPY):
        # another version of it may have left, of which a copy knows nothing
        return False
    return isinstance(connector, Conclusive) and connector.proves_absence(action.effect)


async def _since(connection: AsyncConnection, action: Action) -> datetime | None:
    """Since when nobody can tell."""
    query = (
        select(tables.ledger.c.at)
        .where(tables.ledger.c.subject == action.id, tables.ledger.c.event == "action_unknown")
        .order_by(tables.ledger.c.seq.desc())
        .limit(1)
    )
    return await connection.scalar(query)
