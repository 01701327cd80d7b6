"""Lets a process kill itself at one executed line, or count its lines; Python loads it by itself.

It is found only by processes whose PYTHONPATH names this folder, and acts only in the doors and
in the worker. FAULTKIT names a folder through which the kit and the process talk:

* NAME.pid    written at the start: who to signal
* NAME.plan   written by the kit; SIGUSR1 makes the process follow it, or stop when it is gone
* NAME.heard  written by the process once it does
* NAME.lines  written when counting stops: [file, function, line, how often]
* NAME.died   written immediately before the kill: "file:line function"
"""

import json
import os
import signal
import sys
import sysconfig
import threading
from collections import Counter
from pathlib import Path
from types import CodeType, FrameType
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from _typeshed import TraceFunction

HERE = str(Path.cwd()) + os.sep
STDLIB = sysconfig.get_path("stdlib") + os.sep


class Plan(TypedDict):
    """What the kit wants, as NAME.plan holds it."""

    watch: list[str]
    """Files that count, as "jobs/claims.py" or "smtplib.py"; a folder ends in a slash."""
    begin: str
    """Lines count once a function of this name is called; empty: from now on."""
    end: str
    """And no longer once one of this name is; empty: for ever."""
    die: tuple[str, str, int, int] | None
    """File, function, line and hit at which to die; None only counts."""


class Tracer:
    """Follows one plan, in every thread of the process."""

    def __init__(self, plan: Plan, place: Path) -> None:
        self._watch = tuple(plan["watch"])
        self._begin = plan["begin"]
        self._end = plan["end"]
        self._die = tuple(plan["die"]) if plan["die"] else None
        self._place = place
        self._is_open = not self._begin
        self._known: dict[CodeType, str | None] = {}
        self.counts: Counter[tuple[str, str, int]] = Counter()

    def called(self, frame: FrameType) -> bool:
        """Whether the lines of this call count."""
        code = frame.f_code
        if code.co_qualname == self._begin:
            self._is_open = True
        elif code.co_qualname == self._end:
            self._is_open = False
        if code not in self._known:
            self._known[code] = self._name(code)
        return self._known[code] is not None

    def ran(self, frame: FrameType) -> None:
        """One line is about to run."""
        if not self._is_open:
            return
        code = frame.f_code
        line = (self._known[code] or "", code.co_qualname, frame.f_lineno)
        self.counts[line] += 1
        if self._die and line == self._die[:3] and self.counts[line] == self._die[3]:
            self._place.with_suffix(".died").write_text(f"{line[0]}:{line[2]} {line[1]}")
            os.kill(os.getpid(), signal.SIGKILL)

    def _name(self, code: CodeType) -> str | None:
        path = code.co_filename
        name = path.removeprefix(HERE).removeprefix(STDLIB)
        if name == path or not name.startswith(self._watch):
            return None
        if self._die and (name, code.co_qualname) != self._die[:2]:
            return None
        return name


class Trap:
    """What is set in this process right now, if anything."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._tracer: Tracer | None = None

    def follow(self, tracer: Tracer) -> None:
        """Follow this one from now on, in a process that nobody signals."""
        self._tracer = tracer

    def trace(self, frame: FrameType, event: str, argument: object) -> "TraceFunction | None":
        if event == "call":
            called = self._tracer is not None and self._tracer.called(frame)
            return self.trace if called else None
        if event == "line" and self._tracer is not None:
            self._tracer.ran(frame)
        return self.trace

    def obey(self, number: int, frame: FrameType | None) -> None:
        """SIGUSR1: take up the plan that lies there now, and give away what the last one found."""
        if self._tracer is not None:
            lines = [(*line, hits) for line, hits in self._tracer.counts.items()]
            self._place.with_suffix(".lines").write_text(json.dumps(lines))
        plan = self._place.with_suffix(".plan")
        self._tracer = Tracer(json.loads(plan.read_text()), self._place) if plan.exists() else None
        # A thread that starts later asks threading; this one, and what it runs, asks sys.
        sys.settrace(self.trace if self._tracer else None)
        self._place.with_suffix(".heard").write_text("")


def process_name(arguments: list[str]) -> str | None:
    """Which of the two this process is; None for every other."""
    for module, command in (("bot", "doors"), ("jobs", "worker")):
        if arguments[1:4] == ["-m", module, command]:
            return command
    return None


def lie_in_wait() -> None:
    name = process_name(sys.orig_argv)
    folder = os.environ.get("FAULTKIT")
    if name is None or folder is None:
        return
    place = Path(folder) / name
    trap = Trap(place)
    threading.settrace(trap.trace)
    signal.signal(signal.SIGUSR1, trap.obey)
    draft = place.with_suffix(".draft")
    draft.write_text(str(os.getpid()))
    draft.replace(place.with_suffix(".pid"))


lie_in_wait()
