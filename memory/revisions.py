"""Records and their versions: history only grows, undo adds."""

import json
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Row, Select, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from memory import tables
from memory.canonical import canonical
from memory.errors import NotFound, Stale
from memory.ledger import Ledger
from memory.records.change import Change, Version
from memory.records.kept import Kept
from memory.records.kinds import kept_of
from memory.records.provenance import Provenance


async def apply(
    connection: AsyncConnection,
    ledger: Ledger,
    changes: Iterable[Change],
    *,
    now: datetime,
    author: str,
    action: str | None,
    sources: tuple[str, ...],
    rationale: str = "",
) -> None:
    """Write each change as a new version, in order.

    Raises:
        Stale: A record has moved on since the change was thought of; nothing is half done
            because the caller's savepoint takes back the rest.
        pydantic.ValidationError: A change's data does not fit its kind.
    """
    for change in changes:
        if change.data is not None:
            kept_of(change.kind, change.data)
        present = await connection.scalar(
            select(tables.record.c.version).where(tables.record.c.id == change.record)
        )
        if (present or 0) != change.base:
            raise Stale(f"{change.title} was changed in the meantime.")
        await _write(connection, change, present or 0, now, author, action, sources, rationale)
        await ledger.add(
            connection,
            "record_changed",
            at=now,
            actor=author,
            subject=change.record,
            row=(tables.revision, {"record": change.record, "version": change.base + 1}),
            action=action,
        )
        await ledger.add(
            connection,
            "record_now",
            at=now,
            actor=author,
            subject=change.record,
            row=(tables.record, {"id": change.record}),
        )


async def current(connection: AsyncConnection, record: str) -> Version | None:
    """The latest version of a record, also one that was taken back; None if it never was."""
    query = (
        select(tables.revision)
        .where(tables.revision.c.record == record)
        .order_by(tables.revision.c.version.desc())
        .limit(1)
    )
    row = (await connection.execute(query)).first()
    return _version(row) if row else None


async def kept(connection: AsyncConnection, record: str) -> Kept:
    """The record as it is now.

    Raises:
        NotFound: It never was, or was taken back.
    """
    found = await current(connection, record)
    if found is None or found.data is None:
        raise NotFound("There is no such record.")
    return kept_of(found.kind, found.data)


async def history(connection: AsyncConnection, record: str) -> tuple[Version, ...]:
    """Every version of a record, oldest first."""
    query = (
        select(tables.revision)
        .where(tables.revision.c.record == record)
        .order_by(tables.revision.c.version)
    )
    return tuple(_version(row) for row in await connection.execute(query))


async def every(
    connection: AsyncConnection,
    kind: str,
    *,
    at: datetime | None = None,
    known: datetime | None = None,
) -> tuple[Version, ...]:
    """All records of a kind that stand, oldest change first.

    Args:
        at: The moment they should be true at; None takes the latest version of each,
            also one that only becomes true later.
        known: What was recorded by then; None means everything.
    """
    if at is None and known is None:
        query = (
            select(tables.revision)
            .join(
                tables.record,
                (tables.record.c.id == tables.revision.c.record)
                & (tables.record.c.version == tables.revision.c.version),
            )
            .where(tables.record.c.kind == kind, tables.record.c.data.is_not(None))
            .order_by(tables.record.c.updated_at, tables.record.c.id)
        )
        return tuple(_version(row) for row in await connection.execute(query))
    return await _as_of(connection, select(tables.revision).where(tables.revision.c.kind == kind), at, known)


async def as_of(
    connection: AsyncConnection,
    record: str,
    *,
    at: datetime | None = None,
    known: datetime | None = None,
) -> Version | None:
    """The version of a record that is true `at` a moment, as far as was `known` by another."""
    query = select(tables.revision).where(tables.revision.c.record == record)
    found = await _as_of(connection, query, at, known)
    return found[0] if found else None


async def _as_of(
    connection: AsyncConnection, query: Select[tuple[object]], at: datetime | None, known: datetime | None
) -> tuple[Version, ...]:
    """Per record: of what was known by then, what became valid last; of several, the newest."""
    if known is not None:
        query = query.where(tables.revision.c.recorded_at <= known)
    if at is not None:
        query = query.where(tables.revision.c.valid_from <= at)
    chosen: dict[str, Version] = {}
    for row in await connection.execute(query.order_by(tables.revision.c.version)):
        found = _version(row)
        best = chosen.get(found.record)
        if best is None or found.valid_from >= best.valid_from:
            chosen[found.record] = found
    return tuple(one for one in chosen.values() if one.data is not None)


async def _write(
    connection: AsyncConnection,
    change: Change,
    present: int,
    now: datetime,
    author: str,
    action: str | None,
    sources: tuple[str, ...],
    rationale: str,
) -> None:
    data = None if change.data is None else canonical(change.data).decode()
    version = present + 1
    await connection.execute(
        insert(tables.revision).values(
            record=change.record,
            version=version,
            kind=change.kind,
            key=change.key,
            data=data,
            valid_from=change.valid_from or now,
            recorded_at=now,
            author=author,
            action=action,
            sources=json.dumps(sources),
            rationale=rationale,
            provenance=canonical(
                {name: one.model_dump(mode="json") for name, one in change.provenance.items()}
            ).decode(),
        )
    )
    head = {
        "kind": change.kind,
        "key": change.key,
        "version": version,
        "title": change.title,
        "data": data,
        "updated_at": now,
    }
    if present:
        await connection.execute(
            update(tables.record).where(tables.record.c.id == change.record).values(head)
        )
    else:
        await connection.execute(insert(tables.record).values(id=change.record, **head))
    await _index(connection, change)


async def _index(connection: AsyncConnection, change: Change) -> None:
    """Keep the search index in step, in the same transaction."""
    if connection.dialect.name != "sqlite":
        return
    await connection.execute(
        text("DELETE FROM search WHERE record = :record"), {"record": change.record}
    )
    if change.data is not None:
        words = kept_of(change.kind, change.data).words()
        await connection.execute(
            text("INSERT INTO search (record, words) VALUES (:record, :words)"),
            {"record": change.record, "words": words},
        )


def _version(row: Row[tuple[object]]) -> Version:
    return Version(
        record=row.record,
        kind=row.kind,
        key=row.key,
        version=row.version,
        data=None if row.data is None else json.loads(row.data),
        valid_from=row.valid_from,
        recorded_at=row.recorded_at,
        author=row.author,
        action=row.action,
        sources=tuple(json.loads(row.sources)),
        rationale=row.rationale,
        provenance={
            name: Provenance.model_validate(one) for name, one in json.loads(row.provenance).items()
        },
    )
