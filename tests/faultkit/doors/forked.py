"""The doors in a forked process that may kill itself at one executed line."""

import asyncio
import json
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from bot.compose import run_doors
from memory.config import load
from tests.faultkit.inject.sitecustomize import Plan, Tracer, Trap

SILENT_BELL = "unix:///nowhere/bell.sock"
LOOK_S = 0.01


class Doors:
    """One life of the doors on a data folder: forked from a process that has loaded them."""

    def __init__(self, data: Path, plan: Plan | None) -> None:
        """Fork.

        Args:
            plan: Which lines to count and at which to die; None for an undisturbed life.
        """
        self._place = data.parent / "doors"
        for ending in (".died", ".lines"):
            self._place.with_suffix(ending).unlink(missing_ok=True)
        self._is_over = False
        self.pid = os.fork()
        if self.pid == 0:
            _live(data, plan, self._place)

    @property
    def died_at(self) -> str:
        """Where it killed itself; empty while it has not."""
        place = self._place.with_suffix(".died")
        return place.read_text() if place.exists() else ""

    def has_ended(self) -> bool:
        if not self._is_over:
            pid, _ = os.waitpid(self.pid, os.WNOHANG)
            self._is_over = pid != 0
        return self._is_over

    def kill(self) -> None:
        """SIGKILL, if it still lives."""
        if not self.has_ended():
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            self._is_over = True

    def counted(self) -> list[tuple[str, str, int, int]]:
        """End it; returns file, function, line and number of every line that ran."""
        os.kill(self.pid, signal.SIGUSR2)
        place = self._place.with_suffix(".lines")
        end = time.monotonic() + 20
        while not place.exists() and time.monotonic() < end:
            time.sleep(LOOK_S)
        self.kill()
        return [tuple(one) for one in json.loads(place.read_text())]


def _live(data: Path, plan: Plan | None, place: Path) -> None:
    """What the forked process does until somebody kills it."""
    try:
        log = os.open(data.parent / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(log, 1)
        os.dup2(log, 2)
        if plan is not None:
            _watch(plan, place)
        with suppress(KeyboardInterrupt):
            asyncio.run(run_doors(load(data / "config.toml"), data, SILENT_BELL))
    finally:
        os._exit(1)


def _watch(plan: Plan, place: Path) -> None:
    trap = Trap(place)
    tracer = Tracer(plan, place)
    trap.follow(tracer)

    def give_away(_number: int, _frame: object) -> None:
        lines = [(*line, hits) for line, hits in tracer.counts.items()]
        draft = place.with_suffix(".draft")
        draft.write_text(json.dumps(lines))
        draft.replace(place.with_suffix(".lines"))

    signal.signal(signal.SIGUSR2, give_away)
    threading.settrace(trap.trace)
    sys.settrace(trap.trace)
