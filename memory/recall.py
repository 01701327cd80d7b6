"""Finding what the company knows: by kind, by entity, by text."""

import re

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from memory import revisions, tables
from memory.records.change import Version


async def search(connection: AsyncConnection, words: str, *, limit: int = 10) -> tuple[Version, ...]:
    """Records whose words match best, best first."""
    terms = re.findall(r"\w+", words.lower())
    if not terms:
        return ()
    query = " OR ".join(f'"{term}"' for term in terms)
    rows = await connection.execute(
        text(
            "SELECT record FROM search WHERE search MATCH :query "
            "ORDER BY bm25(search), record LIMIT :limit"
        ),
        {"query": query, "limit": limit},
    )
    found = [await revisions.current(connection, row.record) for row in rows]
    return tuple(one for one in found if one is not None and one.data is not None)


async def by_key(connection: AsyncConnection, kind: str, key: str) -> Version | None:
    """The record of this kind with this key, if it stands."""
    record = await connection.scalar(
        select(tables.record.c.id).where(
            tables.record.c.kind == kind, tables.record.c.key == key
        )
    )
    found = await revisions.current(connection, record) if record else None
    return found if found is not None and found.data is not None else None
