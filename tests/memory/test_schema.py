"""Schema: every start brings the database to this version, or leaves it as it was."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from memory import ledger, schema, triggers
from memory.errors import Misconfigured
from memory.revisions import search_row
from memory.tables import metadata
from memory.transitions import ALLOWED
from tests.memory.given import NOW, a_company, an_hourly_rate, file

MIGRATIONS = Path(schema.__file__).parent / "migrations"


def upgrade(folder: Path) -> bool:
    return schema.upgrade(f"sqlite+aiosqlite:///{folder}/steward.db", folder / "backups", NOW)


def asked(folder: Path, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(folder / "steward.db", isolation_level=None)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def objects(folder: Path, kind: str) -> set[object]:
    return {
        row[0] for row in asked(folder, f"SELECT name FROM sqlite_master WHERE type = '{kind}'")
    }


def an_older_database(folder: Path, version: str) -> None:
    folder.mkdir(exist_ok=True)
    config = AlembicConfig()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = create_engine(f"sqlite:///{folder}/steward.db")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, version)
    engine.dispose()


def test_an_empty_folder_gets_everything(tmp_path: Path):
    assert upgrade(tmp_path / "new")
    assert objects(tmp_path / "new", "table") >= {*metadata.tables, "search"}
    assert objects(tmp_path / "new", "trigger") == set(triggers.statements("sqlite"))


def test_a_database_is_current_once_it_is_there_and_of_this_version(tmp_path: Path):
    url = f"sqlite+aiosqlite:///{tmp_path}/steward.db"
    before = schema.is_current(url)
    an_older_database(tmp_path, "0001")
    older = schema.is_current(url)
    upgrade(tmp_path)

    assert (before, older, schema.is_current(url)) == (False, False, True)


def test_money_of_the_version_before_stays_sealed(tmp_path: Path):
    an_older_database(tmp_path, "0003")
    connection = sqlite3.connect(tmp_path / "steward.db")
    connection.execute(
        "INSERT INTO budget VALUES ('run_1', 1, '2026-03-10', 'coordinator', 9, 5, 'now')"
    )
    connection.commit()
    connection.close()
    upgrade(tmp_path)

    assert asked(tmp_path, "SELECT run, settled_micro, customer, model FROM budget") == [
        ("run_1", 5, "", "")
    ]
    assert set(ledger._SEALED["budget"]) == {
        *("run", "attempt", "day", "agent", "reserved_micro", "settled_micro", "at")
    }


def test_a_second_start_changes_nothing(tmp_path: Path):
    upgrade(tmp_path)

    assert not upgrade(tmp_path)
    assert not (tmp_path / "backups").exists()


def test_the_newest_migration_is_the_one_the_code_expects():
    config = AlembicConfig()
    config.set_main_option("script_location", str(MIGRATIONS))

    assert ScriptDirectory.from_config(config).get_current_head() == schema.HEAD


def test_the_migrations_make_what_the_tables_say(tmp_path: Path):
    upgrade(tmp_path)
    engine = create_engine(f"sqlite:///{tmp_path}/steward.db")
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_object": lambda _, name, *rest: not str(name).startswith("search"),
            },
        )
        differences = compare_metadata(context, metadata)
    engine.dispose()

    assert differences == []


def test_the_migrations_set_the_defaults_that_the_tables_say(tmp_path: Path):
    upgrade(tmp_path / "migrated")
    (tmp_path / "made").mkdir()
    engine = create_engine(f"sqlite:///{tmp_path}/made/steward.db")
    metadata.create_all(engine)
    engine.dispose()

    for name in metadata.tables:
        columns = f"SELECT name, type, dflt_value, pk FROM pragma_table_info('{name}')"
        assert asked(tmp_path / "migrated", columns) == asked(tmp_path / "made", columns)


async def test_an_older_database_is_backed_up_and_keeps_its_records(tmp_path: Path):
    an_older_database(tmp_path, "0001")
    async with a_company(tmp_path) as company:
        kept = await file(company, an_hourly_rate("85"))
    asked(tmp_path, "UPDATE search SET rowid = 1")

    assert upgrade(tmp_path)
    (copy,) = (tmp_path / "backups").iterdir()
    assert copy.name == f"before-{schema.HEAD}-20260310-090000.db"
    assert asked(tmp_path, "SELECT rowid, record FROM search") == [
        (search_row(kept.record), kept.record)
    ]
    async with a_company(tmp_path) as company, company.store.read() as connection:
        assert await company.ledger.faults(connection) == ()


def test_a_migration_that_fails_leaves_the_database_as_it_was(tmp_path: Path):
    asked(tmp_path, "CREATE TABLE verdict (something TEXT)")

    with pytest.raises(Exception, match="verdict already exists"):
        upgrade(tmp_path)
    assert objects(tmp_path, "table") == {"verdict"}


def test_two_starts_at_once_migrate_once(tmp_path: Path):
    # a lock on a file is between two openings of it, so two threads meet as two processes do
    with ThreadPoolExecutor(2) as starts:
        migrated = list(starts.map(upgrade, [tmp_path, tmp_path]))

    assert sorted(migrated) == [False, True]


def test_a_trigger_that_is_gone_or_changed_is_made_again(tmp_path: Path):
    upgrade(tmp_path)
    whole = asked(
        tmp_path, "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
    )
    asked(tmp_path, "DROP TRIGGER ledger_never_changes")
    asked(tmp_path, "DROP TRIGGER ledger_in_order")
    asked(
        tmp_path,
        "CREATE TRIGGER ledger_in_order BEFORE INSERT ON ledger WHEN 0 BEGIN SELECT 1; END",
    )

    upgrade(tmp_path)

    query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
    assert asked(tmp_path, query) == whole


def test_the_database_of_a_newer_steward_is_left_alone(tmp_path: Path):
    upgrade(tmp_path)
    asked(tmp_path, "UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(Misconfigured, match="newer Steward"):
        upgrade(tmp_path)


async def test_a_backup_taken_while_somebody_writes_is_whole(data: Path, tmp_path: Path):
    async with a_company(data) as company:
        first = await file(company, an_hourly_rate("85"))
        schema.backup(data / "steward.db", tmp_path / "copy" / "steward.db")
        await file(company, an_hourly_rate("95"), was=first, now=NOW + timedelta(days=1))

    assert asked(tmp_path / "copy", "SELECT count(*) FROM revision") == [(1,)]
    assert asked(tmp_path / "copy", "PRAGMA integrity_check") == [("ok",)]


async def test_actions_from_before_the_database_had_rules_go_on_under_them(tmp_path: Path):
    an_older_database(tmp_path, "0003")
    columns = "id, revision, source, run, agent, kind, heading, effect, [then], rationale, path"
    values = "'act_1', 1, 's', 'r', 'a@1', 'mail.send', 'h', '{}', '[]', '', 'rules'"
    asked(
        tmp_path,
        f"INSERT INTO action ({columns}, state, version, digest, key, created_at) "
        f"VALUES ({values}, 'held', 4, 'd', 'k', '2026-03-10T09:00:00.000000Z')",
    )

    assert upgrade(tmp_path)

    assert asked(tmp_path, "SELECT state, version, moved_by FROM action") == [("held", 4, "")]
    with pytest.raises(sqlite3.IntegrityError, match="nobody may move it so"):
        asked(tmp_path, "UPDATE action SET state = 'ready', version = 5, moved_by = 'agent'")
    asked(tmp_path, "UPDATE action SET state = 'ready', version = 5, moved_by = 'clock'")


def test_what_may_follow_is_put_right_at_every_start(tmp_path: Path):
    upgrade(tmp_path)
    asked(tmp_path, "DROP TRIGGER allowed_transition_no_insert")
    asked(tmp_path, "INSERT INTO allowed_transition VALUES ('rejected', 'ready', 'agent')")

    upgrade(tmp_path)

    rows = asked(tmp_path, "SELECT * FROM allowed_transition")
    assert len(rows) == len(ALLOWED)
    assert ("rejected", "ready", "agent") not in rows
