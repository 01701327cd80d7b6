"""SQLite's driver with one trip a statement: it answers what the plain library would."""

import sqlite3

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import create_async_engine

from memory.connections import Connections

COUNT = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT i FROM n"
)


@pytest.fixture
async def connection():
    connection = await Connections().open(":memory:", isolation_level=None)
    yield connection
    await connection.close()


@pytest.mark.parametrize("many", [0, 1, 499, 500, 501, 1_203])
async def test_all_rows_come_whatever_their_number(connection, many: int):
    cursor = await connection.cursor().execute(COUNT, (max(many, 1),))

    assert await cursor.fetchall() == [(one,) for one in range(1, max(many, 1) + 1)]
    assert await cursor.fetchall() == []


async def test_rows_are_read_in_pieces_of_any_size(connection):
    cursor = await connection.cursor().execute(COUNT, (1_203,))

    pieces = [len(await cursor.fetchmany(400)) for _ in range(5)]

    assert pieces == [400, 400, 400, 3, 0]
    assert await cursor.fetchone() is None


async def test_rows_are_walked_through_one_by_one(connection):
    cursor = await connection.cursor().execute(COUNT, (1_001,))

    assert [row[0] async for row in cursor] == list(range(1, 1_002))


async def test_a_cursor_that_is_closed_early_lets_go_of_its_rows(connection):
    await connection.cursor().execute("CREATE TABLE t (i)")
    cursor = await connection.cursor().execute(COUNT, (5_000,))
    await cursor.fetchmany(10)

    await cursor.close()

    # an open statement would keep the table from being dropped
    await connection.cursor().execute("DROP TABLE t")
    assert await cursor.fetchall() == []


async def test_it_says_how_many_rows_were_changed_and_which_was_the_last(connection):
    await connection.cursor().execute("CREATE TABLE t (i INTEGER PRIMARY KEY, n)")

    one = await connection.cursor().execute("INSERT INTO t (n) VALUES (?)", (1,))
    many = await connection.cursor().executemany("INSERT INTO t (n) VALUES (?)", [(2,), (3,)])
    changed = await connection.cursor().execute("UPDATE t SET n = 0 WHERE n > 1")
    returned = await connection.cursor().execute("UPDATE t SET n = 9 RETURNING i")

    assert (one.rowcount, one.lastrowid, one.description) == (1, 1, None)
    assert many.rowcount == 2
    assert changed.rowcount == 2
    assert await returned.fetchall() == [(1,), (2,), (3,)]


async def test_what_the_database_refuses_is_raised_as_it_is(connection):
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        await connection.cursor().execute("SELECT * FROM nowhere")


async def test_nothing_is_committed_that_was_rolled_back(connection):
    await connection.cursor().execute("CREATE TABLE t (i)")
    await connection.cursor().execute("BEGIN")
    await connection.cursor().execute("INSERT INTO t VALUES (1)")

    await connection.rollback()
    await connection.rollback()
    await connection.commit()

    cursor = await connection.cursor().execute("SELECT count(*) FROM t")
    assert await cursor.fetchone() == (0,)


async def test_an_engine_streams_a_long_result_and_takes_the_next_statement(tmp_path):
    engine = create_async_engine(
        f"sqlite+aiosqlite:///{tmp_path}/t.db",
        connect_args={"async_creator_fn": Connections().open, "isolation_level": None},
    )
    async with engine.connect() as connection:
        streamed = await connection.stream(text(COUNT.replace("?", "2000")))
        seen = [row[0] async for row in streamed]
        with pytest.raises(OperationalError):
            await connection.execute(text("SELECT * FROM nowhere"))
        after = await connection.scalar(text("SELECT 7"))
    await engine.dispose()

    assert (len(seen), after) == (2_000, 7)
