"""Ledgers made quickly: as the product writes them, row for row, but straight into a file."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Table

from memory import tables
from memory.canonical import canonical, digest
from memory.chain import FIRST, Line, entry_hash, keyed, plain
from memory.ledger import _SEALED
from memory.schema import upgrade
from memory.tables import instant_text
from memory.triggers import statements

KEY = bytes(range(32))
NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
STATES = ("proposed", "awaiting", "approved", "held", "ready", "claimed", "committing", "done")
"""What a mail goes through that the owner approves."""
NAMES = tuple(column.name for column in tables.ledger.columns)


def a_ledger(folder: Path, entries: int, *, dates: bool = True) -> Path:
    """A company whose ledger has so many entries and whose rows are all there.

    Args:
        dates: Whether time passes between two entries.

    Returns:
        The database file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "steward.db"
    upgrade(f"sqlite+aiosqlite:///{file}", folder / "backups", NOW)
    (folder / "ledger.key").write_text(KEY.hex())
    actions = entries // len(STATES)
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=OFF")
        database.execute("BEGIN")
        _unguarded(database)
        _insert(database, tables.action, (_action(number) for number in range(actions)))
        _insert(database, tables.meta, [("passing", "1")] if entries % len(STATES) else [])
        lines = _chained(_told(entries, actions, dates=dates))
        database.executemany(f"INSERT INTO ledger VALUES ({', '.join('?' * len(NAMES))})", lines)
        for sql in statements("sqlite").values():
            database.execute(sql)
        database.execute("COMMIT")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return file


def _unguarded(database: sqlite3.Connection) -> None:
    for name in statements("sqlite"):
        database.execute(f"DROP TRIGGER {name}")


def _insert(database: sqlite3.Connection, table: Table, rows: Iterable[tuple[object, ...]]) -> None:
    marks = ", ".join("?" * len(table.columns))
    database.executemany(f"INSERT INTO {table.name} VALUES ({marks})", rows)


def _action(number: int) -> tuple[object, ...]:
    """A mail that has been sent."""
    given: dict[str, object] = {
        "id": f"act_{number:016d}", "revision": 1, "source": f"src_{number:016d}",
        "run": f"run_{number:016d}", "agent": "replies@1", "kind": "mail.send",
        "heading": "Reply to Marta Silva", "effect": '{"kind":"mail.send"}', "then": "[]",
        "rationale": "she asks", "path": "rules", "cost_micro": 0, "state": "done",
        "version": len(STATES), "digest": "d" * 64, "key": f"key_{number:016d}",
        "created_at": instant_text(NOW), "fence": 1, "attempts": 1, "trouble": "", "hint": "",
        "approved_by": "telegram 111", "approved_digest": "d" * 64, "receipt": "{}",
        "moved_by": "executor",
    }  # fmt: skip
    return tuple(given.get(column.name) for column in tables.action.columns)


def _told(entries: int, actions: int, *, dates: bool) -> Iterator[dict[str, str | int]]:
    """What each entry says, in the order in which it happened."""
    seq = 0
    for number in range(actions):
        row = dict(zip((one.name for one in tables.action.columns), _action(number), strict=True))
        last = digest([plain(row[name]) for name in _SEALED["action"]])
        key = canonical({"id": row["id"], "revision": 1}).decode()
        for step, state in enumerate(STATES):
            seq += 1
            # only the last seal of a row is ever compared
            seal = last if step == len(STATES) - 1 else digest([state, number])
            yield _entry(seq, f"action_{state}", str(row["id"]), "action", key, seal, dates=dates)
    while seq < entries:
        seq += 1
        seal = digest(["passing", "1"])
        yield _entry(seq, "noted", "passing", "meta", '{"key":"passing"}', seal, dates=dates)


def _entry(
    seq: int, event: str, subject: str, seals: str, row: str, seal: str, *, dates: bool
) -> dict[str, str | int]:
    return {
        "seq": seq, "at": instant_text(NOW + timedelta(seconds=seq if dates else 0)),
        "actor": "worker wrk_abcdefghij234567", "event": event, "subject": subject,
        "detail": '{"revision":1}', "seals": seals, "sealed_row": row, "seal": seal,
    }  # fmt: skip


def _chained(told: Iterator[dict[str, str | int]]) -> Iterator[Line]:
    before, mark = FIRST, keyed(KEY)
    for one in told:
        entry: dict[str, object] = {**one, "prev_hash": before}
        before = entry_hash(entry)
        entry |= {"hash": before, "mac": mark(before)}
        yield tuple(entry[name] for name in NAMES)  # type: ignore[misc]
