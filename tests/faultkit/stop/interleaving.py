"""One stop at one moment: the executor stands still at a line while everything is stopped."""

import asyncio
import json
import os
import shutil
import sqlite3
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from agents.ladder import Ladder
from jobs import relay, stop
from jobs.connector import Commit
from jobs.executor import Executor
from jobs.presence import Presence
from jobs.tasks import Tasks
from memory.blobs import Blobs
from memory.clock import Clock, WallClock
from memory.company import Company, database_url, opened
from memory.config import Config, Mail, Policy
from memory.ledger import Ledger
from memory.records.decision import Verb
from memory.records.effect import Effect
from memory.records.receipt import Receipt
from memory.store import Store
from tests.doubles.builders import a_desk, mails_to
from tests.faultkit.inject.sitecustomize import Plan, Tracer, Trap

READY = 500
"""Mails that are ready to leave, in every folder."""
AT_ONCE = 6
"""So many are on their way when it is stopped."""
MORE = 3
"""So many more are tried after it."""
WATCH = [
    *("jobs/claims.py", "jobs/executor.py", "jobs/tasks.py", "jobs/stop.py", "jobs/throttle.py"),
    *("jobs/groups.py", "jobs/states.py", "memory/store.py", "memory/turn.py", "memory/ledger.py"),
]
CONFIG = Config(
    mail=Mail(from_address="dana@reyesstudio.example"),
    policy=Policy(
        quiet_hours="",
        pace_s=0,
        per_hour=10**6,
        per_day=10**6,
        recipient_per_hour=10**6,
        recipient_per_day=10**6,
    ),
)
_MARK = "mark"
"""The marker's function: the first thing it does is to look for the stop."""
_END = "end"
Line = tuple[str, str, int, int]


@dataclass(frozen=True)
class Outcome:
    """What became of one stop."""

    number: int
    at: str
    """The line before which the executor stood; empty when it did not come by."""
    free: bool
    """Whether no transaction was open at that moment."""
    before: int
    """Markers that were committed by then."""
    after: int
    """Markers that were committed in the end."""
    hold_ms: float
    """How long it took until the stop was in force."""
    faults: tuple[str, ...]

    def text(self) -> str:
        return json.dumps({"kind": "interleaving", **asdict(self)})


class Witness:
    """Where mails go: a file with one line for each, written after the marker."""

    kinds = ("mail.send",)

    def __init__(self, place: Path, clock: Clock) -> None:
        self._place = place
        self._clock = clock

    async def apply(self, effect: Effect, key: str, commit: Commit) -> Receipt:
        await commit()
        with self._place.open("a") as file:
            file.write(f"{key} {','.join(effect.recipients())}\n")
        return Receipt(outcome="sent", at=self._clock.now(), message_id=f"<{key}@x>")

    async def find(self, effect: Effect, key: str) -> Receipt | None:
        return None


class Pausing(Tracer):
    """Stands still before one line, until it is told to go on."""

    def __init__(self, plan: Plan, place: Path, wire: "Wire") -> None:
        super().__init__(plan, place)
        self._at = plan["die"]
        self._wire = wire
        self._begun: set[FrameType] = set()
        """The markers that have begun, in transactions that are open: each looks for the stop
        first, so no other one may pass. A coroutine that goes on is called again: it counts once.
        """

    def called(self, frame: FrameType) -> bool:
        code = frame.f_code
        if code.co_qualname == _MARK and code.co_filename.endswith("jobs/claims.py"):
            self._begun.add(frame)
        return super().called(frame)

    def ran(self, frame: FrameType) -> None:
        code = frame.f_code
        line = (self._known[code] or "", code.co_qualname, frame.f_lineno)
        self.counts[line] += 1
        if self._at and line == tuple(self._at[:3]) and self.counts[line] == self._at[3]:
            self._wire.say(str(len(self._begun)))
            self._wire.hear()
            # nothing more to look for: the rest runs as fast as it does without the kit
            sys.settrace(None)


class Wire:
    """One end of a line of words between two processes."""

    def __init__(self, say: int, hear: int) -> None:
        self._say = say
        self._hear = os.fdopen(hear)

    def say(self, words: str) -> None:
        os.write(self._say, f"{words}\n".encode())

    def hear(self) -> str:
        """What the other end says; empty when it has gone."""
        return self._hear.readline().strip()

    def close(self) -> None:
        os.close(self._say)
        self._hear.close()


def wired() -> tuple[Wire, Wire]:
    """Both ends."""
    there, here = os.pipe(), os.pipe()
    return Wire(there[1], here[0]), Wire(here[1], there[0])


async def prepare(folder: Path) -> None:
    """A company with so many mails under one yes, each of them ready to leave."""
    async with a_desk(folder, CONFIG) as desk:
        card = await desk.propose(mails_to(READY, pace_s=0))
        await desk.press(card, Verb.APPROVE)
        await desk.look()


def rehearse(template: Path, folder: Path) -> list[Line]:
    """Every line that runs while mails leave undisturbed, with how often it did."""
    data = _copy(template, folder)
    parent, child = wired()
    pid = os.fork()
    if pid == 0:
        parent.close()
        _live(data, [None], child)
    child.close()
    while parent.hear():
        parent.say("go")
    os.waitpid(pid, 0)
    parent.close()
    lines = json.loads((data / "lines").read_text())
    shutil.rmtree(data)
    return [(str(file), str(name), int(row), int(hits)) for file, name, row, hits in lines]


