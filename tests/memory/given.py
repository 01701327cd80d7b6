"""What the tests of the memory begin with."""

import contextlib
import resource
import sqlite3
from collections.abc import AsyncGenerator, Generator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from memory import revisions, tables
from memory.company import Company, opened
from memory.config import Config, Owner
from memory.labels import Label
from memory.records.change import Change, Version
from memory.records.kept import Kept
from memory.records.money import Money
from memory.records.provenance import Provenance
from memory.records.rate import Rate

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
"""A Tuesday."""
SPOKEN = Provenance(source="src_1", label=Label.OWNER, method="owner")


@contextlib.asynccontextmanager
async def a_company(data: Path, *, busy_s: float = 10.0) -> AsyncGenerator[Company]:
    owner = Owner(name="Dana Reyes", timezone="Europe/Lisbon")
    async with opened(Config(owner=owner), data, busy_s=busy_s) as company:
        yield company


@contextlib.contextmanager
def a_stranger_at(data: Path) -> Generator[sqlite3.Connection]:
    """A plain connection to the database, as any program on this computer can open one."""
    connection = sqlite3.connect(data / "steward.db", isolation_level=None)
    try:
        yield connection
    finally:
        connection.close()


@contextlib.contextmanager
def a_disk_that_is_full_after(size_bytes: int) -> Generator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def an_hourly_rate(amount: str) -> Rate:
    return Rate(what="hourly", price=Money.of(amount, "EUR"), unit="hour")


def days(number: float) -> timedelta:
    return timedelta(days=number)


async def file(
    company: Company,
    kept: Kept,
    *,
    was: Version | None = None,
    now: datetime = NOW,
    valid_from: datetime | None = None,
) -> Version:
    """Put a record into the company's memory; returns the version that was written."""
    change = Change.to(kept, was=was, valid_from=valid_from)
    await apply(company, change, now=now)
    async with company.store.read() as connection:
        found = await revisions.current(connection, change.record)
    assert found is not None
    return found


async def apply(company: Company, *changes: Change, now: datetime = NOW) -> None:
    async def work(connection: AsyncConnection) -> None:
        await revisions.apply(
            connection,
            company.ledger,
            changes,
            now=now,
            author="owner",
            action=None,
            sources=("src_1",),
        )

    await company.store.write(work)


async def remember(connection: AsyncConnection, key: str, value: str = "x") -> str:
    """The smallest write there is; returns its key."""
    await connection.execute(insert(tables.meta).values(key=key, value=value))
    return key


def remembered(data: Path) -> set[str]:
    """What a connection of somebody else's sees of `remember`."""
    with a_stranger_at(data) as connection:
        return {row[0] for row in connection.execute("SELECT key FROM meta")}
