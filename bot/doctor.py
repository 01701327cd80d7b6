"""Looks whether everything is in order, and says the next step where it is not."""

import asyncio
import os
import shutil
import stat
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot import embedded, trial
from bot.client import Client
from bot.disk import LEAST_BYTES
from bot.init import find_out
from bot.providers import provider_of
from bot.wrong_inputs import Wrong
from memory.clock import WallClock
from memory.company import database_url
from memory.config import Config
from memory.errors import Trouble
from memory.records.shape import Frozen
from memory.soundness import Soundness, looked_at
from memory.store import sqlite_file

_MEGABYTE = 2**20
_OLD = timedelta(days=8)
"""A backup older than this is one that nobody makes any more."""
_DRIFT_S = 5.0
_MADE = Path(__file__)
_CONNECTS = "My page connects one, under Menu, Settings."


_Ask = Callable[[str, Config], Awaitable["Finding"]]


class Finding(Frozen):
    """One thing looked at."""

    fine: bool
    about: str
    says: str
    """What was found."""
    step: str = ""
    """What to do about it; empty where nothing is to do."""

    @property
    def line(self) -> str:
        """All of it in one line."""
        return f"{self.about}: {self.says} {self.step}".rstrip()


async def examine(
    config: Config, data: Path, file: Path | None = None, *, outside: bool = True
) -> tuple[Finding, ...]:
    """Look at everything that has to be in order.

    Args:
        file: Where the configuration came from; None for defaults alone.
        outside: Whether to sign in at mail servers and ask chat and model servers. A watchman
            who looks every minute should not: they lock out who knocks too often.
    """
    database = sqlite_file(database_url(config, data))
    sound = await asyncio.to_thread(_soundness, database)
    here = [
        _configuration(file),
        _timezone(config),
        _clock(data, sound),
        _memory(config, data, sound),
        _disk(data),
        await _redis(config, data),
        await asyncio.to_thread(_door, data),
        _backup(data, database),
        *_hooks(config),
    ]
    if not outside:
        return tuple(here)
    asks: tuple[tuple[str, _Ask], ...] = (
        ("Mail out", _outgoing),
        ("Mail in", _incoming),
        ("Telegram", _telegram),
        ("Slack", _slack),
        ("Model", lambda about, config: _model(about, config, data)),
    )
    return (*here, *await asyncio.gather(*(_asked(about, ask, config) for about, ask in asks)))


async def _asked(about: str, ask: _Ask, config: Config) -> Finding:
    try:
        return await ask(about, config)
    except Trouble as trouble:
        return _wrong(about, trouble.sentence, trouble.hint)


def _fine(about: str, says: str, step: str = "") -> Finding:
    return Finding(fine=True, about=about, says=says, step=step)


def _wrong(about: str, says: str, step: str) -> Finding:
    return Finding(fine=False, about=about, says=says, step=step)


def _tried(about: str, found: Wrong | None, says: str) -> Finding:
    return _fine(about, says) if found is None else _wrong(about, found.sentence, found.step)


def _configuration(file: Path | None) -> Finding:
    about = "Configuration"
    if file is None:
        return _fine(about, "none, so everything has its default; steward init writes one.")
    if stat.S_IMODE(file.stat().st_mode) & 0o077 and any(
        word in file.read_text(encoding="utf-8") for word in ("token =", "password =", "key =")
    ):
        return _wrong(about, f"others on this computer can read {file}.", f"Type: chmod 600 {file}")
    return _fine(about, f"{file}.")


def _timezone(config: Config) -> Finding:
    about, ours = "Time zone", config.owner.timezone
    here = find_out(dict(os.environ), Path("/etc")).timezone  # noqa: TID251 - the system's own
    if here in (ours, "UTC"):
        return _fine(about, f"{ours}.")
    if ours == "UTC":
        return _wrong(
            about,
            f"mine is UTC, and this computer's is {here}.",
            f'Put timezone = "{here}" under [owner] in config.toml, or TZ=UTC where I am started.',
        )
    return _fine(about, f"{ours}, while this computer's is {here}.")


def _clock(data: Path, sound: Soundness | None) -> Finding:
    about, now = "Clock", WallClock().now()
    step = "Set this computer's clock, then start me again."
    made = datetime.fromtimestamp(_MADE.stat().st_mtime, UTC)
    if now < made - timedelta(days=1):
        return _wrong(about, f"it is {now:%-d %B %Y}, before this program was made.", step)
    if sound and sound.newest and now + sound.offset < sound.newest - timedelta(minutes=2):
        newest = sound.newest - sound.offset
        says = f"it is {now:%-d %B %Y %H:%M}, and my newest entry is of {newest:%-d %B %Y %H:%M}."
        return _wrong(about, says, step)
    drift_s = _drift_s(data)
    if abs(drift_s) > _DRIFT_S:
        says = f"the disk of {data} is {abs(drift_s):.0f} s away from this computer's time."
        step = "Set both clocks, or move the folder to a disk of this computer."
        return _wrong(about, says, step)
    return _fine(about, "right, as far as I can tell from here.")


def _drift_s(data: Path) -> float:
    """Seconds that the file system's clock is ahead of ours; 0 where nothing can be written."""
    if not data.is_dir() or not os.access(data, os.W_OK):
        return 0.0
    before = WallClock().now().timestamp()
    with tempfile.TemporaryFile(dir=data) as probe:
        written = os.fstat(probe.fileno()).st_mtime
    return written - before


def _soundness(database: Path | None) -> Soundness | None:
    if database is None or not database.exists():
        return None
    try:
        return looked_at(database)
    except OSError as error:
        return Soundness(faults=(str(error),), writable=False, newest=None, offset=timedelta(0))


