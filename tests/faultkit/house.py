"""One running Steward on one data folder: started as its owner does, killed as nobody should."""

import base64
import http.client
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, TypeVar

from redis import Redis
from redis.exceptions import RedisError

from bot.embedded import socket_of

ROOT = Path(__file__).parents[2]
INJECT = Path(__file__).parent / "inject"
SOON_S = 60.0
"""How long a part may take to come back before the kit calls it dead."""
LOOK_S = 0.02

T = TypeVar("T")


class Overdue(Exception):
    """Something that should have happened has not."""


def until(look: Callable[[], T | None], what: str, within_s: float = SOON_S) -> T:
    """The first answer of `look` that is not None or False.

    Raises:
        Overdue: There was none in time.
    """
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(LOOK_S)
    raise Overdue(what)


class House:
    """`steward run` and its children on a copy of a data folder."""

    def __init__(self, folder: Path, sample: Path, config: str, *, root: Path = ROOT) -> None:
        """Copies the sample company into `folder` and adds `config` to its configuration.

        Args:
            root: The tree whose Steward runs.
        """
        self.data = folder / "data"
        self._root = root
        self._traps = folder / "traps"
        self._log = folder / "log"
        shutil.copytree(sample, self.data)
        self._traps.mkdir()
        with (self.data / "config.toml").open("a") as file:
            file.write(config)
        self._running: subprocess.Popen[bytes] | None = None
        self._workers_before = 0
        self._trapped: dict[str, int] = {}

    def start(self) -> None:
        """Start everything and wait until doors and worker are at work."""
        for left in self._traps.iterdir():
            left.unlink()
        self._workers_before = self._workers()
        environment = {**os.environ, "PYTHONPATH": str(INJECT), "FAULTKIT": str(self._traps)}
        with self._log.open("ab") as log:
            self._running = subprocess.Popen(
                [sys.executable, "-m", "bot", "run", "--data", str(self.data)],
                cwd=self._root,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            self.wait_for("doors")
            self.wait_for("worker")
        except Overdue as error:
            self.cut_power()
            raise Overdue(f"{error}\n{self.log()[-4000:]}") from error

    def stop(self) -> None:
        """Ask it to end, as a service manager does; kill what does not."""
        if self._running is None:
            return
        self._running.terminate()
        try:
            self._running.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.cut_power()
        self._running = None

    def cut_power(self) -> None:
        """Kill every process of this house at once."""
        with suppress(RedisError, OSError):
            os.kill(self.redis_pid(), signal.SIGKILL)
        if self._running is not None:
            # As a group: a child that the supervisor is starting this very moment dies too.
            os.killpg(self._running.pid, signal.SIGKILL)
            self._running.wait()
            self._running = None

    def start_again(self) -> None:
        """After a power cut."""
        (self.data / "door.json").unlink(missing_ok=True)
        self.start()

    def wait_for(self, name: str) -> None:
        """Wait until the doors or redis answer, or until a worker that is new has begun."""
        if name == "doors":
            until(self._is_open, "the doors did not open")
        elif name == "redis":
            until(self._has_redis, "redis did not come back")
        else:
            until(lambda: self._workers() > self._workers_before, "no worker began")

    # -- what the kit does to it

    def set_trap(self, name: str, plan: dict[str, object]) -> None:
        """Let the doors or the worker follow a plan from now on."""
        (self._traps / f"{name}.died").unlink(missing_ok=True)
        (self._traps / f"{name}.plan").write_text(json.dumps(plan))
        self._trapped[name] = self.pid(name)
        self._workers_before = self._workers()
        self._signal(name)

    def lift_trap(self, name: str) -> list[tuple[str, str, int, int]]:
        """End it; returns file, function, line and number of every line that ran."""
        (self._traps / f"{name}.plan").unlink(missing_ok=True)
        self._signal(name)
        found = self._traps / f"{name}.lines"
        return [tuple(one) for one in json.loads(found.read_text())] if found.exists() else []

    def died(self, name: str) -> str | None:
        """Where the doors or the worker died; None while they did not."""
        place = self._traps / f"{name}.died"
        return place.read_text() if place.exists() else None

    def mourn(self, name: str) -> None:
        """Wait until the successor of a killed process is at work."""
        before = self._trapped[name]
        until(lambda: self.pid(name) != before, f"the {name} did not come back")
        (self._traps / f"{name}.plan").unlink(missing_ok=True)
        self.wait_for(name)

    def redis(self) -> "Redis":
        """A client of this house's own redis."""
        return Redis(unix_socket_path=str(socket_of(self.data)), socket_timeout=2)

    def redis_pid(self) -> int:
        with closing(self.redis()) as client:
            return int(client.info("server")["process_id"])  # pyright: ignore[reportIndexIssue]

    def pid(self, name: str) -> int:
        place = self._traps / f"{name}.pid"
        return int(until(lambda: place.exists() and place.read_text(), f"no {name} here"))

    # -- what a person does with it

    def ask(
        self, method: str, path: str, body: object = None, *, within_s: float = 20
    ) -> list[dict[str, Any]]:
        """One question at the scripting door.

        Raises:
            ConnectionError: Nobody answered, so the asker cannot know what became of it.
            PermissionError: It was answered with a no.
        """
        try:
            door = json.loads((self.data / "door.json").read_text())
        except (OSError, ValueError) as error:
            raise ConnectionError(str(error)) from error
        link = http.client.HTTPConnection("127.0.0.1", door["port"], timeout=within_s)
        headers = {"Authorization": f"Bearer {door['key']}", "Content-Type": "application/json"}
        try:
            with closing(link):
                link.request(
                    method, f"/door/{path}", None if body is None else json.dumps(body), headers
                )
                answer = link.getresponse()
                text = answer.read().decode()
        except (OSError, http.client.HTTPException) as error:
            raise ConnectionError(str(error)) from error
        if answer.status in (401, 503):
            # 401: the successor has another key, which is not in door.json yet.
            raise ConnectionError(text)
        if answer.status >= 400:
            raise PermissionError(text)
        return list(_flat(json.loads(line) for line in text.splitlines() if line.strip()))

    def insist(self, method: str, path: str, body: object = None) -> list[dict[str, Any]]:
        """Ask until somebody answers, as a client whose answer was lost does."""
        return until(lambda: self._try(method, path, body), f"no answer to {path}")[0]

    def query(self, sql: str, *values: str) -> list[tuple[Any, ...]]:
        """Look into the database from outside; it may be asked while everything is dead."""
        with closing(sqlite3.connect(self.data / "steward.db", timeout=10)) as connection:
            return connection.execute(sql, values).fetchall()

    def log(self) -> str:
        return self._log.read_text() if self._log.exists() else ""

    def _try(self, method: str, path: str, body: object) -> list[list[dict[str, Any]]] | None:
        try:
            return [self.ask(method, path, body)]
        except ConnectionError:
            return None

    def _is_open(self) -> bool:
        try:
            return bool(self.ask("GET", "health", within_s=2))
        except (ConnectionError, PermissionError):
            return False

    def _has_redis(self) -> bool:
        try:
            return self.redis_pid() > 0
        except (RedisError, OSError):
            return False

    def _workers(self) -> int:
        return int(self.query("select count(*) from presence")[0][0])

    def _signal(self, name: str) -> None:
        heard = self._traps / f"{name}.heard"
        heard.unlink(missing_ok=True)
        # who has just died at its line hears nothing any more
        with suppress(ProcessLookupError):
            os.kill(self.pid(name), signal.SIGUSR1)
        until(lambda: heard.exists() or self.died(name), f"the {name} did not hear us")


def attachment(name: str, raw: bytes) -> dict[str, str]:
    """A file as the scripting door takes it."""
    kind = "message/rfc822" if name.endswith(".eml") else "application/octet-stream"
    return {"name": name, "media_type": kind, "base64": base64.b64encode(raw).decode()}


def _flat(lines: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    for one in lines:
        inner = one.pop("lines", None)
        if inner is None or one.keys() - {"pending"}:
            yield one
        yield from inner or ()
