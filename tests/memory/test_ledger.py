"""Ledger: it only grows, and whatever is changed behind its back is found."""

import asyncio
import contextlib
import shutil
import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Table, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from memory import revisions, tables
from memory.company import Company
from memory.ledger import _SEALED, Ledger, entries
from memory.records.change import Change
from tests.doubles.stage import unguarded
from tests.memory.given import (
    NOW,
    a_company,
    a_stranger_at,
    an_hourly_rate,
    remember,
)

Factory = pytest.TempPathFactory
KEY = bytes(range(32))
SEALED = sorted(_SEALED)
ONE_STEP = {"version": 1, "state": "done"}
"""As many moves as there are entries about it."""
IN_ORDER = "the ledger is a chain"
ONLY_GROWS = "only grows"


def a_row_of(table: Table) -> dict[str, object]:
    """A row with a value in every column."""
    values: dict[str, object] = {}
    for number, column in enumerate(table.columns):
        kind = column.type
        if isinstance(kind, tables.Instant):
            values[column.name] = NOW
        elif kind.python_type is bool:
            values[column.name] = True
        elif kind.python_type is int:
            values[column.name] = number + 7
        else:
            values[column.name] = f"{column.name} of {table.name}"[:20]
    return {**values, **ONE_STEP} if table.name == "action" else values


def key_of(table: Table, row: dict[str, object]) -> dict[str, object]:
    return {column.name: row[column.name] for column in table.primary_key.columns}


async def fill(company: Company) -> None:
    """One sealed row in every table, and one entry that seals nothing."""

    async def work(connection: AsyncConnection) -> None:
        for name in SEALED:
            table = tables.metadata.tables[name]
            row = a_row_of(table)
            async with unguarded(connection):
                await connection.execute(insert(table).values(row))
            await company.ledger.add(
                connection, f"{name}_done", at=NOW, actor="worker", subject="one",
                row=(table, key_of(table, row)), number=1,
            )  # fmt: skip
        await company.ledger.add(connection, "stopped", at=NOW, actor="owner", subject="all")

    await company.store.write(work)


async def faults(data: Path) -> tuple[str, ...]:
    async with a_company(data) as company, company.store.read() as connection:
        return await company.ledger.faults(connection)


