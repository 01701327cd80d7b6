"""The product itself, as its owner runs it: its own processes, its own folder, real parts."""

import asyncio
import contextlib
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

from bot.client import Client

ROOT = Path(__file__).parents[2]
READY = re.compile(rb"ready (http://127\.0\.0\.1:\d+/\?token=\S+)")
NOW = "2026-03-10T09:00"
"""When the stories begin, in the sample owner's zone."""


class Steward:
    """One company in one folder, started and killed like anybody would."""

    def __init__(self, data: Path, **environment: str) -> None:
        """A company in this folder; its processes get these variables on top of ours."""
        self.data = data
        self._environment = {**os.environ, **environment}
        self.link = ""
        """The one-time link of the last start."""
        self.said: list[str] = []
        """What the last start has printed so far, line by line."""
        self._process: asyncio.subprocess.Process | None = None
        self._drain: asyncio.Task[None] | None = None

    def make(self, *config: str, now: str = NOW) -> None:
        """Fill the folder with the sample company and add lines to its configuration."""
        self.run("sample", "--now", now)
        file = self.data / "config.toml"
        file.write_text(file.read_text() + "\n" + "\n".join(config) + "\n")

    async def start(self, *arguments: str) -> None:
        """Start everything and wait until it says that it is ready."""
        errors = os.open(self.data / "errors.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._process = await asyncio.create_subprocess_exec(
            *_command("run", "--data", str(self.data), *arguments),
            cwd=ROOT,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
            env=self._environment,
        )
        os.close(errors)
        self.said = []
        assert self._process.stdout is not None
        async with asyncio.timeout(60):
            while True:
                line = await self._process.stdout.readline()
                self.said.append(line.decode().strip())
                found = READY.search(line)
                if found:
                    self.link = found[1].decode()
                    break
                if not line:
                    errors = (self.data / "errors.log").read_text()
                    message = f"it ended instead of starting:\n{errors}"
                    raise AssertionError(message)
        self._drain = asyncio.create_task(self._listen(self._process.stdout))

    async def stop(self) -> None:
        """Ask it to stop, and wait."""
        if self._process is None:
            return
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(20):
                await self._process.wait()
        await self._end_drain()

    async def kill(self) -> None:
        """Pull the plug: SIGKILL for every process of the family, redis included."""
        if self._process is None:
            return
        for pid in self.family():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        await self._process.wait()
        await self._end_drain()

    def family(self) -> list[int]:
        """The pids of the supervisor and everything it started."""
        assert self._process is not None
        listed = subprocess.run(
            ["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True
        ).stdout
        pairs = (line.split() for line in listed.splitlines())
        parents = {int(pid): int(parent) for pid, parent in pairs}
        family = [self._process.pid]
        for pid in family:
            family += [child for child, parent in parents.items() if parent == pid]
        return family

    def freeze(self) -> None:
        """The lid closes: nothing of it runs."""
        for pid in self.family():
            os.kill(pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """The lid opens."""
        for pid in self.family():
            os.kill(pid, signal.SIGCONT)

    def run(self, command: str, *arguments: str, code: int = 0) -> list[dict[str, Any]]:
        """One command of the scripting door; its JSON lines.

        Args:
            code: The exit code it must have.
        """
        done = subprocess.run(
            _command(command, "--data", str(self.data), "--json", *arguments),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, f"{command} ended with {done.returncode}: {done.stderr}"
        return [json.loads(line) for line in done.stdout.splitlines()]

    async def ask(self, command: str, *arguments: str, code: int = 0) -> list[dict[str, Any]]:
        """The same, without holding up whatever else the test runs."""
        return await asyncio.to_thread(self.run, command, *arguments, code=code)

    async def look(self, path: str) -> list[dict[str, Any]]:
        """What the scripting door shows, asked as the command asks it but in this process."""
        client = Client.of(self.data)
        assert client is not None, "no scripting door"
        return await asyncio.to_thread(client.ask, "GET", path)

    async def until(self, path: str, within_s: float = 45, **wanted: object) -> dict[str, Any]:
        """The first line at the scripting door that has these values, as soon as there is one."""
        lines: list[dict[str, Any]] = []
        try:
            async with asyncio.timeout(within_s):
                while True:
                    lines = await self.look(path)
                    for line in lines:
                        if all(line.get(name) == value for name, value in wanted.items()):
                            return line
                    await asyncio.sleep(0.1)
        except TimeoutError:
            message = f"no line at {path} with {wanted}; there are: {lines}"
            raise AssertionError(message) from None

    async def _listen(self, stream: asyncio.StreamReader) -> None:
        while line := await stream.readline():
            self.said.append(line.decode().strip())

    async def _end_drain(self) -> None:
        if self._drain is not None:
            self._drain.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._drain


@contextlib.asynccontextmanager
async def running(data: Path, *config: str, now: str = NOW) -> AsyncGenerator[Steward]:
    """A started Steward with the sample company; killed at the end if it still runs."""
    steward = Steward(data)
    steward.make(*config, now=now)
    await steward.start()
    try:
        yield steward
    finally:
        await steward.kill()


def smtp_lines(port: int, address: str = "dana@reyesstudio.example") -> tuple[str, ...]:
    """Configuration for a mail server on loopback."""
    return (
        "[mail]",
        f'from_address = "{address}"',
        "[mail.smtp]",
        'host = "127.0.0.1"',
        f"port = {port}",
        'security = "none"',
    )


def _command(command: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "bot", command, *arguments]
