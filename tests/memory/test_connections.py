"""Connections: each is closed in the end, whoever gives up at which moment."""

import asyncio
import sqlite3
import threading
from pathlib import Path

import pytest

from memory.connections import Connection, Connections


def is_closed(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("SELECT 1")
    except sqlite3.ProgrammingError:
        return True
    return False


class Slow:
    """Opens a database only when it may."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.may = threading.Event()
        self.opened: list[sqlite3.Connection] = []

    def open(self) -> sqlite3.Connection:
        self.asked.set()
        assert self.may.wait(10)
        made = sqlite3.connect(":memory:", check_same_thread=False)
        self.opened.append(made)
        return made


async def test_it_reads_and_closes(tmp_path: Path):
    connection = Connections().open(tmp_path / "one.db")
    await connection

    async with connection.execute("SELECT 7") as rows:
        assert await rows.fetchone() == (7,)
    await connection.close()

    assert not connection.is_open


async def test_closing_twice_never_waits_for_ever(tmp_path: Path):
    connection = Connections().open(tmp_path / "one.db")
    await connection

    async with asyncio.timeout(5):
        connection.stop()
        await connection.close()
        await asyncio.gather(connection.close(), connection.close())
        await connection.ended()


async def test_told_to_stop_while_it_closes_it_still_comes_back(tmp_path: Path):
    connection = Connections().open(tmp_path / "one.db")
    await connection

    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        group.create_task(connection.close())
        await asyncio.sleep(0)
        connection.stop()
    await connection.ended()


async def test_what_is_opened_for_somebody_who_no_longer_waits_is_closed():
    slow = Slow()
    connection = Connection(slow.open)

    async def wait_for_it() -> None:
        await connection

    waiting = asyncio.create_task(wait_for_it())
    await asyncio.to_thread(slow.asked.wait, 10)
    waiting.cancel()
    await asyncio.wait((waiting,))
    slow.may.set()
    async with asyncio.timeout(5):
        await connection.ended()

    (opened,) = slow.opened
    assert is_closed(opened)


async def test_all_that_nobody_has_closed_are_closed_in_the_end(tmp_path: Path):
    connections = Connections()
    taken, given_back, never_begun = (connections.open(tmp_path / "one.db") for _ in range(3))
    await taken
    await given_back
    await given_back.close()

    await connections.close()

    assert [one.is_open for one in (taken, given_back, never_begun)] == [False] * 3


async def test_what_cannot_be_opened_says_why(tmp_path: Path):
    connection = Connections().open(tmp_path / "nowhere" / "one.db")

    with pytest.raises(sqlite3.OperationalError, match="unable to open"):
        await connection

    assert not connection._thread.is_alive()