@pytest.fixture(scope="session")
def once_filled(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an entry for every sealed table, made once and copied often."""
    folder = tmp_path_factory.mktemp("filled")
    shutil.copyfile(migrated, folder / "steward.db")

    async def work() -> None:
        async with a_company(folder) as company:
            await fill(company)

    asyncio.run(work())
    return folder


@pytest.fixture
def filled(once_filled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(once_filled, tmp_path / "filled"))


@contextlib.contextmanager
def without_triggers(data: Path):
    """Somebody who knows SQLite and has the file, but not the key."""
    with a_stranger_at(data) as stranger:
        names = stranger.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in names.fetchall():
            stranger.execute(f"DROP TRIGGER {name}")
        yield stranger


async def test_an_untouched_ledger_has_no_faults(filled: Path):
    assert await faults(filled) == ()


async def test_each_entry_follows_from_the_one_before_it(filled: Path):
    with a_stranger_at(filled) as stranger:
        rows = stranger.execute("SELECT seq, prev_hash, hash FROM ledger ORDER BY seq").fetchall()

    assert [row[0] for row in rows] == list(range(1, len(rows) + 1))
    assert [row[1] for row in rows] == ["0" * 64, *(row[2] for row in rows[:-1])]


async def test_the_lines_about_one_subject_can_be_read(filled: Path):
    async with a_company(filled) as company, company.store.read() as connection:
        about_all = await entries(connection, "all")
        everything = await entries(connection)

    assert [(one.event, one.actor, one.at) for one in about_all] == [("stopped", "owner", NOW)]
    assert everything[0].detail == {"number": 1}
    assert len(everything) == len(SEALED) + 1


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("UPDATE ledger SET actor = 'x' WHERE seq = 1", ONLY_GROWS),
        ("DELETE FROM ledger WHERE seq = 1", ONLY_GROWS),
        ("INSERT OR REPLACE INTO ledger SELECT * FROM ledger WHERE seq = 1", IN_ORDER),
        ("INSERT INTO ledger SELECT 99, at, actor, event, subject, detail, seals, sealed_row, seal,"
         " hash, hash, mac FROM ledger WHERE seq = 1", IN_ORDER),
        ("UPDATE revision SET author = 'x'", ONLY_GROWS),
        ("INSERT OR REPLACE INTO revision SELECT * FROM revision", ONLY_GROWS),
        ("UPDATE decision SET verb = 'approve'", ONLY_GROWS),
        ("INSERT OR REPLACE INTO decision SELECT * FROM decision", ONLY_GROWS),
        ("UPDATE verdict SET level = 'allow'", ONLY_GROWS),
        ("INSERT OR REPLACE INTO verdict SELECT * FROM verdict", ONLY_GROWS),
    ],
)  # fmt: skip
async def test_the_database_itself_refuses_to_change_history(
    filled: Path, statement: str, reason: str
):
    with (
        a_stranger_at(filled) as stranger,
        pytest.raises(sqlite3.IntegrityError, match=reason),
    ):
        stranger.execute(statement)


async def unnoticed(data: Path, table: str, where: str) -> list[str]:
    """The columns of a table that can be changed, one at a time, without `faults` saying so."""
    found: list[str] = []
    columns = [one.name for one in tables.ledger.columns] if table == "ledger" else _SEALED[table]
    with without_triggers(data) as stranger:
        async with a_company(data) as company:
            for column in columns:
                before = stranger.execute(f'SELECT "{column}" FROM {table} {where}').fetchone()
                stranger.execute(f'UPDATE {table} SET "{column}" = 98765 {where}')
                async with company.store.read() as connection:
                    if await company.ledger.faults(connection) == ():
                        found.append(column)
                changed = "WHERE seq = 98765" if column == "seq" else where
                stranger.execute(f'UPDATE {table} SET "{column}" = ? {changed}', before)
            async with company.store.read() as connection:
                assert await company.ledger.faults(connection) == ()
    return found


async def test_any_changed_column_of_the_ledger_is_found(filled: Path):
    assert await unnoticed(filled, "ledger", "WHERE seq = 3") == []


@pytest.mark.parametrize("table", SEALED)
async def test_any_changed_column_of_a_sealed_row_is_found(filled: Path, table: str):
    assert await unnoticed(filled, table, "") == []


@pytest.mark.parametrize("table", SEALED)
async def test_a_deleted_row_is_found(filled: Path, table: str):
    with without_triggers(filled) as stranger:
        stranger.execute(f"DELETE FROM {table}")

    assert any(
        f"A row of {table}" in fault and "is gone" in fault for fault in await faults(filled)
    )


@pytest.mark.parametrize("table", [name for name in SEALED if name != "meta"])
async def test_a_row_that_was_put_in_is_found(filled: Path, table: str):
    with without_triggers(filled) as stranger:
        stranger.execute(f"CREATE TEMP TABLE copy AS SELECT * FROM {table}")
        if table == "source":
            stranger.execute("UPDATE copy SET native_id = 'another'")
        if table == "record":
            stranger.execute("UPDATE copy SET key = 'another'")
        key = tables.metadata.tables[table].primary_key.columns[0].name
        stranger.execute(f"UPDATE copy SET {key} = 4711")
        stranger.execute(f"INSERT INTO {table} SELECT * FROM copy")

    assert any("put in without an entry" in fault for fault in await faults(filled))


async def test_a_missing_entry_is_found(filled: Path):
    with without_triggers(filled) as stranger:
        stranger.execute("DELETE FROM ledger WHERE seq = 3")

    assert "Entry 3 is missing." in await faults(filled)


async def test_a_tail_chained_anew_without_the_key_is_found(filled: Path):
    forger = Ledger(KEY)
    with without_triggers(filled) as stranger:
        stranger.execute("DELETE FROM ledger WHERE seq >= 5")
    async with a_company(filled) as company:

        async def forge(connection: AsyncConnection) -> None:
            for name in SEALED[4:]:
                table = tables.metadata.tables[name]
                row = (table, key_of(table, a_row_of(table)))
                await forger.add(
                    connection, "forged", at=NOW, actor="worker", subject="one", row=row
                )

        await company.store.write(forge)
    found = await faults(filled)

    assert found == (f"Entries 5 to {len(SEALED)} were not written by this Steward.",)


@pytest.mark.parametrize("value", ["x'00ff'", "'\u00fc'", "1.5", "9e999", "CAST(x'ff' AS TEXT)"])
async def test_a_value_of_the_wrong_kind_is_a_fault_and_no_crash(filled: Path, value: str):
    with without_triggers(filled) as stranger:
        stranger.execute(f"UPDATE source SET received_at = {value}, text = {value}")

    assert any(" source " in fault for fault in await faults(filled))


@pytest.mark.parametrize("value", ["x'00ff'", "'\u00fc'"])
async def test_a_mark_of_the_wrong_kind_is_a_fault_and_no_crash(filled: Path, value: str):
    with without_triggers(filled) as stranger:
        stranger.execute(f"UPDATE ledger SET mac = {value}, hash = {value} WHERE seq = 2")

    assert await faults(filled) != ()


async def test_an_entry_of_a_failed_operation_leaves_no_gap(data: Path):
    async with a_company(data) as company:

        async def fails(connection: AsyncConnection) -> None:
            await company.ledger.add(connection, "never", at=NOW, actor="x", subject="x")
            raise ValueError

        async def works(connection: AsyncConnection) -> None:
            await company.ledger.add(connection, "ever", at=NOW, actor="x", subject="x")

        for _ in range(3):
            with contextlib.suppress(ValueError):
                await company.store.write(fails)
            await company.store.write(works)
        async with company.store.read() as connection:
            assert [one.event for one in await entries(connection)] == ["ever"] * 3
            assert await company.ledger.faults(connection) == ()


async def test_a_row_that_was_deleted_on_the_record_is_no_fault(data: Path):
    async with a_company(data) as company:

        async def work(connection: AsyncConnection) -> None:
            row = (tables.meta, {"key": "passing"})
            await remember(connection, "passing")
            await company.ledger.add(connection, "a", at=NOW, actor="x", subject="x", row=row)
            await connection.execute(tables.meta.delete().where(tables.meta.c.key == "passing"))
            await company.ledger.add(connection, "b", at=NOW, actor="x", subject="x", row=row)

        await company.store.write(work)

    assert await faults(data) == ()


async def test_the_ledger_holds_no_word_of_what_was_said(data: Path):
    async with a_company(data) as company:
        change = Change.to(an_hourly_rate("85").changed(what="secret orchid work"))

        async def work(connection: AsyncConnection) -> None:
            await revisions.apply(
                connection, company.ledger, (change,), now=NOW, author="owner", action=None,
                sources=(),
            )  # fmt: skip

        await company.store.write(work)
    with a_stranger_at(data) as stranger:
        lines = repr(stranger.execute("SELECT * FROM ledger").fetchall())

    assert "orchid" not in lines


def test_the_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path):
    first = Ledger.with_key_in(tmp_path / "new")
    second = Ledger.with_key_in(tmp_path / "new")

    assert first._key == second._key
    assert stat.S_IMODE((tmp_path / "new" / "ledger.key").stat().st_mode) == 0o600


def test_many_who_need_the_key_at_once_get_the_same_one(tmp_path: Path):
    with ThreadPoolExecutor(8) as starts:
        made = list(starts.map(Ledger.with_key_in, [tmp_path / "new"] * 32))

    assert {len(one._key) for one in made} == {32}
    assert len({one._key for one in made}) == 1
    assert [one.name for one in (tmp_path / "new").iterdir()] == ["ledger.key"]


@settings(max_examples=15)
@given(
    where=st.sampled_from([(table, column) for table in SEALED for column in _SEALED[table]]),
    value=st.one_of(st.text(max_size=20), st.integers(-(2**63), 2**63 - 1), st.binary(max_size=9)),
)
async def test_whatever_a_column_is_changed_to_is_found(
    where: tuple[str, str], value: object, once_filled: Path, tmp_path_factory: Factory
):
    table, column = where
    folder = shutil.copytree(once_filled, tmp_path_factory.mktemp("one"), dirs_exist_ok=True)
    with without_triggers(folder) as stranger:
        before = stranger.execute(f'SELECT "{column}" FROM {table}').fetchone()
        with contextlib.suppress(sqlite3.IntegrityError):
            stranger.execute(f'UPDATE {table} SET "{column}" = ?', (value,))
        after = stranger.execute(f'SELECT "{column}" FROM {table}').fetchone()
    found = await faults(folder)

    assert (found != ()) == (before != after)
