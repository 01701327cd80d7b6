"""The append-only, hash-chained audit: ids, states and digests, never a person's text."""

import contextlib
import json
import os
import secrets
import sqlite3
import tempfile
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import cast

import aiosqlite
from sqlalchemy import Label, Select, Table, bindparam, insert, select, type_coerce
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import NullType

from memory import tables
from memory.canonical import canonical, digest
from memory.chain import FIRST, Anchored, Faults, Line, Walk, entry_hash, keyed, plain
from memory.records.shape import Frozen
from memory.tables import instant_text

_GONE = "gone"
"""The seal of a row that is no longer there."""

_SEALED: dict[str, tuple[str, ...]] = {
    "source": (
        *("id", "channel", "native_id", "chat", "sender", "label", "text", "files"),
        *("forwarded", "reply_to", "received_at"),
    ),
    "run": (
        *("id", "source", "agent", "version", "step", "state", "fence", "trigger", "intents"),
        *("tier", "input_digest", "output", "tokens", "cost_micro", "outcome"),
    ),
    "revision": tuple(column.name for column in tables.revision.columns),
    "record": tuple(column.name for column in tables.record.columns),
    "action": (
        *("id", "revision", "source", "run", "agent", "kind", "heading", "effect", "then"),
        *("rationale", "path", "cost_micro", "state", "version", "digest", "key", "compensates"),
        *("created_at", "expires_at", "hold_until", "approved_by", "approved_at"),
        *("approved_digest", "fence", "attempts", "trouble", "hint", "receipt"),
    ),
    "verdict": tuple(column.name for column in tables.verdict.columns),
    "decision": tuple(column.name for column in tables.decision.columns),
    "pairing": ("door", "person", "chat", "at"),
    # without what came later: the seals of older rows must stay what they are
    "budget": ("run", "attempt", "day", "agent", "reserved_micro", "settled_micro", "at"),
    "allowance": tuple(column.name for column in tables.allowance.columns),
    "meta": ("key", "value"),
}
"""The columns whose content an entry seals; leases and delivery marks move without a trace."""

_MAY_STAND_UNSEALED = ("meta",)
"""Tables some of whose rows never get an entry: the clock's offset, where a door left off."""

_AT_ONCE = 2000
"""So many rows are taken between two looks at what else there is to do."""

_IN_FLIGHT = timedelta(minutes=10)
"""So long an action may be on its way past its last check before its outcome is missed."""


class Entry(Frozen):
    """One line of the ledger."""

    seq: int
    at: datetime
    actor: str
    event: str
    subject: str
    detail: dict[str, str | int | None]


class Findings(Frozen):
    """What a check of the ledger came to."""

    entries: int
    rows: int
    """Rows of other tables that were compared with what the ledger says of them."""
    faults: tuple[str, ...]
    """What is wrong and where, one sentence each; empty when nothing is."""


