"""Looks whether everything is in order, and says the next step where it is not."""

import asyncio
import contextlib
import shutil
import socket
from pathlib import Path

from bot import embedded
from bot.client import Client
from memory.company import database_url
from memory.config import Config
from memory.errors import Trouble
from memory.records.shape import Frozen
from memory.store import sqlite_file

_ENOUGH_MB = 200


class Finding(Frozen):
    """One thing looked at."""

    fine: bool
    says: str


async def examine(config: Config, data: Path) -> tuple[Finding, ...]:
    """Look at the folder, the disk, redis, the doors and the mail server."""
    findings = [_folder(config, data), _disk(data), await _redis(config, data), _door(data)]
    if config.mail.smtp is None:
        findings.append(
            Finding(fine=True, says="Mail: no account, so mail is written and not sent.")
        )
    else:
        findings.append(await _reach("Mail server", config.mail.smtp.host, config.mail.smtp.port))
        if not config.mail.from_address:
            says = "Mail: it has no address to come from. Put from_address under [mail]."
            findings.append(Finding(fine=False, says=says))
    if config.mail.imap is not None:
        findings.append(await _reach("Mail folder", config.mail.imap.host, config.mail.imap.port))
    return tuple(findings)


def _folder(config: Config, data: Path) -> Finding:
    file = sqlite_file(database_url(config, data))
    if file is None:
        return Finding(fine=True, says="Memory: on a database server.")
    if not file.exists():
        return Finding(fine=True, says=f"Memory: nothing in {data} yet; steward run makes it.")
    return Finding(fine=True, says=f"Memory: {file.stat().st_size // 1024} kB in {data}.")


def _disk(data: Path) -> Finding:
    place = data if data.exists() else data.parent if data.parent.exists() else Path.cwd()
    free_mb = shutil.disk_usage(place).free // 2**20
    if free_mb < _ENOUGH_MB:
        return Finding(fine=False, says=f"Disk: only {free_mb} MB free. Free some space.")
    return Finding(fine=True, says=f"Disk: {free_mb} MB free.")


async def _redis(config: Config, data: Path) -> Finding:
    if config.storage.redis_url:
        return Finding(fine=True, says="Redis: your own.")
    if await embedded.answers(data):
        return Finding(fine=True, says="Redis: ours, running.")
    return Finding(fine=True, says="Redis: ours, not running; steward run starts it.")


def _door(data: Path) -> Finding:
    client = Client.of(data)
    if client is None:
        return Finding(fine=True, says="Doors: closed; steward run opens them.")
    try:
        client.ask("GET", "health", wait_s=5)
    except (ConnectionError, Trouble):
        return Finding(
            fine=False, says="Doors: they do not answer. Stop Steward and start it again."
        )
    return Finding(fine=True, says="Doors: open.")


async def _reach(name: str, host: str, port: int) -> Finding:
    try:
        async with asyncio.timeout(5):
            _, writer = await asyncio.open_connection(host, port, family=socket.AF_UNSPEC)
    except (OSError, TimeoutError):
        return Finding(
            fine=False, says=f"{name}: {host}:{port} does not answer. Check host and port."
        )
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
    return Finding(fine=True, says=f"{name}: {host} answers.")
