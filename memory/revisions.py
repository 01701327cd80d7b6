"""Records and their versions: history only grows, undo adds."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, insert, literal, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from memory import tables
from memory.canonical import canonical
from memory.errors import NotFound, Stale
from memory.ledger import Ledger
from memory.records.change import Change, Version
from memory.records.kept import Kept
from memory.records.kinds import kept_of
from memory.records.provenance import Provenance


@dataclass(frozen=True)
class _Origin:
    """What every version of one filing has in common."""

    now: datetime
    author: str
    action: str | None
    sources: tuple[str, ...]
    rationale: str


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
    origin = _Origin(now, author, action, sources, rationale)
    for change in changes:
        present = await connection.scalar(
            select(tables.record.c.version).where(tables.record.c.id == change.record)
        )
        if (present or 0) != change.base:
            raise Stale(f"{change.title} was changed in the meantime.")
        await _write(connection, change, origin)
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


async def standing(
    connection: AsyncConnection, records: tuple[str, ...], *, kinds: tuple[str, ...] | None = None
) -> tuple[Version, ...]:
    """The latest versions of those of these records that stand, in the order of their names.

    Args:
        kinds: Only these kinds; None means all.
    """
    query = (
        select(tables.revision)
        .join(
            tables.record,
            (tables.record.c.id == tables.revision.c.record)
            & (tables.record.c.version == tables.revision.c.version),
        )
        .where(tables.record.c.id.in_(records), tables.record.c.data.is_not(None))
    )
    if kinds is not None:
        query = query.where(tables.record.c.kind.in_(kinds))
    found = {row.record: _version(row) for row in await connection.execute(query)}
    return tuple(found[one] for one in records if one in found)


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
    query = (
        select(tables.revision)
        .join(tables.record, tables.record.c.id == tables.revision.c.record)
        .where(tables.record.c.kind == kind, _is_best(tables.record.c.id, at, known))
        .order_by(tables.revision.c.recorded_at, tables.revision.c.record)
    )
    return await _standing(connection, query)


async def as_of(
    connection: AsyncConnection,
    record: str,
    *,
    at: datetime | None = None,
    known: datetime | None = None,
) -> Version | None:
    """The version of a record that is true `at` a moment, as far as was `known` by another."""
    query = select(tables.revision).where(
        tables.revision.c.record == record, _is_best(literal(record), at, known)
    )
    return next(iter(await _standing(connection, query)), None)


def _is_best(
    record: ColumnElement[str], at: datetime | None, known: datetime | None
) -> ColumnElement[bool]:
    """Of what was known by then, what became valid last; of several, the newest.

    One look at an index per record, however many versions it has.
    """
    one = tables.revision.alias()
    best = select(one.c.version).where(one.c.record == record)
    if known is not None:
        best = best.where(one.c.recorded_at <= known)
    if at is not None:
        best = best.where(one.c.valid_from <= at).order_by(one.c.valid_from.desc())
    best = best.order_by(one.c.version.desc()).limit(1)
    return tables.revision.c.version == best.scalar_subquery()


async def _standing(
    connection: AsyncConnection, query: Select[*tuple[Any, ...]]
) -> tuple[Version, ...]:
    found = (_version(row) for row in await connection.execute(query))
    return tuple(one for one in found if one.data is not None)


async def _write(connection: AsyncConnection, change: Change, origin: _Origin) -> None:
    kept = None if change.data is None else kept_of(change.kind, change.data)
    data = None if change.data is None else canonical(change.data).decode()
    version = change.base + 1
    await connection.execute(
        insert(tables.revision).values(
            record=change.record,
            version=version,
            kind=change.kind,
            key=change.key,
            data=data,
            valid_from=change.valid_from or origin.now,
            recorded_at=origin.now,
            author=origin.author,
            action=origin.action,
            sources=json.dumps(origin.sources),
            rationale=origin.rationale,
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
        "updated_at": origin.now,
    }
    if change.base:
        await connection.execute(
            update(tables.record).where(tables.record.c.id == change.record).values(head)
        )
    else:
        await connection.execute(insert(tables.record).values(id=change.record, **head))
    if connection.dialect.name == "sqlite":
        await _index(connection, change, kept)


async def _index(connection: AsyncConnection, change: Change, kept: Kept | None) -> None:
    """Keep the search index in step, in the same transaction."""
    place = search_row(change.record)
    if change.base:
        await connection.execute(text("DELETE FROM search WHERE rowid = :place"), {"place": place})
    if kept is not None:
        await connection.execute(
            text("INSERT INTO search (rowid, record, words) VALUES (:place, :record, :words)"),
            {"place": place, "record": change.record, "words": kept.words()},
        )


def search_row(record: str) -> int:
    """Where a record's words stand in the search index: found without reading the whole index."""
    return int.from_bytes(hashlib.sha256(record.encode()).digest()[:8], "big") >> 1


def _version(row: Row[*tuple[Any, ...]]) -> Version:
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
