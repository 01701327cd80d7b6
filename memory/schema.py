"""Bringing the database to this version's schema, at every start, before anything else runs."""

import contextlib
import fcntl
import sqlite3
from collections.abc import Generator
from datetime import datetime
from pathlib import Path

from sqlalchemy import (
    Connection,
    Engine,
    create_engine,
    delete,
    event,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.pool import ConnectionPoolEntry

from memory.errors import Misconfigured
from memory.store import sqlite_file
from memory.tables import allowed_transition
from memory.transitions import ALLOWED
from memory.triggers import statements

HEAD = "0007"
"""The newest migration; a test compares it with the folder."""


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
            _make_rules(engine)
            return False
        if file is not None and version is not None:
            backup(file, backups / f"before-{HEAD}-{now:%Y%m%d-%H%M%S}.db")
        with engine.begin() as connection:
            _migrate(connection)
        _make_rules(engine)
    return True


def is_current(database_url: str) -> bool:
    """Whether there is a database, and it is of this version."""
    file = sqlite_file(database_url)
    if file is not None and not file.exists():
        return False
    with _engine(database_url) as engine, engine.connect() as bare:
        return _version(bare.execution_options(reads=True)) == HEAD


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


def _make_rules(engine: Engine) -> None:
    """The triggers and the table they look into, as this version's code says."""
    wanted = statements(engine.dialect.name)
    allowed = {tuple(str(one) for one in move) for move in ALLOWED}
    with engine.connect().execution_options(reads=True) as connection:
        present = _triggers(connection)
        known = {tuple(row) for row in connection.execute(select(allowed_transition))}
    if present == wanted and known == allowed:
        return
    with engine.begin() as connection:
        for name in present.keys() | wanted.keys():
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
        connection.execute(delete(allowed_transition))
        names = [column.name for column in allowed_transition.columns]
        rows = [dict(zip(names, move, strict=True)) for move in sorted(allowed)]
        connection.execute(insert(allowed_transition), rows)
        for statement in wanted.values():
            connection.exec_driver_sql(statement)


def _triggers(connection: Connection) -> dict[str, str]:
    if connection.dialect.name != "sqlite":
        return {}
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    return {str(row[0]): str(row[1]) for row in connection.exec_driver_sql(query)}


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
