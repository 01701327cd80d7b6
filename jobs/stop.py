"""STOP: a file first, so that it holds even when the database is stuck; then a row."""

import os

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from memory import tables
from memory.company import Company
from memory.errors import Refused


class Stopped(Refused):
    """Everything that goes out is held: nothing is wrong with this one, it waits."""


async def stop(company: Company, actor: str) -> None:
    """Nothing leaves from the moment the file is on the disk."""
    handle = os.open(company.stop_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(handle, actor.encode())
        os.fsync(handle)
    finally:
        os.close(handle)
    await _next_epoch(company, "stopped", actor)


async def resume(company: Company, actor: str) -> None:
    """Things may leave again; what waited goes on."""
    company.stop_file.unlink(missing_ok=True)
    await _next_epoch(company, "resumed", actor)


def stopped(company: Company) -> bool:
    """Whether everything that goes out is held."""
    return company.stop_file.exists()


async def epoch(connection: AsyncConnection) -> int:
    """How many times STOP and resume were said."""
    found = await connection.scalar(
        select(tables.meta.c.value).where(tables.meta.c.key == "stop_epoch")
    )
    return int(found) if found else 0


async def _next_epoch(company: Company, event: str, actor: str) -> None:
    async def work(connection: AsyncConnection) -> None:
        now = company.clock.now()
        following = await epoch(connection) + 1
        if following == 1:
            await connection.execute(
                insert(tables.meta).values(key="stop_epoch", value=str(following))
            )
        else:
            await connection.execute(
                update(tables.meta)
                .where(tables.meta.c.key == "stop_epoch")
                .values(value=str(following))
            )
        await company.ledger.add(
            connection,
            event,
            at=now,
            actor=actor,
            subject="everything",
            row=(tables.meta, {"key": "stop_epoch"}),
        )

    await company.store.write(work)
