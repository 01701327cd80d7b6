"""What has happened: what the owner said, what it cost, and how much there is of everything."""

import json
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from memory import tables
from memory.labels import Label
from memory.records.action import State
from memory.records.run import RunState
from memory.records.shape import Frozen
from memory.records.source import File, Source


class Said(Frozen):
    """One message as it came in, and whether everything it led to is before the owner."""

    source: Source
    settled: bool


class Spent(Frozen):
    """What thinking about one message took."""

    cost_micro: int
    """Millionths of the budget's currency."""
    path: str
    """Who read it, for example "rules"; empty when code answered it without a run."""


class Counts(Frozen):
    """How much there is of everything, by its kind."""

    sources: dict[str, int]
    notices: dict[str, int]
    actions: dict[str, int]
    worker_seen_at: datetime | None
    """When any worker last gave a sign of life; None when none ever did."""
    rings_today: int = 0
    """How often the owner's phone has rung since midnight."""


def day_of(now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The owner's day that a moment lies in, from midnight to midnight."""
    day = now.astimezone(zone).date()
    begin = datetime.combine(day, time(), zone)
    return begin, datetime.combine(day + timedelta(days=1), time(), zone)


async def rings_between(connection: AsyncConnection, begin: datetime, end: datetime) -> int:
    """How often the owner's phone has rung in a stretch of time."""
    ring = tables.ring
    query = select(func.count()).where(ring.c.rang.is_(True), ring.c.at >= begin, ring.c.at < end)
    return await connection.scalar(query) or 0


class Waiting(Frozen):
    """How much waits for the owner's word."""

    drafts: int
    doubts: int
    """Mails that nobody can tell have left."""
    questions: int


class Worked(Frozen):
    """What a stretch of time has brought."""

    done: int
    undone: int
    asked: int
    """Drafts that were put before the owner."""
    cost_micro: int
    """Millionths of the budget's currency."""


async def waiting(connection: AsyncConnection) -> Waiting:
    """How much waits for the owner's word."""
    state, notice = tables.action.c.state, tables.notice
    by_state = await _by(connection, state)
    open_questions = select(func.count()).where(
        notice.c.question.is_not(None), notice.c.answered == ""
    )
    return Waiting(
        drafts=by_state.get(State.AWAITING.value, 0),
        doubts=by_state.get(State.UNKNOWN.value, 0),
        questions=await connection.scalar(open_questions) or 0,
    )


async def worked(connection: AsyncConnection, begin: datetime, end: datetime) -> Worked:
    """What was done, undone, asked and spent in a stretch of time."""
    ledger, run = tables.ledger, tables.run

    async def count(*events: str) -> int:
        query = select(func.count(ledger.c.subject.distinct())).where(
            ledger.c.event.in_(events), ledger.c.at >= begin, ledger.c.at < end
        )
        return await connection.scalar(query) or 0

    cost = select(func.coalesce(func.sum(run.c.cost_micro), 0)).where(
        run.c.ended_at >= begin, run.c.ended_at < end
    )
    return Worked(
        done=await count("action_done"),
        undone=await count("action_cancelled", "action_compensating", "action_compensated"),
        asked=await count("action_awaiting"),
        cost_micro=await connection.scalar(cost) or 0,
    )


async def said(
    connection: AsyncConnection,
    *,
    channel: str | None = None,
    after: datetime | None = None,
    last: int | None = None,
) -> tuple[Said, ...]:
    """Messages in the order they came.

    Args:
        channel: Only those of one door.
        after: Only those received later.
        last: Only the newest so many.
    """
    table = tables.source
    query = select(table).order_by(table.c.received_at.desc(), table.c.id.desc())
    if channel is not None:
        query = query.where(table.c.channel == channel)
    if after is not None:
        query = query.where(table.c.received_at > after)
    if last is not None:
        query = query.limit(last)
    rows = (await connection.execute(query)).all()
    return tuple(
        Said(
            source=Source(
                id=row.id,
                channel=row.channel,
                native_id=row.native_id,
                chat=row.chat,
                sender=row.sender,
                label=Label(row.label),
                text=row.text,
                files=tuple(File.model_validate(one) for one in json.loads(row.files)),
                forwarded=row.forwarded,
                reply_to=row.reply_to,
                received_at=row.received_at,
            ),
            settled=row.settled_at is not None,
        )
        for row in reversed(rows)
    )


async def spent(connection: AsyncConnection, source: str) -> Spent:
    """What the runs of one message cost, and who read it."""
    query = (
        select(tables.run.c.step, tables.run.c.cost_micro, tables.run.c.outcome, tables.run.c.state)
        .where(tables.run.c.source == source)
        .order_by(tables.run.c.step)
    )
    rows = (await connection.execute(query)).all()
    return Spent(
        cost_micro=sum(row.cost_micro for row in rows),
        path=next(
            (row.outcome for row in rows if row.step == 0 and row.state == RunState.DONE.value), ""
        ),
    )


async def counts(
    connection: AsyncConnection, today: tuple[datetime, datetime] | None = None
) -> Counts:
    """How many messages by door, notices by kind and newest revisions of actions by state.

    Args:
        today: The owner's day, whose rings are counted; None counts none.
    """
    action = tables.action
    newest = select(action.c.id, func.max(action.c.revision).label("revision")).group_by(
        action.c.id
    )
    latest = newest.subquery()
    states = await connection.execute(
        select(action.c.state, func.count())
        .join(latest, (latest.c.id == action.c.id) & (latest.c.revision == action.c.revision))
        .group_by(action.c.state)
    )
    return Counts(
        sources=await _by(connection, tables.source.c.channel),
        notices=await _by(connection, tables.notice.c.kind),
        actions={row[0]: row[1] for row in states},
        worker_seen_at=await connection.scalar(select(func.max(tables.presence.c.seen_at))),
        rings_today=await rings_between(connection, *today) if today else 0,
    )


async def _by(connection: AsyncConnection, column: ColumnElement[str]) -> dict[str, int]:
    rows = await connection.execute(select(column, func.count()).group_by(column))
    return {row[0]: row[1] for row in rows}
