"""What nobody can read is kept and said in one line: one for an album, not for each picture."""

import json
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from jobs import notices
from jobs.marks import keep, recall
from memory import tables
from memory.company import Company
from memory.records.shape import Frozen
from memory.records.source import Source

_SEEN = ("image/", "video/")
_TELLS = timedelta(minutes=10)
"""How long after a picture the next words are taken for what it shows."""


class Album(Frozen):
    """Several things that were sent in one gesture."""

    name: str
    """The same for all of them, and for nothing else."""
    words: str
    """The line about more than one of them, with {count} in the place of how many."""


async def tell(
    connection: AsyncConnection,
    company: Company,
    *,
    now: datetime,
    source: str,
    text: str,
    album: Album | None,
) -> None:
    """Say once that something is kept; a line about the same album counts it in.

    Args:
        source: Id of the Source; the same one twice changes nothing.
        text: The line about it alone.
    """
    key = f"album:{album.name}" if album else f"kept:{source}"
    known = json.loads(await recall(connection, key) or "{}")
    sources: list[str] = known.get("sources", [])
    if source in sources:
        return
    sources = [*sources, source]
    if not known:
        notice = await notices.tell(connection, company, now=now, text=text, source=source)
    else:
        notice = known["notice"]
        counted = album.words.format(count=len(sources)) if album else text
        await notices.reword(connection, notice, counted)
    await keep(connection, key, json.dumps({"notice": notice, "sources": sources}))


async def is_told_of(connection: AsyncConnection, source: Source) -> bool:
    """Whether a message tells what a picture shows, as the owner was asked to.

    It answers the line about the picture, or is the next thing that the owner says.
    """
    if source.files or source.forwarded:
        return False
    table = tables.source
    query = select(table.c.files)
    if source.reply_to is not None:
        of_line = select(tables.notice.c.source).where(tables.notice.c.id == source.reply_to)
        query = query.where(table.c.id == of_line.scalar_subquery())
    else:
        query = query.where(
            table.c.channel == source.channel,
            table.c.sender == source.sender,
            table.c.id != source.id,
            table.c.received_at <= source.received_at,
            table.c.received_at >= source.received_at - _TELLS,
        ).order_by(table.c.received_at.desc())
    row = (await connection.execute(query.limit(1))).first()
    files: list[dict[str, str]] = json.loads(row.files) if row else []
    return bool(files) and all(one["media_type"].startswith(_SEEN) for one in files)
