"""How an action moves: one compare-and-swap, one line in the ledger."""

import json
from datetime import datetime

from sqlalchemy import Row, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from memory import tables
from memory.errors import NotFound, Stale
from memory.ledger import Ledger
from memory.records.action import Action, State
from memory.records.change import Change
from memory.records.mail_many import MailMany
from memory.records.receipt import Receipt
from memory.transitions import ALLOWED, Mover, mover_of


async def latest(connection: AsyncConnection, action: str) -> Action:
    """The newest revision of an action.

    Raises:
        NotFound: There is no such action.
    """
    query = (
        select(tables.action)
        .where(tables.action.c.id == action)
        .order_by(tables.action.c.revision.desc())
        .limit(1)
    )
    row = (await connection.execute(query)).first()
    if row is None:
        raise NotFound("There is no such action.")
    return action_of(row)


async def exact(connection: AsyncConnection, action: str, revision: int) -> Action:
    """One revision of an action.

    Raises:
        NotFound: There is no such revision.
    """
    query = select(tables.action).where(
        tables.action.c.id == action, tables.action.c.revision == revision
    )
    row = (await connection.execute(query)).first()
    if row is None:
        raise NotFound("There is no such action.")
    return action_of(row)


async def every(connection: AsyncConnection, state: State | None) -> tuple[Action, ...]:
    """The newest revision of every action, oldest first; all revisions in a named state."""
    table = tables.action
    query = select(table).order_by(table.c.created_at, table.c.id, table.c.revision)
    if state is not None:
        query = query.where(table.c.state == state.value)
        return tuple(action_of(row) for row in await connection.execute(query))
    newest = {row.id: action_of(row) for row in await connection.execute(query)}
    return tuple(newest.values())


async def move(
    connection: AsyncConnection,
    ledger: Ledger,
    action: Action,
    to: State,
    *,
    now: datetime,
    actor: str,
    **fields: object,
) -> Action:
    """Move an action to its next state, if it is still as the caller saw it.

    Args:
        fields: Other columns that change with the state.

    Raises:
        Stale: Somebody else moved it first, or this actor may not move it so.
    """
    mover = mover_of(actor)
    allowed = mover is not None and (action.state, to, mover) in ALLOWED
    if mover is None or not allowed or not _suits(action, to, mover):
        raise Stale(f"It is {action.state.value} and cannot become {to.value}.")
    done = await connection.execute(
        update(tables.action)
        .where(
            tables.action.c.id == action.id,
            tables.action.c.revision == action.revision,
            tables.action.c.version == action.version,
            tables.action.c.state == action.state.value,
            tables.action.c.fence == action.fence,
        )
        .values(state=to.value, version=action.version + 1, moved_by=mover.value, **fields)
    )
    if done.rowcount != 1:
        raise Stale("It moved on in the meantime.")
    await enter(connection, ledger, action.id, action.revision, to, now=now, actor=actor)
    await touch(connection, action.id)
    return await exact(connection, action.id, action.revision)


def _suits(action: Action, to: State, mover: Mover) -> bool:
    """Whether a move suits an action in parts: its parts leave, it never does itself."""
    has_parts = isinstance(action.effect, MailMany)
    if mover is Mover.WHOLE:
        return has_parts or action.part_of is not None
    return not (has_parts and to in (State.CLAIMED, State.COMMITTING))


async def enter(
    connection: AsyncConnection,
    ledger: Ledger,
    action: str,
    revision: int,
    state: State,
    *,
    now: datetime,
    actor: str,
) -> None:
    """Write the ledger's line about an action's new state."""
    await ledger.add(
        connection,
        f"action_{state.value}",
        at=now,
        actor=actor,
        subject=action,
        row=(tables.action, {"id": action, "revision": revision}),
        revision=revision,
    )


async def look_again(connection: AsyncConnection, action: Action, at: datetime | None) -> None:
    """When to look next for what is in doubt; None is never.

    Raises:
        Stale: It is settled meanwhile.
    """
    done = await connection.execute(
        update(tables.action)
        .where(
            tables.action.c.id == action.id,
            tables.action.c.revision == action.revision,
            tables.action.c.version == action.version,
        )
        .values(due_at=at)
    )
    if done.rowcount != 1:
        raise Stale("It moved on in the meantime.")


async def was_in_doubt(connection: AsyncConnection, action: Action) -> bool:
    """Whether nobody could tell at some time if this revision had left."""
    query = select(tables.ledger.c.detail).where(
        tables.ledger.c.subject == action.id, tables.ledger.c.event == "action_unknown"
    )
    details = await connection.scalars(query)
    return any(json.loads(one)["revision"] == action.revision for one in details)


async def touch(connection: AsyncConnection, action: str) -> None:
    """Mark every notice about an action as changed, so that doors show it anew.

    So are those about what it is a part of, and the one that tells of all that is held.
    """
    part = select(tables.action.c.part_of).where(
        tables.action.c.id == action, tables.action.c.part_of.is_not(None)
    )
    about = tables.notice.c.action.in_(select(literal(action)).union(part))
    await connection.execute(update(tables.notice).where(about).values(stamp=next_stamp()))
    await connection.execute(
        update(tables.notice)
        .where(tables.notice.c.kind == "stop", tables.notice.c.answered == "")
        .values(stamp=next_stamp())
    )


def next_stamp() -> object:
    """The stamp above all others."""
    return select(func.coalesce(func.max(tables.notice.c.stamp), 0) + 1).scalar_subquery()


def action_of(row: Row[tuple[object]]) -> Action:
    """A row as a record."""
    return Action(
        id=row.id,
        revision=row.revision,
        source=row.source,
        run=row.run,
        agent=row.agent,
        heading=row.heading,
        effect=json.loads(row.effect),
        then=tuple(Change.model_validate(one) for one in json.loads(row.then)),
        rationale=row.rationale,
        path=row.path,
        cost_micro=row.cost_micro,
        state=State(row.state),
        version=row.version,
        digest=row.digest,
        key=row.key,
        compensates=row.compensates,
        created_at=row.created_at,
        expires_at=row.expires_at,
        hold_until=row.hold_until,
        due_at=row.due_at,
        late_since=row.late_since,
        approved_by=row.approved_by,
        approved_at=row.approved_at,
        fence=row.fence,
        attempts=row.attempts,
        trouble=row.trouble,
        hint=row.hint,
        receipt=None if row.receipt is None else Receipt.model_validate_json(row.receipt),
        part_of=row.part_of,
        part_revision=row.part_revision,
    )
