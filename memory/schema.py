"""Bringing the database to this version's schema, at every start, before anything else runs."""

import fcntl
import sqlite3
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, create_engine, inspect, text

HEAD = "0001"
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
)


def upgrade(database_url: str, backups: Path, now: datetime) -> bool:
    """Migrate the database, after a backup; make every trigger anew.

    Args:
        database_url: As configured, with its async driver.
        backups: Folder for the backup taken before a migration.
        now: Names the backup.

    Returns:
        Whether anything had to be migrated.
    """
    url = database_url.replace("+aiosqlite", "").replace("+asyncpg", "+psycopg")
    file = Path(url.partition(":///")[2]) if url.startswith("sqlite") else None
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
    with _alone(backups.parent):
        engine = create_engine(url)
        try:
            with engine.begin() as connection:
                version = _version(connection)
            if version == HEAD:
                return False
            if file is not None and version is not None:
                backup(file, backups / f"before-{HEAD}-{now:%Y%m%d-%H%M%S}.db")
            with engine.begin() as connection:
                _migrate(connection)
        finally:
            engine.dispose()
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
    if connection.dialect.name == "sqlite":
        for name, when, reason in _TRIGGERS:
            connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
            connection.execute(
                text(f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, '{reason}'); END")
            )


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.scalar(text("SELECT version_num FROM alembic_version"))


class _alone:  # noqa: N801 - reads as "with _alone(folder)"
    """One process at a time."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._place = folder / "schema.lock"

    def __enter__(self) -> None:
        self._file = self._place.open("w")
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        self._file.close()
