"""What may ring: quiet hours, so many rings a day, and what is kept for one summary.

Decided in the transaction that writes the notice, here and nowhere else.
"""

from datetime import datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from memory import tables
from memory.company import Company
from memory.config import Policy
from memory.history import day_of, rings_between
from memory.labels import Label
from memory.records.shape import Frozen

_JUST_NOW = timedelta(seconds=90)
"""Whoever typed so lately is looking at the answer already."""
_SAME_NEWS = timedelta(minutes=15)
"""What follows from one message so soon is one piece of news."""
_SAME_TROUBLE = timedelta(hours=12)
_JUST_RANG = timedelta(minutes=2)
"""Words of the house's own that come so soon after a ring are found by whoever looks."""


class Manner(StrEnum):
    """How something that would like to ring takes a no."""

    MAY_WAIT = "may_wait"
    """It is shown silently, and the next summary tells of it."""
    AT_ITS_TIME = "at_its_time"
    """The owner asked for this very time: it rings whatever the hour."""
    IN_PASSING = "in_passing"
    """Then it is shown silently, and that is all."""


class Kept(Frozen):
    """Something that would have rung and waits for the summary."""

    notice: str
    at: datetime


async def decide(
    connection: AsyncConnection,
    company: Company,
    notice: str,
    *,
    now: datetime,
    source: str | None,
    manner: Manner = Manner.MAY_WAIT,
    trouble: str = "",
) -> bool:
    """Whether a notice that would like to ring does, and write down what becomes of it.

    Args:
        source: The message it follows from.
        trouble: A name for what went wrong: the same trouble rings once, whatever it keeps.
    """
    about = trouble or source or ""
    if not trouble and source and await _is_answer(connection, source, now):
        return False
    if manner is Manner.AT_ITS_TIME:
        return await _note(connection, notice, now, about, rang=True)
    if about:
        span = _SAME_TROUBLE if trouble else _SAME_NEWS
        earlier = await _last_ring(connection, now - span, about)
        if earlier is not None:
            return await _note(connection, notice, now, about, heard_in=earlier)
    if manner is Manner.IN_PASSING:
        latest = await _last_ring(connection, now - _JUST_RANG)
        if latest is not None or not await may_ring(connection, company, now, left_over=0):
            return False
        return await _note(connection, notice, now, about, rang=True)
    # trouble may take the ring that is left for the summary: then the next morning's tells the rest
    rang = await may_ring(connection, company, now, left_over=0 if trouble else 1)
    return await _note(connection, notice, now, about, rang=rang)


async def may_ring(
    connection: AsyncConnection, company: Company, now: datetime, *, left_over: int
) -> bool:
    """Whether hour and number of rings allow one more.

    Args:
        left_over: How many of the day's rings must be left afterwards: one, for the summary.
    """
    policy = company.config.policy
    if is_quiet(policy, now.astimezone(company.zone).time()):
        return False
    begin, end = day_of(now, company.zone)
    return await rings_between(connection, begin, end) + left_over < policy.rings_per_day


def is_quiet(policy: Policy, at: time) -> bool:
    """Whether nothing rings at a time of day."""
    if policy.quiet is None:
        return False
    begin, end = policy.quiet
    return begin <= at < end if begin < end else at >= begin or at < end


async def kept(connection: AsyncConnection) -> tuple[Kept, ...]:
    """What waits for the summary, oldest first."""
    ring = tables.ring
    query = select(ring).where(ring.c.rang.is_(False), ring.c.heard_in.is_(None))
    rows = await connection.execute(query.order_by(ring.c.id))
    return tuple(Kept(notice=row.notice, at=row.at) for row in rows)


async def heard(connection: AsyncConnection, notices: tuple[str, ...], summary: str) -> None:
    """A summary has told of these, or they were dealt with before it came.

    Args:
        summary: The notice that told of them; their own id where none had to.
    """
    ring = tables.ring
    for one in notices:
        await connection.execute(
            update(ring)
            .where(ring.c.notice == one, ring.c.rang.is_(False), ring.c.heard_in.is_(None))
            .values(heard_in=summary or one)
        )


async def moved(connection: AsyncConnection, notice: str, to: str) -> None:
    """Another notice shows what this one would have shown, and waits in its place."""
    ring = tables.ring
    await connection.execute(update(ring).where(ring.c.notice == notice).values(notice=to))


async def _is_answer(connection: AsyncConnection, source: str, now: datetime) -> bool:
    """Whether the owner has typed or pressed this just now."""
    table = tables.source
    query = select(table.c.label, table.c.forwarded, table.c.received_at).where(
        table.c.id == source, table.c.channel != "clock"
    )
    row = (await connection.execute(query)).first()
    if row is None or row.forwarded or row.label != Label.OWNER.value:
        return False
    return now - row.received_at <= _JUST_NOW


async def _last_ring(
    connection: AsyncConnection, since: datetime, about: str | None = None
) -> str | None:
    ring = tables.ring
    query = select(ring.c.notice).where(ring.c.rang.is_(True), ring.c.at >= since)
    if about is not None:
        query = query.where(ring.c.about == about)
    return await connection.scalar(query.order_by(ring.c.at.desc()).limit(1))


async def _note(
    connection: AsyncConnection,
    notice: str,
    now: datetime,
    about: str,
    *,
    rang: bool = False,
    heard_in: str | None = None,
) -> bool:
    await connection.execute(
        insert(tables.ring).values(notice=notice, at=now, about=about, rang=rang, heard_in=heard_in)
    )
    return rang
