"""Who the owner is on each door."""

from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from memory import tables
from memory.company import Company
from memory.records.shape import Frozen


class Pairing(Frozen):
    """A person of one door who is the owner."""

    door: str
    person: str
    chat: str
    at: datetime
    since: int
    """Notices up to this number were there before."""


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
    await company.ledger.add(
        connection,
        "paired",
        at=now,
        actor=f"{door} {person}",
        subject=door,
        row=(tables.pairing, {"door": door, "person": person}),
    )


async def every(connection: AsyncConnection, door: str) -> tuple[Pairing, ...]:
    """The owner's chats on a door; empty means nobody."""
    query = select(tables.pairing).where(tables.pairing.c.door == door)
    return tuple(
        Pairing(door=row.door, person=row.person, chat=row.chat, at=row.at, since=row.since)
        for row in await connection.execute(query)
    )