class Ledger:
    """Writes entries; holds the key that no database copy contains."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._mark = keyed(key)

    @classmethod
    def with_key_in(cls, folder: Path) -> "Ledger":
        """The ledger whose key lies in `folder`, made on first use, readable by its owner only."""
        place = folder / "ledger.key"
        if not place.exists():
            folder.mkdir(parents=True, exist_ok=True)
            _make_key(place)
        return cls(bytes.fromhex(place.read_text().strip()))

    async def add(
        self,
        connection: AsyncConnection,
        event: str,
        *,
        at: datetime,
        actor: str,
        subject: str,
        row: tuple[Table, Mapping[str, object]] | None = None,
        **detail: str | int | None,
    ) -> None:
        """Append one entry in the caller's transaction.

        Args:
            event: What happened, as "action_done".
            at: The moment, aware.
            actor: Who did it: "owner telegram", "worker", agent@version.
            subject: Id of what it happened to.
            row: Table and primary key of the row whose present content is sealed.
            detail: Ids, states and digests; never a person's text.
        """
        seals, sealed_row = (row[0].name, canonical(row[1]).decode()) if row else ("", "")
        last_seq, last_hash, seal = await _look(connection, row)
        entry: dict[str, object] = {
            "seq": last_seq + 1,
            "at": at,
            "actor": actor,
            "event": event,
            "subject": subject,
            "detail": canonical(detail).decode(),
            "seals": seals,
            "sealed_row": sealed_row,
            "seal": seal,
            "prev_hash": last_hash,
        }
        hashed = entry_hash({**entry, "at": instant_text(at)})
        await connection.execute(_APPEND, {**entry, "hash": hashed, "mac": self._mark(hashed)})

    async def faults(self, connection: AsyncConnection) -> tuple[str, ...]:
        """Everything that was changed behind the ledger's back, one sentence each."""
        return (await self.verify(connection)).faults

    async def verify(
        self,
        connection: AsyncConnection,
        *,
        anchors: Iterable[Anchored] = (),
        now: datetime | None = None,
    ) -> Findings:
        """Check the chain, the keyed marks, gaps, and every sealed row against its last entry.

        Also whether each move of an action has its entry, and each that could leave its outcome.

        Args:
            anchors: Heads that were written down outside the database.
            now: What has passed its last check long before this should be settled; None asks for
                no such thing, as of a copy.
        """
        walk = Walk(self._key, anchors)
        broken = ""
        try:
            async for part in _parts(connection, tables.ledger):
                walk.take(cast("Iterable[Line]", part))
        except (DBAPIError, sqlite3.Error):
            broken = f"The entries after {walk.entries} can't be read."
        found = walk.end(open_since=instant_text(now - _IN_FLIGHT) if now else None)
        if broken:
            found.add(broken)
        rows = 0
        for name in _SEALED:
            rows += await _compare(connection, tables.metadata.tables[name], walk, found)
        for (name, key), (seq, seal) in walk.latest.items():
            if seal != _GONE:
                found.add(f"A row of {name} ({key}) that entry {seq} speaks of is gone.")
        return Findings(entries=walk.entries, rows=rows, faults=found.said())

    def mark(self, hashed: str) -> str:
        """What only the holder of the key can make of a hash."""
        return self._mark(hashed)


def _make_key(place: Path) -> None:
    """Put a new key in its place, whole, unless another process was faster."""
    with tempfile.NamedTemporaryFile("w", dir=place.parent) as draft:
        draft.write(secrets.token_hex(32))
        draft.flush()
        os.fsync(draft.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft.name, place)


async def head(connection: AsyncConnection) -> tuple[int, str]:
    """Number and hash of the newest entry: whoever keeps them can prove what came before."""
    found = (await connection.execute(_HEAD)).one()
    return found.last_seq or 0, found.last_hash or FIRST


class Last(Frozen):
    """What is needed of the newest entry to know who wrote it."""

    seq: int
    at: datetime
    hash: str
    mac: str


async def last_line(connection: AsyncConnection) -> Last | None:
    """The newest entry; None when there is none."""
    row = (await connection.execute(_LAST)).first()
    return None if row is None else Last(seq=row.seq, at=row.at, hash=row.hash, mac=row.mac)


async def lines(
    connection: AsyncConnection,
) -> AsyncGenerator[dict[str, str | int]]:
    """Every entry with all its columns, oldest first, as the database holds them."""
    query = select(*_raw(tables.ledger)).order_by(tables.ledger.c.seq)
    async for row in await connection.stream(query, execution_options={"yield_per": _AT_ONCE}):
        yield cast("dict[str, str | int]", _named(tables.ledger, row))


async def entries(connection: AsyncConnection, subject: str | None = None) -> tuple[Entry, ...]:
    """The ledger's lines in order; those about one subject when one is named."""
    query = select(tables.ledger).order_by(tables.ledger.c.seq)
    if subject is not None:
        query = query.where(tables.ledger.c.subject == subject)
    return tuple(
        Entry(
            seq=row.seq,
            at=row.at,
            actor=row.actor,
            event=row.event,
            subject=row.subject,
            detail=json.loads(row.detail),
        )
        for row in await connection.execute(query)
    )