def _memory(config: Config, data: Path, sound: Soundness | None) -> Finding:
    about, file = "Memory", sqlite_file(database_url(config, data))
    if file is None:
        return _fine(about, "on a database server.")
    if sound is None:
        return _fine(about, f"nothing in {data} yet; steward run makes it.")
    if sound.faults:
        step = "Stop me, and put a backup back: steward restore."
        says = f"the database is damaged or can't be opened ({sound.faults[0]})."
        return _wrong(about, says, step)
    if not sound.writable:
        step = f"Make {data} writable for me: its owner has to be who starts me."
        return _wrong(about, f"I can't write into {file}.", step)
    return _fine(about, f"{file.stat().st_size // 1024} kB in {data}, sound and writable.")


def _disk(data: Path) -> Finding:
    place = next(one for one in (data, *data.absolute().parents, Path.cwd()) if one.exists())
    free = shutil.disk_usage(place).free
    if free < LEAST_BYTES:
        least = LEAST_BYTES // _MEGABYTE
        step = f"Free some space: below {least} MB I take nothing in."
        return _wrong("Disk", f"only {free // _MEGABYTE} MB free.", step)
    return _fine("Disk", f"{free // _MEGABYTE} MB free.")


async def _redis(config: Config, data: Path) -> Finding:
    about, url = "Redis", config.storage.redis_url
    if url:
        if await embedded.answers_at(url):
            return _fine(about, "your own, and it answers.")
        step = "Start it, or leave redis_url empty: I work without it, a little slower."
        return _wrong(about, "your own, and it doesn't answer.", step)
    if await embedded.answers(data):
        return _fine(about, "ours, running.")
    return _fine(about, "ours, not running; steward run starts it.")


def _door(data: Path) -> Finding:
    about, file = "Doors", data / "door.json"
    client = Client.of(data)
    if client is None:
        if file.exists():
            step = "Stop me and start me again: I write it anew."
            return _wrong(about, f"{file} can't be read.", step)
        return _fine(about, "closed; steward run opens them.")
    if stat.S_IMODE(file.stat().st_mode) & 0o077:
        step = f"Type: chmod 600 {file}"
        return _wrong(about, f"others on this computer can read {file}, and so speak as you.", step)
    try:
        client.ask("GET", "health", wait_s=5)
    except (ConnectionError, Trouble):
        return _wrong(about, "they do not answer.", "Stop me and start me again.")
    return _fine(about, f"open, at 127.0.0.1:{client.port}.")


def _backup(data: Path, database: Path | None) -> Finding:
    about, step = "Backup", "Make one now: steward backup."
    if database is None:
        return _fine(about, "your database server's own affair; steward export keeps the rest.")
    made = sorted(one.stat().st_mtime for one in (data / "backups").glob("*"))
    now = WallClock().now()
    if not made:
        ledger_key = data / "ledger.key"
        begun = ledger_key.stat().st_mtime if ledger_key.exists() else now.timestamp()
        if now - datetime.fromtimestamp(begun, UTC) < _OLD:
            return _fine(about, "none yet; steward backup makes one.")
        return _wrong(about, "there is none.", step)
    age = now - datetime.fromtimestamp(made[-1], UTC)
    if age > _OLD:
        return _wrong(about, f"the newest is {age.days} days old.", step)
    return _fine(about, "made today." if not age.days else f"{age.days} days old.")


def _hooks(config: Config) -> list[Finding]:
    """Where the senders of web hooks post to; what they need was checked with the configuration."""
    return [
        _fine(f"Hook {name}", f"takes posts at /hooks/{name}.") for name in sorted(config.hooks)
    ]


async def _outgoing(about: str, config: Config) -> Finding:
    mail = config.mail
    if mail.smtp is None:
        return _fine(about, "no account, so mail is written and not sent.", _CONNECTS)
    if not mail.from_address:
        step = "Put from_address under [mail] in config.toml."
        return _wrong(about, "it has no address to come from.", step)
    found = await trial.outgoing(mail, advice=_advice(mail.from_address))
    return _tried(about, found, f"signed in at {mail.smtp.host}; nothing was sent.")


async def _incoming(about: str, config: Config) -> Finding:
    imap = config.mail.imap
    if imap is None:
        return _fine(about, "no mailbox, so there is no folder to move mail into.", _CONNECTS)
    found = await trial.incoming(config.mail, advice=_advice(imap.username))
    says = f'signed in at {imap.host}, and the folder "{imap.folder}" is there.'
    return _tried(about, found, says)


def _advice(address: str) -> str:
    provider = provider_of(address)
    return "" if provider is None else provider.password


async def _telegram(about: str, config: Config) -> Finding:
    if not config.telegram.token.get_secret_value():
        return _fine(about, "not connected.", _CONNECTS)
    found = await trial.telegram(config.telegram)
    if isinstance(found, Wrong):
        return _tried(about, found, "")
    return _fine(about, f"connected as @{found}.")


async def _slack(about: str, config: Config) -> Finding:
    if not config.slack.bot_token.get_secret_value():
        return _fine(about, "not connected.", _CONNECTS)
    found = await trial.slack(config.slack)
    if isinstance(found, Wrong):
        return _tried(about, found, "")
    return _fine(about, f"connected to {found}.")


async def _model(about: str, config: Config, data: Path) -> Finding:
    names = [one for one in (config.models.small, config.models.large) if one]
    if not names:
        return _fine(about, "none, so I work by rules alone.", _CONNECTS)
    return _tried(about, await trial.model(config, data), f"{' and '.join(names)} answers.")
