"""Who the owner is on each door."""

from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from jobs import notices
from jobs.marks import keep, recall
from memory import tables
from memory.company import Company
from memory.records.shape import Frozen

_BACK = "You had stopped me on {door} for a while; I write there again."


class Pairing(Frozen):
    """A person of one door who is the owner."""

    door: str
    person: str
    chat: str
    at: datetime
    since: int
    """Notices up to this number were there before."""
    blocked_at: datetime | None = None
    """Since when the platform refuses what we send there; None while it takes it."""


async def pair(
    connection: AsyncConnection, company: Company, door: str, person: str, chat: str
) -> None:
    """This person of this door is the owner from now on."""
    now = company.clock.now()
    where = (tables.pairing.c.door == door) & (tables.pairing.c.person == person)
    known = await connection.scalar(select(tables.pairing.c.chat).where(where))
    if known is None:
        newest = await connection.scalar(select(func.coalesce(func.max(tables.notice.c.seq), 0)))
        await connection.execute(
            insert(tables.pairing).values(
                door=door, person=person, chat=chat, at=now, since=newest or 0
            )
        )
    else:
        await connection.execute(update(tables.pairing).where(where).values(chat=chat, at=now))
        await unblock(connection, door, person)
    await company.ledger.add(
        connection,
        "paired",
        at=now,
        actor=f"{door} {person}",
        subject=door,
        row=(tables.pairing, {"door": door, "person": person}),
    )


async def block(
    connection: AsyncConnection,
    company: Company,
    door: str,
    person: str,
    *,
    now: datetime,
    why: str,
) -> None:
    """Nothing can be shown there for now; the other doors say so, once.

    Args:
        why: What happened and what to do, in the owner's words.
    """
    blocked = await connection.execute(
        update(tables.pairing)
        .where(
            tables.pairing.c.door == door,
            tables.pairing.c.person == person,
            tables.pairing.c.blocked_at.is_(None),
        )
        .values(blocked_at=now)
    )
    if blocked.rowcount != 1:
        return
    notice = await notices.tell(connection, company, now=now, text=why, rings=True)
    await keep(connection, _told(door, person), notice)


async def unblock(connection: AsyncConnection, door: str, person: str) -> None:
    """It takes what we send again; what was missed is shown now."""
    freed = await connection.execute(
        update(tables.pairing)
        .where(
            tables.pairing.c.door == door,
            tables.pairing.c.person == person,
            tables.pairing.c.blocked_at.is_not(None),
        )
        .values(blocked_at=None)
        .returning(tables.pairing.c.chat)
    )
    chat = freed.scalar()
    if chat is None:
        return
    made = tables.delivery
    await connection.execute(
        update(made)
        .where(made.c.door == door, made.c.chat == chat, made.c.trouble != "")
        .values(due_at=None)
    )
    notice = await recall(connection, _told(door, person))
    if notice:
        await notices.reword(connection, notice, _BACK.format(door=door.capitalize()))


async def every(connection: AsyncConnection, door: str) -> tuple[Pairing, ...]:
    """The owner's chats on a door; empty means nobody."""
    query = select(tables.pairing).where(tables.pairing.c.door == door)
    return tuple(
        Pairing(
            door=row.door,
            person=row.person,
            chat=row.chat,
            at=row.at,
            since=row.since,
            blocked_at=row.blocked_at,
        )
        for row in await connection.execute(query)
    )


def _told(door: str, person: str) -> str:
    """Where the line that told of a blocked chat is remembered."""
    return f"blocked:{door}:{person}"
