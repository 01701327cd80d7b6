"""STOP: a file first, so that it holds even when the database is stuck; then a row."""

import contextlib
import fcntl
import json
import os
from collections.abc import Generator
from datetime import datetime

from pydantic import ValidationError
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from memory import tables
from memory.clock import monotonic_s
from memory.company import Company
from memory.errors import Refused, Unavailable
from memory.folders import settle
from memory.ids import new_token
from memory.records.shape import Frozen

_PATIENCE_S = 0.2
"""A stop does not wait longer than this for somebody who is lifting another one."""


class Stopped(Refused):
    """Everything that goes out is held: nothing is wrong with this one, it waits."""


class InForce(Unavailable):
    """Nothing leaves any more; only the books could not be written yet."""


class Stop(Frozen):
    """A stop as its file says it."""

    by: str
    """Door and person."""
    name: str
    """Its own: one stop is never mistaken for another."""
    until: datetime | None = None
    """When it ends by itself; None for not before the owner says so."""


async def stop(company: Company, actor: str) -> None:
    """Nothing leaves from the moment the file is on the disk."""
    hold(company, actor)

    async def work(connection: AsyncConnection) -> None:
        await note(connection, company, "stopped", actor)

    await company.store.write(work)


async def resume(company: Company, actor: str) -> None:
    """Things may leave again; what waited goes on."""
    lift(company, standing(company))

    async def work(connection: AsyncConnection) -> None:
        await note(connection, company, "resumed", actor)

    await company.store.write(work)


def hold(company: Company, actor: str, until: datetime | None = None) -> Stop:
    """Put the file on the disk, and its name into the folder; from then on nothing leaves.

    Nothing else is needed for it: no database, no worker, no redis.
    """
    made = Stop(by=actor, name=new_token(), until=until)
    with _alone(company):
        handle = os.open(company.stop_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            os.write(handle, made.model_dump_json().encode())
            os.fsync(handle)
        finally:
            os.close(handle)
        settle(company.stop_file.parent)
    return made


def lift(company: Company, seen: Stop | None) -> bool:
    """Take the file away if it is still the stop that was seen; a newer one stays."""
    with _alone(company):
        if seen is None or standing(company) != seen:
            return False
        company.stop_file.unlink(missing_ok=True)
        return True


def stopped(company: Company) -> bool:
    """Whether everything that goes out is held."""
    return company.stop_file.exists()


def standing(company: Company) -> Stop | None:
    """The stop that is in force; None when there is none."""
    try:
        text = company.stop_file.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return None
    try:
        return Stop.model_validate(json.loads(text))
    except (ValueError, ValidationError):
        # written by hand, or by somebody who died over it: it holds all the same
        return Stop(by="by hand", name=text)


async def epoch(connection: AsyncConnection) -> int:
    """How many times STOP and resume were said."""
    found = await connection.scalar(
        select(tables.meta.c.value).where(tables.meta.c.key == "stop_epoch")
    )
    return int(found) if found else 0


async def note(connection: AsyncConnection, company: Company, event: str, actor: str) -> None:
    """Write down that everything was stopped or resumed."""
    following = await epoch(connection) + 1
    if following == 1:
        await connection.execute(insert(tables.meta).values(key="stop_epoch", value=str(following)))
    else:
        await connection.execute(
            update(tables.meta)
            .where(tables.meta.c.key == "stop_epoch")
            .values(value=str(following))
        )
    await company.ledger.add(
        connection,
        event,
        at=company.clock.now(),
        actor=actor,
        subject="everything",
        row=(tables.meta, {"key": "stop_epoch"}),
    )


@contextlib.contextmanager
def _alone(company: Company) -> Generator[None]:
    """One process at a time, for as long as anybody can wait.

    Who lifts an old stop must not take a newer one away between looking and doing.
    """
    with company.stop_file.with_suffix(".lock").open("w") as lock:
        until = monotonic_s() + _PATIENCE_S
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if monotonic_s() >= until:
                    break
            else:
                break
        yield
