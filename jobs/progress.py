"""Long work shows one line that turns into its answer."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from jobs import notices
from memory import tables
from memory.company import Company
from memory.records.run import RunState

LONG = timedelta(seconds=3)
"""What takes longer than this shows that it is being worked on."""


async def slow(connection: AsyncConnection, now: datetime) -> tuple[str, ...]:
    """Messages that somebody has worked on for long, and that show nothing yet."""
    run, source, notice = tables.run, tables.source, tables.notice
    earlier = run.alias()
    query = (
        select(source.c.id)
        .join(run, run.c.source == source.c.id)
        .join(earlier, earlier.c.source == source.c.id)
        .outerjoin(notice, notice.c.source == source.c.id)
        .where(
            run.c.state == RunState.CLAIMED.value,
            earlier.c.started_at <= now - LONG,
            source.c.settled_at.is_(None),
            source.c.channel != "clock",
            notice.c.id.is_(None),
        )
        .distinct()
    )
    return tuple(await connection.scalars(query))


async def show(company: Company, now: datetime) -> None:
    """Let each message that takes long say so, once; its first silent answer takes the place."""
    async with company.store.read() as connection:
        if not await slow(connection, now):
            return

    async def work(connection: AsyncConnection) -> None:
        for one in await slow(connection, now):
            await notices.tell(connection, company, now=now, text=notices.READING, source=one)

    await company.store.write(work)
