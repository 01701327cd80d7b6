"""Finding what the company knows: by kind, by entity, by text."""

import re
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from memory import revisions, tables
from memory.errors import Refused
from memory.records.change import Version
from memory.records.kept import Kept, record_id


async def search(
    connection: AsyncConnection,
    words: str,
    *,
    limit: int = 10,
    kinds: tuple[str, ...] | None = None,
) -> tuple[Version, ...]:
    """Records whose words match best, best first.

    Args:
        limit: At most so many are looked at, of whatever kind.
        kinds: Only these kinds are read; None reads all.
    """
    # a word that is said ten times would be looked up ten times
    terms = dict.fromkeys(re.findall(r"\w+", words.lower()))
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
    return await revisions.standing(connection, tuple(row.record for row in rows), kinds=kinds)


class View:
    """What a run may look up: the kinds its specialist declared, at one moment."""

    def __init__(self, connection: AsyncConnection, reads: tuple[str, ...]) -> None:
        self._connection = connection
        self._reads = reads

    async def every(self, kind: str, *, at: datetime | None = None) -> tuple[Version, ...]:
        """All records of a kind that stand; those true `at` a moment when one is given."""
        self._check(kind)
        return await revisions.every(self._connection, kind, at=at)

    async def of(self, kept: Kept) -> Version | None:
        """The record that has the same kind and key, if it stands."""
        self._check(kept.kind)
        return await _standing(self._connection, kept.kind, kept.key())

    async def version(self, kept: Kept) -> Version | None:
        """The latest version of the record with this kind and key, also one taken back."""
        self._check(kept.kind)
        return await revisions.current(self._connection, record_id(kept.kind, kept.key()))

    async def by_key(self, kind: str, key: str) -> Version | None:
        """The record of this kind with this key, if it stands."""
        self._check(kind)
        return await _standing(self._connection, kind, key)

    async def search(
        self, words: str, *, kind: str | None = None, limit: int = 10
    ) -> tuple[Version, ...]:
        """Records of the declared kinds, or of one of them, whose words match best, best first."""
        if kind is not None:
            self._check(kind)
        kinds = self._reads if kind is None else (kind,)
        found = await search(self._connection, words, limit=limit * 4, kinds=kinds)
        return found[:limit]

    def _check(self, kind: str) -> None:
        if kind not in self._reads:
            message = f"this specialist does not declare that it reads {kind}"
            raise Refused(message)


async def _standing(connection: AsyncConnection, kind: str, key: str) -> Version | None:
    """The record of this kind with this key, if it stands."""
    record = await connection.scalar(
        select(tables.record.c.id).where(tables.record.c.kind == kind, tables.record.c.key == key)
    )
    found = await revisions.current(connection, record) if record else None
    return found if found is not None and found.data is not None else None
