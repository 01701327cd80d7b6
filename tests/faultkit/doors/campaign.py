"""Kills the doors at drawn lines and asks each platform's journal what it was told."""

import json
import random
import shutil
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from tests.faultkit.campaign import make_sample
from tests.faultkit.doors.forked import Doors
from tests.faultkit.doors.platforms import Played, free_port
from tests.faultkit.house import Overdue, until
from tests.faultkit.inject.sitecustomize import Plan

AT_ONCE = 3
"""Messages on their way while a process dies."""
PATIENCE_S = 20.0
CHAIN = 20
"""Deaths in one data folder before everything in it is counted."""
MOST_HITS = 4
SPARE = 3
"""So many times as many lines are drawn: some do not run again as often as in the rehearsal."""
WATCH = ["bot/", "jobs/", "memory/"]
BEGINS = {
    "telegram poll": "TelegramBatch.take",
    "telegram hook": "TelegramBatch.take",
    "slack socket": "SlackDesk.take",
    "slack requests": "SlackDesk.take",
    "mail folder": "MailboxDoor._take_all",
    "relay": "InboundDoor.handle_DATA",
    "web hook": "HookDoor._called",
}
"""The function in which each door first has a message in its hands."""


@dataclass(frozen=True)
class Death:
    """What became of one point."""

    door: str
    number: int
    at: str
    """Where it died; empty when the line did not run again."""
    lost: int
    """Received by the platform's journal, and not kept."""
    doubled: int
    faults: tuple[str, ...]
    took_s: float

    def text(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def of(cls, text: str) -> Self:
        said: dict[str, Any] = json.loads(text)
        said["faults"] = tuple(said["faults"])
        return cls(**said)


class Lane:
    """One door, its platform, and one data folder after the other."""

    def __init__(self, door: str, folder: Path, sample: Path) -> None:
        folder.mkdir(parents=True)
        self._door = door
        self._folder = folder
        self._sample = sample
        self._port = free_port()
        self._platform = Played(door, self._port)
        self._lives = 0
        self._data = folder
        self._sent: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._platform.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def rehearse(self) -> list[tuple[str, str, int, int]]:
        """Take messages in undisturbed; every line that ran from the first of them on."""
        self._begin()
        doors = Doors(self._data, self._plan(None))
        try:
            self._platform.wait_for(self._deliver(AT_ONCE), PATIENCE_S)
            return doors.counted()
        finally:
            doors.kill()

    def play(
        self, points: Iterable[tuple[int, tuple[str, str, int, int]]], wanted: int
    ) -> Iterable[Death]:
        """One death a point, until so many lines have run again and killed.

        Each life also takes in what the one before left behind.
        """
        died = 0
        for index, (number, line) in enumerate(points):
            if died == wanted:
                break
            if index % CHAIN == 0:
                yield from self._count(number)
                self._begin()
            death = self._die(number, line)
            died += bool(death.at)
            yield death
        yield from self._count(-1)

    def _die(self, number: int, line: tuple[str, str, int, int]) -> Death:
        began = time.monotonic()
        faults: list[str] = []
        doors = Doors(self._data, self._plan(line))
        marks = self._deliver(AT_ONCE)
        try:
            until(
                lambda: doors.has_ended() or set(marks) <= set(self._platform.received()),
                "neither dead nor done",
                PATIENCE_S,
            )
        except Overdue as error:
            faults += [str(error), *self._log()]
        doors.kill()
        at = doors.died_at
        lost, doubled = self._compare(set(self._platform.received()))
        if doors.has_ended() and not at and lost:
            faults += self._log()
        took = round(time.monotonic() - began, 2)
        return Death(self._door, number, at, lost, doubled, tuple(faults), took)

    def _count(self, number: int) -> Iterable[Death]:
        """An undisturbed life takes in the rest; then everything is there, once."""
        if not self._sent:
            return
        faults: list[str] = []
        doors = Doors(self._data, None)
        try:
            self._platform.wait_for(self._sent, PATIENCE_S * 2)
        except Overdue as error:
            faults += [str(error), *self._log()]
        finally:
            doors.kill()
        lost, doubled = self._compare(set(self._sent))
        if lost or doubled or faults:
            yield Death(self._door, number, "at the end", lost, doubled, tuple(faults), 0)

    def _begin(self) -> None:
        """Another folder with the sample company, paired with the owner."""
        self._lives += 1
        house = self._folder / f"house-{self._lives}"
        house.mkdir()
        self._data = house / "data"
        shutil.copytree(self._sample, self._data)
        with (self._data / "config.toml").open("a") as file:
            file.write(f"\n[local]\nport = {self._port}\n{self._platform.config}\n")
        self._sent = []

    def _deliver(self, count: int) -> list[str]:
        marks = self._platform.deliver(count)
        self._sent += marks
        return marks

    def _compare(self, received: set[str]) -> tuple[int, int]:
        return compare(self._data, self._sent, received)

    def _plan(self, die: tuple[str, str, int, int] | None) -> Plan:
        return {"watch": WATCH, "begin": BEGINS[self._door], "end": "", "die": die}

    def _log(self) -> list[str]:
        place = self._data.parent / "log"
        return place.read_text().splitlines()[-15:] if place.exists() else []


def compare(data: Path, sent: list[str], received: set[str]) -> tuple[int, int]:
    """How many marks were received and are not kept, and how many are kept more than once.

    Args:
        sent: All marks that may be in this folder; others belong to an earlier one.
    """
    with closing(sqlite3.connect(data / "steward.db", timeout=10)) as connection:
        rows = connection.execute("select text, files from source").fetchall()
    kept: Counter[str] = Counter()
    for text, files in rows:
        kept[text] += 1
        kept.update(one["digest"] for one in json.loads(files))
    lost = sum(1 for mark in received.intersection(sent) if not kept[mark])
    return lost, sum(1 for mark in set(sent) if kept[mark] > 1)


def run(
    door: str,
    points: int,
    seed: int,
    report: Callable[[Death], None],
    *,
    done: int = 0,
    tried: int = 0,
    sample: Path | None = None,
) -> None:
    """Play so many deaths at one door, without those that are done already.

    Args:
        tried: Lines drawn before, of which `done` have killed.
        sample: A data folder with the sample company; None makes one.
    """
    folder = Path(tempfile.mkdtemp(prefix="doors-"))
    try:
        if sample is None:
            sample = folder / "sample"
            make_sample(sample)
        with Lane(door, folder / "lane", sample) as lane:
            lines = lane.rehearse()
            if not lines:
                message = f"no line ran at {door}; is {BEGINS[door]} still its name?"
                raise LookupError(message)
            drawn = list(enumerate(_drawn(lines, points * SPARE, random.Random(f"{seed} {door}"))))
            for death in lane.play(drawn[tried:], points - done):
                report(death)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _drawn(
    lines: list[tuple[str, str, int, int]], points: int, chance: random.Random
) -> list[tuple[str, str, int, int]]:
    """So many lines, none a second time before all had their turn, at one of their first hits."""
    found: list[tuple[str, str, int, int]] = []
    while len(found) < points:
        for file, function, row, hits in chance.sample(lines, min(len(lines), points - len(found))):
            found.append((file, function, row, chance.randint(1, min(hits, MOST_HITS))))
    return found
