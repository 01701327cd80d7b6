"""The backup of every night: tried by restoring it, kept for a week of nights and four weeks."""

import asyncio
import fcntl
import logging
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

from jobs import notices, occurrences, sources
from jobs.occurrences import Occurrence
from jobs.scheduler import source_of, unsaid
from memory.backup import back_up
from memory.company import Company, database_url
from memory.errors import Trouble, Unavailable
from memory.store import sqlite_file

logger = logging.getLogger(__name__)

_NIGHTS = 7
_WEEKS = 4
_NAME = "night-%Y%m%d"


async def due(company: Company, now: datetime) -> Occurrence | None:
    """The night whose backup is still to be made; None when there is nothing to copy or to do."""
    if sqlite_file(database_url(company.config, company.data)) is None:
        return None
    wanted = [
        one
        for one in occurrences.due(company.config.policy, company.zone, now)
        if one.name == "backup"
    ]
    async with company.store.read() as connection:
        left = await unsaid(connection, wanted)
    return left[-1] if left else None


async def make(company: Company, night: Occurrence) -> None:
    """Make a night's backup, once, whoever else tries; what goes wrong is told."""
    folder = company.data / "backups"
    with _alone(folder) as alone:
        if not alone or await due(company, company.clock.now()) != night:
            return
        wrong = await asyncio.to_thread(_copied, company, folder, night)
        now = company.clock.now()

        async def work(connection: AsyncConnection) -> None:
            source = source_of(night, now)
            fresh = (await sources.accept_answered(connection, company, source, "")).fresh
            if fresh and wrong is not None:
                text = f"Last night's backup: {wrong.sentence} {wrong.hint}".strip()
                await notices.tell(
                    connection, company, now=now, text=text, source=source.id, rings=True
                )

        await company.store.write(work)
        logger.info("backed up", extra={"action": "backup", "fine": wrong is None})


def outlived(names: list[str]) -> list[str]:
    """Which nights' backups may go: all but the last seven and the last of each of four weeks."""
    nights = sorted((one for one in names if _day(one) is not None), reverse=True)
    stay = set(nights[:_NIGHTS])
    weeks: dict[tuple[int, int], str] = {}
    for one in nights:
        day = _day(one)
        if day is not None:
            weeks.setdefault(day.isocalendar()[:2], one)
    stay |= set(list(weeks.values())[:_WEEKS])
    return [one for one in nights if one not in stay]


def _day(name: str) -> date | None:
    try:
        return datetime.strptime(name, _NAME).date()  # noqa: DTZ007 - a day, not a moment
    except ValueError:
        return None


def _copied(company: Company, folder: Path, night: Occurrence) -> Trouble | None:
    """Copy and clear up; what went wrong, if anything did."""
    target = folder / f"{night.day:{_NAME}}"
    # a worker that died here has left a copy that nobody has tried
    shutil.rmtree(target, ignore_errors=True)
    try:
        back_up(company.config, company.data, target, night.at)
    except Trouble as trouble:
        return trouble
    except OSError as error:
        return Unavailable(f"The disk said: {error.strerror}.", hint="Free some space.")
    for name in outlived([one.name for one in folder.iterdir()]):
        shutil.rmtree(folder / name, ignore_errors=True)
    return None


@contextmanager
def _alone(folder: Path) -> Generator[bool]:
    """Whether nobody else is at it; the kernel lets go when the process dies."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
