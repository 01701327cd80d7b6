"""Counting the parts of an action: exact, from the rows as they are."""

import json

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from memory import tables
from memory.canonical import digest
from memory.records.action import Action, State
from memory.records.mail_many import MailMany
from memory.records.receipt import Receipt
from memory.records.standstill import Standstill
from memory.records.tally import Tally

WAITING = (State.APPROVED, State.HELD, State.READY, State.CLAIMED, State.RETRY_WAIT)
"""Not past the last check."""
_DONE = (State.DONE, State.COMPENSATING, State.COMPENSATED)
_FAILED = (State.FAILED, State.REFUSED)
_CANCELLED = (State.CANCELLED, State.REJECTED, State.TAKEN, State.EXPIRED)


async def of(connection: AsyncConnection, action: Action) -> Tally | None:
    """How far the parts of an action are; None for one that has none.

    Before the owner's yes there are no parts yet: then all of them are still to come.
    """
    if not isinstance(action.effect, MailMany):
        return None
    table = tables.action
    mine = (table.c.part_of == action.id) & (table.c.part_revision == action.revision)
    counted = await connection.execute(
        select(table.c.state, func.count()).where(mine).group_by(table.c.state)
    )
    by_state = {State(row[0]): int(row[1]) for row in counted}
    done = _sum(by_state, *_DONE)
    receipt = await _last_receipt(connection, action) if done else None
    written = done if receipt is not None and receipt.outcome == "written" else 0
    return Tally(
        total=len(action.effect.mails),
        sent=done - written,
        written=written,
        leaving=_sum(by_state, State.COMMITTING),
        waiting=_sum(by_state, *WAITING),
        asking=_sum(by_state, State.AWAITING),
        unsure=_sum(by_state, State.UNKNOWN),
        failed=_sum(by_state, *_FAILED),
        cancelled=_sum(by_state, *_CANCELLED),
        last_at=receipt.at if receipt else None,
        trouble=await _trouble(connection, action),
    )


async def held(connection: AsyncConnection) -> Standstill:
    """Everything that is on its way out: what a stop holds."""
    table, whole = tables.action, tables.action.alias()
    under_way = (
        select(whole.c.id)
        .where(
            whole.c.id == table.c.part_of,
            whole.c.revision == table.c.part_revision,
            whole.c.state.in_((State.HELD.value, State.READY.value)),
        )
        .exists()
    )
    leaving = (*[one.value for one in WAITING], State.COMMITTING.value)
    alone = await connection.execute(
        select(table.c.state, func.count())
        .where(table.c.part_of.is_(None), table.c.kind != "mail.many", table.c.state.in_(leaving))
        .group_by(table.c.state)
    )
    parts = await connection.execute(
        select(table.c.state, func.count())
        .where(table.c.part_of.is_not(None), table.c.state.in_(leaving) | under_way)
        .group_by(table.c.state)
    )
    by_state: dict[State, int] = {}
    for row in (*alone, *parts):
        by_state[State(row[0])] = by_state.get(State(row[0]), 0) + int(row[1])
    counted = Tally(
        total=sum(by_state.values()),
        sent=_sum(by_state, *_DONE),
        leaving=_sum(by_state, State.COMMITTING),
        waiting=_sum(by_state, *WAITING),
        asking=_sum(by_state, State.AWAITING),
        unsure=_sum(by_state, State.UNKNOWN),
        failed=_sum(by_state, *_FAILED),
        cancelled=_sum(by_state, *_CANCELLED),
    )
    newest = await connection.scalar(select(func.max(table.c.approved_at)))
    return Standstill(tally=counted, bound=digest(["held", newest and newest.isoformat()]))


async def _last_receipt(connection: AsyncConnection, action: Action) -> Receipt | None:
    table, left = tables.action, tables.departure
    query = (
        select(table.c.receipt)
        .join(left, (left.c.action == table.c.id) & (left.c.revision == table.c.revision))
        .where(
            table.c.part_of == action.id,
            table.c.part_revision == action.revision,
            table.c.receipt.is_not(None),
        )
        .order_by(left.c.at.desc())
        .limit(1)
    )
    found = await connection.scalar(query)
    return Receipt.model_validate(json.loads(found)) if found else None


async def _trouble(connection: AsyncConnection, action: Action) -> str:
    """Why a part that waits does not leave as planned; empty while all goes as planned."""
    table = tables.action
    query = (
        select(table.c.trouble)
        .where(
            table.c.part_of == action.id,
            table.c.part_revision == action.revision,
            table.c.state.in_((State.HELD.value, State.RETRY_WAIT.value)),
            table.c.trouble != "",
        )
        .order_by(table.c.due_at)
        .limit(1)
    )
    return await connection.scalar(query) or ""


def _sum(by_state: dict[State, int], *states: State) -> int:
    return sum(by_state.get(one, 0) for one in states)
