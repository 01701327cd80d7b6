"""What nobody can read is kept and said in one line: one for an album, not for each picture."""

import json
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from jobs import notices
from jobs.marks import keep, recall
from memory.company import Company
from memory.records.shape import Frozen


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