def play(template: Path, folder: Path, first: int, lines: list[Line]) -> Iterator[Outcome]:
    """Let mails leave, stop everything when the executor comes to a line, and count; each in turn.

    One executor lives through all of them: what was stopped is resumed before the next.
    """
    data = _copy(template, folder)
    parent, child = wired()
    pid = os.fork()
    if pid == 0:
        parent.close()
        _live(data, list(lines), child)
    child.close()
    company = _company(data)
    try:
        base = 0
        for number, line in enumerate(lines, first):
            said = parent.hear()
            if said == _END:
                before, base = base, _markers(data)
                parent.say("go")
                yield Outcome(number, "", True, before, base, 0.0, ())
                continue
            free, before = _is_free(data), _markers(data)
            began = time.perf_counter()
            seen = stop.hold(company, "telegram 111")
            hold_ms = (time.perf_counter() - began) * 1000
            parent.say("go")
            ended = parent.hear() == _END
            begun = int(said or 0)
            faults = _faults(data, free=free, base=base, before=before, begun=begun)
            if not ended:
                faults += (f"the executor broke: {_trouble(data)}",)
            at = f"{line[0]}:{line[2]} {line[1]} ({line[3]})"
            after = _markers(data)
            yield Outcome(number, at, free, before, after, round(hold_ms, 2), faults)
            if not ended:
                return
            stop.lift(company, seen)
            base = after
            parent.say("go")
    finally:
        parent.close()
        os.waitpid(pid, 0)
        shutil.rmtree(data)


def _faults(data: Path, *, free: bool, base: int, before: int, begun: int) -> tuple[str, ...]:
    """What is not as it should be once the executor has tried all it had in hand, and more."""
    after, left = _markers(data), _left(data)
    found: list[str] = []
    if free and after != before:
        found.append(f"{after - before} passed the marker, none of them begun before the stop")
    if after - base > begun:
        found.append(
            f"{after - base} passed the marker, and only {begun} had begun before the stop"
        )
    if left != after:
        found.append(f"{left} left and {after} passed the marker")
    done, open_ones = _rows(data)
    if done != left:
        found.append(f"{left} left and {done} are done by the books")
    if done + open_ones != READY:
        found.append(f"{done} done and {open_ones} held are not {READY}")
    return tuple(found)


def _trouble(data: Path) -> str:
    place = data / "trouble"
    return place.read_text()[-2000:] if place.exists() else "it said nothing"


def _live(data: Path, lines: Sequence[Line | None], wire: Wire) -> None:
    """The executor's whole life, in a process that was forked for it."""
    try:
        asyncio.run(_act(data, lines, wire))
    except BaseException as error:  # noqa: BLE001 - told to the parent, which has no other way
        (data / "trouble").write_text(repr(error))
    finally:
        os._exit(0)


async def _act(data: Path, lines: Sequence[Line | None], wire: Wire) -> None:
    """Handful after handful leaves, as the worker would let it; each is tried to the last."""
    async with opened(CONFIG, data) as company:
        with Presence(data) as here:
            executor = Executor(company, {"mail.send": Witness(data / "left", company.clock)})
            tasks = Tasks(company, executor, Ladder(CONFIG), here.worker)
            for line in lines:
                async with company.store.read() as connection:
                    due = await relay.due(
                        connection, company.clock.now(), stopped=False, limit=AT_ONCE + MORE
                    )
                plan: Plan = {"watch": WATCH, "begin": "", "end": "", "die": line}
                tracer = Pausing(plan, data / "trace", wire)
                trap = Trap(data / "trace")
                trap.follow(tracer)
                sys.settrace(trap.trace)
                for handful in (due[:AT_ONCE], due[AT_ONCE:]):
                    async with asyncio.TaskGroup() as group:
                        for one in handful:
                            group.create_task(tasks.execute(one.id, one.revision))
                sys.settrace(None)
                if line is None:
                    found = [(*one, hits) for one, hits in tracer.counts.items()]
                    (data / "lines").write_text(json.dumps(found))
                wire.say(_END)
                wire.hear()


def _company(data: Path) -> Company:
    """The company as a process sees it that has not touched the database."""
    return Company(
        data=data,
        config=CONFIG,
        store=Store(database_url(CONFIG, data), WallClock()),
        ledger=Ledger.with_key_in(data),
        blobs=Blobs(data / "blobs"),
    )


def _copy(template: Path, folder: Path) -> Path:
    data = folder / "data"
    shutil.copytree(template, data)
    return data


def _is_free(data: Path) -> bool:
    """Whether nobody has a transaction open that writes."""
    with closing(
        sqlite3.connect(data / "steward.db", timeout=0, isolation_level=None)
    ) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        connection.execute("ROLLBACK")
        return True


def _markers(data: Path) -> int:
    return int(_ask(data, "select count(*) from ledger where event = 'action_committing'"))


def _rows(data: Path) -> tuple[int, int]:
    part = "select count(*) from action where part_of is not null and state"
    held = "('held', 'ready', 'claimed', 'retry_wait')"
    return int(_ask(data, f"{part} = 'done'")), int(_ask(data, f"{part} in {held}"))


def _left(data: Path) -> int:
    place = data / "left"
    return len(place.read_text().splitlines()) if place.exists() else 0


def _ask(data: Path, query: str) -> Any:
    with closing(sqlite3.connect(data / "steward.db", timeout=10)) as connection:
        return connection.execute(query).fetchone()[0]
