"""Starts redis, the doors and a worker as children, and starts again what falls over."""

import asyncio
import contextlib
import fcntl
import logging
import signal
import sys
from collections.abc import Generator
from pathlib import Path

from bot import embedded
from memory.clock import WallClock, monotonic_s
from memory.company import database_url
from memory.config import Config
from memory.errors import Misconfigured
from memory.schema import upgrade

logger = logging.getLogger(__name__)

_STEADY_S = 30.0
_FIRST_PAUSE_S = 0.2
_LONGEST_PAUSE_S = 10.0
_FAREWELL_S = 8.0
"""How long children may take to end by themselves."""
_BY_ITSELF, _MISCONFIGURED = 0, 2


class Supervisor:
    """One running company: its children, until somebody asks it to stop."""

    def __init__(
        self, config: Config, data: Path, config_file: Path | None, *, worker: bool
    ) -> None:
        self._config = config
        self._data = data
        self._file = config_file
        self._worker = worker
        self._ending = asyncio.Event()
        self._renewed = asyncio.Event()
        """Set, and then another one, whenever the doors ended because they have new settings."""
        self._code = 0

    async def run(self) -> int:
        """Run until SIGTERM or SIGINT; returns the exit code.

        Raises:
            Misconfigured: Another Steward already works in this folder.
        """
        with _only_one(self._data):
            database, backups = database_url(self._config, self._data), self._data / "backups"
            upgrade(database, backups, WallClock().now())
            loop = asyncio.get_running_loop()
            for sign in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(sign, self._ending.set)
            await self._watch()
        return self._code

    async def _watch(self) -> None:
        own_redis = not self._config.storage.redis_url
        url = self._config.storage.redis_url or embedded.url_of(self._data)
        kept: list[asyncio.Task[None]] = []
        async with asyncio.TaskGroup() as group:
            if own_redis:
                await self._start_redis()
                kept.append(group.create_task(self._keep_redis()))
            kept.append(group.create_task(self._keep("bot", "doors", url)))
            if self._worker:
                kept.append(group.create_task(self._keep("jobs", "worker", url)))
            await self._ending.wait()
            await asyncio.wait(kept, timeout=_FAREWELL_S)
            for one in kept:
                one.cancel()
        if own_redis:
            await embedded.end(self._data)

    async def _keep_redis(self) -> None:
        """Start redis again whenever it stops answering; nobody waits for it."""
        while not self._ending.is_set():
            if not await embedded.answers(self._data):
                await self._start_redis()
            await self._pause(1.0)

    async def _start_redis(self) -> None:
        """Start it, or go on without it: then workers look by themselves, a little later."""
        try:
            await embedded.start(self._data)
        except (OSError, TimeoutError):
            logger.warning("redis does not start", extra={"action": "redis_lost"})

    async def _keep(self, room: str, command: str, url: str) -> None:
        """Keep one child running. It ends when its standard input closes."""
        next_pause_s = _FIRST_PAUSE_S
        while not self._ending.is_set():
            began = monotonic_s()
            child = await self._child(room, command, url)
            await self._until_ended(child)
            if self._ending.is_set():
                return
            if child.returncode == _MISCONFIGURED:
                self._code = _MISCONFIGURED
                self._ending.set()
                return
            pause_s = _FIRST_PAUSE_S
            if monotonic_s() - began < _STEADY_S:
                pause_s = next_pause_s
            next_pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)
            facts = {"action": "child_ended", "child": command, "code": child.returncode}
            if child.returncode == _BY_ITSELF:
                # the doors have new settings: everybody begins anew with them
                logger.info("child ended", extra=facts)
                next_pause_s = _FIRST_PAUSE_S
                self._renew(command)
                await self._pause(_FIRST_PAUSE_S)
                continue
            logger.warning("child ended", extra=facts)
            await self._pause(pause_s)

    def _renew(self, command: str) -> None:
        if command == "doors":
            self._renewed.set()
            self._renewed = asyncio.Event()

    async def _until_ended(self, child: asyncio.subprocess.Process) -> None:
        """Wait for a child; once we are asked to end, it is asked too, and ended if it must be.

        The same when there are new settings: it ends, and the next one has them.
        """
        try:
            async with asyncio.TaskGroup() as group:
                ended = group.create_task(child.wait())
                asked = group.create_task(self._ending.wait())
                renewed = group.create_task(self._renewed.wait())
                await asyncio.wait((ended, asked, renewed), return_when=asyncio.FIRST_COMPLETED)
                asked.cancel()
                renewed.cancel()
                if child.stdin is not None:
                    child.stdin.close()
                if not self._ending.is_set():
                    await asyncio.wait((ended,), timeout=_FAREWELL_S)
                    if child.returncode is None:
                        child.kill()
        finally:
            if child.returncode is None:
                child.kill()

    async def _child(self, room: str, command: str, url: str) -> asyncio.subprocess.Process:
        config = ("--config", str(self._file)) if self._file else ()
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", room, command, "--child", "--data", str(self._data), "--redis", url, *config),
            stdin=asyncio.subprocess.PIPE,
        )

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._ending.wait()
        except TimeoutError:
            return


@contextlib.contextmanager
def _only_one(data: Path) -> Generator[None]:
    """The folder, for as long as nobody else works in it.

    Raises:
        Misconfigured: Another Steward does, or the folder can't be made.
    """
    try:
        data.mkdir(parents=True, exist_ok=True)
        lock = (data / "steward.lock").open("w")
    except OSError as error:
        raise Misconfigured((f"{data}: cannot be used ({error.strerror}).",)) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Misconfigured(
                (f"Steward already runs in {data}. Stop it, or name another folder.",)
            ) from error
        yield
