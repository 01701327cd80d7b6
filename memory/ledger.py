"""The append-only, hash-chained audit: ids, states and digests, never a person's text."""

import hashlib
import hmac
import json
import os
import secrets
from datetime import datetime
from pathlib import Path

from sqlalchemy import Table, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from memory import tables
from memory.canonical import canonical, digest
from memory.records.shape import Frozen
from memory.tables import Instant

_FIRST = "0" * 64

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
    "record": ("id", "kind", "key", "version", "title", "data"),
    "action": (
        *("id", "revision", "source", "run", "agent", "kind", "heading", "effect", "then"),
        *("rationale", "path", "cost_micro", "state", "version", "digest", "key", "compensates"),
        *("expires_at", "hold_until", "approved_by", "approved_at", "approved_digest"),
        *("fence", "attempts", "trouble", "receipt"),
    ),
    "verdict": tuple(column.name for column in tables.verdict.columns),
    "decision": tuple(column.name for column in tables.decision.columns),
    "pairing": ("door", "person", "chat", "at"),
    "budget": ("run", "attempt", "day", "agent", "reserved_micro", "settled_micro"),
    "meta": ("key", "value"),
}
"""The columns whose content an entry seals; leases and delivery marks move without a trace."""


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
            handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_hex(32))
                file.flush()
                os.fsync(file.fileno())
        return cls(bytes.fromhex(place.read_text().strip()))

    async def add(
        self,
        connection: AsyncConnection,
        event: str,
        *,
        at: datetime,
        actor: str,
        subject: str,
        row: tuple[Table, dict[str, object]] | None = None,
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
        last = (
            await connection.execute(
                select(tables.ledger.c.seq, tables.ledger.c.hash)
                .order_by(tables.ledger.c.seq.desc())
                .limit(1)
            )
        ).first()
        seals, sealed_row, seal = "", "", ""
        if row is not None:
            seals, sealed_row = row[0].name, canonical(row[1]).decode()
            seal = await _seal(connection, row[0], row[1])
        entry: dict[str, object] = {
            "seq": (last.seq if last else 0) + 1,
            "at": at,
            "actor": actor,
            "event": event,
            "subject": subject,
            "detail": canonical(detail).decode(),
            "seals": seals,
            "sealed_row": sealed_row,
            "seal": seal,
            "prev_hash": last.hash if last else _FIRST,
        }
        entry["hash"] = _hash(entry)
        entry["mac"] = self._mac(str(entry["hash"]))
        await connection.execute(insert(tables.ledger).values(entry))

    async def faults(self, connection: AsyncConnection) -> tuple[str, ...]:
        """Everything that was changed behind the ledger's back, one sentence each.

        Checks the chain, the keyed marks, gaps, and every sealed row against its last entry.
        """
        found: list[str] = []
        latest: dict[tuple[str, str], tuple[int, str]] = {}
        before = _FIRST
        expected = 1
        rows = await connection.stream(select(tables.ledger).order_by(tables.ledger.c.seq))
        async for row in rows:
            entry = row._asdict()
            seq = int(entry["seq"])
            if seq != expected:
                found.append(f"Entry {expected} is missing.")
            if entry["prev_hash"] != before or _hash(entry) != entry["hash"]:
                found.append(f"Entry {seq} does not follow from the one before it.")
            if not hmac.compare_digest(self._mac(entry["hash"]), entry["mac"]):
                found.append(f"Entry {seq} was not written by this Steward.")
            if entry["seals"]:
                latest[entry["seals"], entry["sealed_row"]] = (seq, entry["seal"])
            before, expected = entry["hash"], seq + 1
        found += await _row_faults(connection, latest)
        return tuple(found)

    def _mac(self, hashed: str) -> str:
        return hmac.new(self._key, hashed.encode(), hashlib.sha256).hexdigest()


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
    connection: AsyncConnection, latest: dict[tuple[str, str], tuple[int, str]]
) -> list[str]:
    """Rows that differ from their last entry, are gone, or were never entered."""
    found: list[str] = []
    for (name, key), (seq, seal) in latest.items():
        table = tables.metadata.tables[name]
        if await _seal(connection, table, json.loads(key)) != seal:
            found.append(f"A row of {name} ({key}) is not as entry {seq} left it.")
    for name in _SEALED:
        if name == "meta":
            continue
        table = tables.metadata.tables[name]
        key_columns = tuple(table.primary_key.columns)
        for row in await connection.execute(select(*key_columns)):
            key = canonical(row._asdict()).decode()
            if (name, key) not in latest:
                found.append(f"A row of {name} ({key}) was put in without an entry.")
    return found


async def _seal(connection: AsyncConnection, table: Table, key: dict[str, object]) -> str:
    """The digest of a row's sealed columns as they are now; "gone" when there is no such row."""
    columns = [table.c[name] for name in _SEALED[table.name]]
    query = select(*columns)
    for name, value in key.items():
        query = query.where(table.c[name] == value)
    row = (await connection.execute(query)).first()
    if row is None:
        return "gone"
    return digest([_plain(value) for value in row])


def _hash(entry: dict[str, object]) -> str:
    content = {name: _plain(entry[name]) for name in entry if name not in ("hash", "mac")}
    return hashlib.sha256(b"\x01" + canonical(content)).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return Instant().process_bind_param(value, None)  # pyright: ignore[reportArgumentType]
    return value
