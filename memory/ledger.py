"""The append-only, hash-chained audit: ids, states and digests, never a person's text."""

import contextlib
import hashlib
import hmac
import json
import os
import secrets
import tempfile
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path

from sqlalchemy import Label, Select, Table, bindparam, insert, select, type_coerce
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import NullType

from memory import tables
from memory.canonical import canonical, digest
from memory.records.shape import Frozen
from memory.tables import instant_text

_FIRST = "0" * 64
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


class Entry(Frozen):
    """One line of the ledger."""

    seq: int
    at: datetime
    actor: str
    event: str
    subject: str
    detail: dict[str, str | int | None]


class Ledger:
    """Writes entries; holds the key that no database copy contains."""

    def __init__(self, key: bytes) -> None:
        self._key = key

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
        hashed = _hash({**entry, "at": instant_text(at)})
        await connection.execute(_APPEND, {**entry, "hash": hashed, "mac": self._mac(hashed)})

    async def faults(self, connection: AsyncConnection) -> tuple[str, ...]:
        """Everything that was changed behind the ledger's back, one sentence each.

        Checks the chain, the keyed marks, gaps, and every sealed row against its last entry.
        """
        found: list[str] = []
        latest: dict[tuple[str, str], tuple[int, str]] = {}
        before = _FIRST
        expected = 1
        query = select(*_raw(tables.ledger)).order_by(tables.ledger.c.seq)
        async for row in await connection.stream(query):
            entry = _named(tables.ledger, row)
            seq = row.seq
            if seq != expected:
                found.append(f"Entry {expected} is missing.")
            if row.prev_hash != before or row.hash != _hash(entry):
                found.append(f"Entry {seq} does not follow from the one before it.")
            elif row.mac != self._mac(row.hash):
                found.append(f"Entry {seq} was not written by this Steward.")
            if row.seals:
                latest[row.seals, row.sealed_row] = (seq, row.seal)
            before, expected = row.hash, seq + 1
        for name in _SEALED:
            found += await _row_faults(connection, tables.metadata.tables[name], latest)
        found += [
            f"A row of {name} ({key}) that entry {seq} speaks of is gone."
            for (name, key), (seq, seal) in latest.items()
            if seal != _GONE
        ]
        return tuple(found)

    def _mac(self, hashed: str) -> str:
        return hmac.new(self._key, hashed.encode(), hashlib.sha256).hexdigest()


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
    return found.last_seq or 0, found.last_hash or _FIRST


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


async def _row_faults(
    connection: AsyncConnection, table: Table, latest: dict[tuple[str, str], tuple[int, str]]
) -> list[str]:
    """Rows that differ from their last entry or were never entered; takes them off `latest`."""
    found: list[str] = []
    try:
        async for row in await connection.stream(select(*_raw(table))):
            content = _named(table, row)
            key = canonical({name: _plain(content[name]) for name in _key(table)}).decode()
            entered = latest.pop((table.name, key), None)
            if entered is None:
                if table.name not in _MAY_STAND_UNSEALED:
                    found.append(f"A row of {table.name} ({key}) was put in without an entry.")
            elif _seal(table, content) != entered[1]:
                found.append(f"A row of {table.name} ({key}) is not as entry {entered[0]} left it.")
    except DBAPIError:
        found.append(f"The rows of {table.name} cannot be read.")
    return found


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
    return found.last_seq or 0, found.last_hash or _FIRST, seal


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
    return digest([_plain(content[name]) for name in _SEALED[table.name]])


def _hash(entry: Mapping[str, object]) -> str:
    content = {name: _plain(entry[name]) for name in entry if name not in ("hash", "mac")}
    return hashlib.sha256(b"\x01" + canonical(content)).hexdigest()


def _plain(value: object) -> object:
    """A value as the database holds it, as JSON can: the same on every database."""
    if isinstance(value, bool):
        return int(value)
    return value if isinstance(value, str | int | None) else repr(value)