async def _compare(connection: AsyncConnection, table: Table, walk: Walk, found: Faults) -> int:
    """Compare a table's rows with their last entries, and take those off `walk.latest`.

    Returns:
        How many rows there are.
    """
    names = [column.name for column in table.columns]
    key_at = [(name, names.index(name)) for name in _key(table)]
    sealed_at = [names.index(name) for name in _SEALED[table.name]]
    moves_at = names.index("version") if table.name == "action" else None
    rows = 0
    try:
        async for part in _parts(connection, table):
            for row in part:
                rows += 1
                key = canonical({name: plain(row[at]) for name, at in key_at}).decode()
                entered = walk.latest.pop((table.name, key), None)
                if entered is None:
                    if table.name not in _MAY_STAND_UNSEALED:
                        found.add(f"A row of {table.name} ({key}) was put in without an entry.")
                elif digest([plain(row[at]) for at in sealed_at]) != entered[1]:
                    found.add(
                        f"A row of {table.name} ({key}) is not as entry {entered[0]} left it."
                    )
                elif moves_at is not None and walk.moved(key) != row[moves_at]:
                    found.add(
                        f"Action {key} moved {row[moves_at]} times, and {walk.moved(key)} entries "
                        "say so."
                    )
    except (DBAPIError, sqlite3.Error):
        found.add(f"The rows of {table.name} cannot be read.")
    return rows


async def _parts(
    connection: AsyncConnection, table: Table
) -> AsyncGenerator[Sequence[Sequence[object]]]:
    """A table's rows in the order of its key, as the database holds them, some at a time."""
    query = select(*_raw(table)).order_by(*table.primary_key.columns)
    if connection.dialect.name == "sqlite":
        # plain tuples, straight from the driver: a third of what it costs through every layer
        raw = await connection.get_raw_connection()
        driver = cast("aiosqlite.Connection", raw.driver_connection)
        async with driver.execute(str(query.compile(dialect=connection.dialect))) as cursor:
            while part := list(await cursor.fetchmany(_AT_ONCE)):
                yield part
        return
    result = await connection.stream(query, execution_options={"yield_per": _AT_ONCE})
    async for part in result.partitions():
        yield part


async def _look(
    connection: AsyncConnection, row: tuple[Table, Mapping[str, object]] | None
) -> tuple[int, str, str]:
    """Number and hash of the last entry and the seal of a row as it is now, in one look."""
    found, seal = None, ""
    if row is not None:
        table, key = row
        found = (await connection.execute(_head_and_row(table), key)).first()
        seal = _GONE if found is None else _seal(table, _named(table, found))
    if found is None:
        found = (await connection.execute(_HEAD)).one()
    return found.last_seq or 0, found.last_hash or FIRST, seal


# Every write of the product comes through here: building these once halves what an entry costs.
_LAST = select(tables.ledger).order_by(tables.ledger.c.seq.desc()).limit(1)
_HEAD = select(
    _LAST.with_only_columns(tables.ledger.c.seq).scalar_subquery().label("last_seq"),
    _LAST.with_only_columns(tables.ledger.c.hash).scalar_subquery().label("last_hash"),
)
_APPEND = insert(tables.ledger)


@cache
def _head_and_row(table: Table) -> Select[tuple[object, ...]]:
    return _HEAD.add_columns(*_raw(table)).where(
        *(table.c[name] == bindparam(name) for name in _key(table))
    )


def _key(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.primary_key.columns)


def _raw(table: Table) -> list[Label[None]]:
    """A table's columns as the database holds them: changed ones may not be what they should."""
    return [type_coerce(column, NullType()).label(column.name) for column in table.columns]


def _named(table: Table, row: object) -> dict[str, object]:
    """The columns of a table in a row, by their names."""
    return {column.name: getattr(row, column.name) for column in table.columns}


def _seal(table: Table, content: Mapping[str, object]) -> str:
    """The digest of a row's sealed columns."""
    return digest([plain(content[name]) for name in _SEALED[table.name]])
