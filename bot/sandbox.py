"""The sample company's commands: filling a folder, moving its clock."""

import asyncio
import re
from datetime import datetime, timedelta
from pathlib import Path

from bot.embedded import url_of
from jobs.outbox import Outbox
from memory import sample
from memory.clock import WallClock, monotonic_s
from memory.company import Company, database_url, opened
from memory.config import Config, load
from memory.errors import Misconfigured
from memory.schema import upgrade

_STEP = re.compile(r"([+-]?)(\d+(?:\.\d+)?)\s*([smhdw])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_SIGN_OF_LIFE_S = 2.5


async def fill(data: Path, now: str) -> str:
    """Make the sample company in an empty folder; returns its present moment.

    Args:
        data: The folder; made when it is not there.
        now: ISO moment it should be there, in the sample owner's zone; empty means now.

    Raises:
        Misconfigured: `now` is no moment, or the folder can't be used.
        Refused: The folder already holds a company.
    """
    config = load(_configured(data))
    moment = _moment(now, config) if now else WallClock().now().astimezone(config.owner.zone)
    upgrade(database_url(config, data), data / "backups", WallClock().now())
    async with opened(config, data) as company:
        await sample.fill(company, moment)
    return moment.isoformat(timespec="seconds")


async def move(config: Config, data: Path, by: str) -> str:
    """Move the clock by a step like "+61s", or to a moment; returns the new one.

    Raises:
        Misconfigured: There is no company, or `by` is neither a step nor a moment.
        Refused: It is not the sample company's.
    """
    if not (data / "steward.db").exists():
        raise Misconfigured((f"There is no company in {data}.",))
    async with opened(config, data) as company:
        found = _STEP.fullmatch(by.strip())
        if found:
            step = timedelta(seconds=float(found[2]) * _SECONDS[found[3]])
            step = -step if found[1] == "-" else step
        else:
            step = _moment(by, config) - company.clock.now()
        working = await _is_working(company, config.storage.redis_url or url_of(data))
        moved = await sample.move_clock(company, step, working=working)
        outbox = Outbox.at(company, config.storage.redis_url or url_of(data))
        await outbox.ring()
        await outbox.close()
    return moved.astimezone(config.owner.zone).isoformat(timespec="seconds")


def _configured(data: Path) -> Path:
    """The sample's configuration, written where there is none yet."""
    file = data / "config.toml"
    try:
        data.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            file.write_text(sample.CONFIG)
    except OSError as error:
        raise Misconfigured((f"{data}: cannot be used ({error.strerror}).",)) from error
    return file


async def _is_working(company: Company, redis_url: str) -> bool:
    """Whether a worker gives a sign of life when it is asked for one."""
    async with company.store.read() as connection:
        before = await sample.beats(connection)
        if not before:
            return False
    outbox = Outbox.at(company, redis_url)
    try:
        began = monotonic_s()
        while monotonic_s() - began < _SIGN_OF_LIFE_S:
            await outbox.ring()
            await asyncio.sleep(0.1)
            async with company.store.read() as connection:
                if await sample.beats(connection) > before:
                    return True
    finally:
        await outbox.close()
    return False


def _moment(text: str, config: Config) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        fault = f'"{text}" is not a moment; write it like 2026-03-10T09:00.'
        raise Misconfigured((fault,)) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=config.owner.zone)
