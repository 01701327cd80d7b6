"""Bringing the database to this version's schema, at every start, before anything else runs."""

import contextlib
import fcntl
import sqlite3
from collections.abc import Generator
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.pool import ConnectionPoolEntry

from memory.errors import Misconfigured
from memory.store import sqlite_file

HEAD = "0005"
"""The newest migration; a test compares it with the folder."""

_TRIGGERS = (
    ("ledger_never_changes", "BEFORE UPDATE ON ledger", "the ledger only grows"),
    ("ledger_never_shrinks", "BEFORE DELETE ON ledger", "the ledger only grows"),
    (
        "ledger_in_order",
        "BEFORE INSERT ON ledger WHEN NEW.seq != (SELECT coalesce(max(seq), 0) + 1 FROM ledger) "
        "OR NEW.prev_hash != coalesce((SELECT hash FROM ledger ORDER BY seq DESC LIMIT 1), "
        "'0000000000000000000000000000000000000000000000000000000000000000')",
        "the ledger is a chain",
    ),
    ("revision_never_changes", "BEFORE UPDATE ON revision", "history only grows"),
    ("decision_never_changes", "BEFORE UPDATE ON decision", "history only grows"),
    ("verdict_never_changes", "BEFORE UPDATE ON verdict", "history only grows"),
    # INSERT OR REPLACE changes a row without an UPDATE
    (
        "revision_never_replaced",
        "BEFORE INSERT ON revision WHEN EXISTS (SELECT 1 FROM revision "
        "WHERE record = NEW.record AND version = NEW.version)",
        "history only grows",
    ),
    (
        "decision_never_replaced",
        "BEFORE INSERT ON decision WHEN EXISTS (SELECT 1 FROM decision WHERE id = NEW.id)",
        "history only grows",
    ),
    (
        "verdict_never_replaced",
        "BEFORE INSERT ON verdict WHEN EXISTS (SELECT 1 FROM verdict WHERE id = NEW.id)",
        "history only grows",
    ),
)
"""Name, moment and reason of every trigger. Deleting is left open where erasing a person needs
it; the ledger notices any other deletion."""


def upgrade(database_url: str, backups: Path, now: datetime) -> bool:
    """Migrate the database, after a backup; make every trigger that is missing or different.

    One transaction: a process that dies in it leaves the database as it was.

    Args:
        database_url: As configured, with its async driver.
        backups: Folder for the backup taken before a migration.
        now: Names the backup.

    Returns:
        Whether anything had to be migrated.

    Raises:
        Misconfigured: A newer Steward has worked here, and its schema is not ours to touch.
    """
    file = sqlite_file(database_url)
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
    with _alone(backups.parent), _engine(database_url) as engine:
        with engine.connect().execution_options(reads=True) as connection:
            version = _version(connection)
        if version is not None and version > HEAD:
            fault = "This folder was last used by a newer Steward. Install that one, or restore"
            raise Misconfigured((f"{fault} the backup in {backups}.",))
        if version == HEAD:
            _make_triggers(engine)
            return False
        if file is not None and version is not None:
            backup(file, backups / f"before-{HEAD}-{now:%Y%m%d-%H%M%S}.db")
        with engine.begin() as connection:
            _migrate(connection)
        _make_triggers(engine)
    return True


def backup(file: Path, target: Path) -> None:
    """A consistent copy of an SQLite database that may be in use."""
    target.parent.mkdir(parents=True, exist_ok=True)
    origin = sqlite3.connect(file)
    try:
        origin.execute("VACUUM INTO ?", (str(target),))
    finally:
        origin.close()


def _migrate(connection: Connection) -> None:
    # alembic costs half a second to import, and on most starts there is nothing to migrate
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _make_triggers(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        return
    wanted = {
        name: f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, '{reason}'); END"
        for name, when, reason in _TRIGGERS
    }
    with engine.connect().execution_options(reads=True) as connection:
        query = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        present = {row.name: row.sql for row in connection.execute(query)}
    if present == wanted:
        return
    with engine.begin() as connection:
        for name in present.keys() | wanted.keys():
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
        for statement in wanted.values():
            connection.exec_driver_sql(statement)


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.scalar(text("SELECT version_num FROM alembic_version"))


@contextlib.contextmanager
def _engine(database_url: str) -> Generator[Engine]:
    url = database_url.replace("+aiosqlite", "").replace("+asyncpg", "+psycopg")
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _own_transactions)
        event.listen(engine, "begin", _begin)
    try:
        yield engine
    finally:
        engine.dispose()


def _own_transactions(raw: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    # Left to itself the driver runs CREATE TABLE outside of any transaction, and a kill in the
    # middle of the first migration would leave a folder that no start can repair.
    raw.isolation_level = None


def _begin(connection: Connection) -> None:
    reads = connection.get_execution_options().get("reads", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


@contextlib.contextmanager
def _alone(folder: Path) -> Generator[None]:
    """One process at a time."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "schema.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
