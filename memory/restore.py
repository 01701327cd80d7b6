"""Beginning again from a copy: it takes the database's place, and what was there is kept."""

import asyncio
import contextlib
import fcntl
import os
import shutil
import sqlite3
from collections.abc import Generator
from datetime import datetime
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

from memory import tables
from memory.backup import COPIED, DATABASE, faults
from memory.chain import KEY_CHANGED
from memory.company import Company, database_url, opened
from memory.config import Config
from memory.errors import Refused, Unavailable
from memory.ledger import head, last_line
from memory.records.shape import Frozen
from memory.schema import backup, upgrade
from memory.store import sqlite_file

_BESIDE = ("-wal", "-shm")
"""What SQLite keeps beside a database that is in use."""


class Restored(Frozen):
    """What beginning again came to."""

    at: datetime
    """When the newest thing in the copy was written."""
    kept: Path | None
    """Where what was there before is; None when nothing was."""
    proved: bool
    """Whether the copy's ledger was written with the key that is here."""


def restore(config: Config, data: Path, copy: Path, now: datetime) -> Restored:
    """Put a copy in the place of the company's database, and its files beside those that are here.

    The next start sees that it is a copy, and asks about everything that may have left since.

    Args:
        copy: The folder that `steward backup` made, or a database file in it.

    Raises:
        Refused: There is no such copy, it can't be restored, or somebody works here.
        Unavailable: The disk did not take it; what was there is there still.
    """
    file = sqlite_file(database_url(config, data))
    if file is None:
        raise Refused(
            "Your database is on a server of its own.", hint="Restore it with that server's tools."
        )
    place, database = (copy.parent, copy) if copy.is_file() else (copy, copy / DATABASE)
    if not database.exists():
        raise Refused(f"There is no copy in {copy}.", hint="Name a folder that backup made.")
    data.mkdir(parents=True, exist_ok=True)
    with _alone(data):
        try:
            kept = _exchange(file, database, data / "backups", now)
            if (place / "blobs").exists() and place != data:
                shutil.copytree(place / "blobs", data / "blobs", dirs_exist_ok=True)
        except (OSError, sqlite3.Error) as error:
            raise Unavailable(
                "The disk did not take the copy; nothing was replaced.", hint="Free some space."
            ) from error
        upgrade(database_url(config, data), data / "backups", now)
        return asyncio.run(_begin(config, data, kept, now))


def _exchange(file: Path, database: Path, backups: Path, now: datetime) -> Path | None:
    """Try the copy, put what is there aside, and the copy in its place.

    Raises:
        Refused: The copy can't be restored.
    """
    draft = backups / "restoring"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    try:
        # what is beside a copy belongs to it, so it is taken as a database, not as a file
        backup(database, draft / DATABASE)
        wrong = faults(draft)
        if wrong:
            raise Refused(f"That copy can't be restored: {wrong[0]}", hint="Take an older one.")
        with (draft / DATABASE).open("rb") as whole:
            os.fsync(whole.fileno())
        kept = _put_aside(file, backups / f"before-restore-{now:%Y%m%d-%H%M%S}")
        (draft / DATABASE).replace(file)
    except sqlite3.OperationalError:
        # the disk, not the copy
        raise
    except sqlite3.DatabaseError as error:
        raise Refused(
            f"That copy can't be restored: it can't be read ({error}).", hint="Take an older one."
        ) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return kept


def _put_aside(file: Path, place: Path) -> Path | None:
    """Move a database with all that is beside it, sound or not."""
    present = [one for one in (file, *(Path(f"{file}{end}") for end in _BESIDE)) if one.exists()]
    if not present:
        return None
    place.mkdir(parents=True, exist_ok=True)
    # its own file last: while that is here, trying again finds all of it
    for one in reversed(present):
        one.replace(place / f"{DATABASE}{one.name.removeprefix(file.name)}")
    return place


async def _begin(config: Config, data: Path, kept: Path | None, now: datetime) -> Restored:
    """Mark it as a copy, and vouch for a ledger that another key has written."""
    async with opened(config, data) as company:
        async with company.store.read() as connection:
            last = await last_line(connection)
        proved = last is None or company.ledger.mark(last.hash) == last.mac
        if not proved and company.anchors.file.exists():
            # they are of another ledger
            company.anchors.file.replace(data / f"anchors-before-{now:%Y%m%d-%H%M%S}.jsonl")

        async def work(connection: AsyncConnection) -> None:
            await _mark(connection)
            if not proved:
                await _vouch(connection, company, now)

        await company.store.write(work)
        return Restored(at=last.at if last else now, kept=kept, proved=proved)


async def _mark(connection: AsyncConnection) -> None:
    await connection.execute(tables.meta.delete().where(tables.meta.c.key == COPIED))
    await connection.execute(tables.meta.insert().values(key=COPIED, value="1"))


async def _vouch(connection: AsyncConnection, company: Company, now: datetime) -> None:
    seq, hashed = await head(connection)
    await company.ledger.add(
        connection, KEY_CHANGED, at=now, actor="restore", subject="everything",
        last_seq=seq, last_hash=hashed,
    )  # fmt: skip


@contextlib.contextmanager
def _alone(data: Path) -> Generator[None]:
    """The folder, while nobody works in it.

    Raises:
        Refused: Somebody does.
    """
    with contextlib.ExitStack() as locks:
        workers = data / "workers"
        held = [*(workers.iterdir() if workers.exists() else ()), data / "steward.lock"]
        for one in held:
            lock = locks.enter_context(one.open("a"))
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Refused(
                    f"Steward works in {data}.", hint="Stop it first, then restore."
                ) from error
        yield
