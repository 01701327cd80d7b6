"""Where Steward may die: the strata, and points drawn from them."""

import json
import random
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Literal, Self

Process = Literal["doors", "worker", "redis"]
Line = tuple[str, str, int, int]
"""File, function, line, and how often it ran."""


@dataclass(frozen=True)
class Stratum:
    """A part of the story in which one process may die."""

    name: str
    process: Process
    steps: tuple[str, ...]
    share: int
    """How many of 300 points."""
    watch: tuple[str, ...] = ()
    """Files that count; a folder ends in a slash."""
    begin: str = ""
    """Lines count once a function of this name is called."""
    end: str = ""
    """And no longer once one of this name is; empty: to the end of the step."""

    def plan(self, die: Line | None = None) -> dict[str, object]:
        """What the process is told: to count, or where to die."""
        return {"watch": self.watch, "begin": self.begin, "end": self.end, "die": die}


STRATA = (
    Stratum(
        name="send",
        process="worker",
        steps=("approve",),
        share=105,
        watch=("jobs/", "memory/", "smtplib.py"),
        begin="Executor.execute",
        end="Bell.wake_doors",
    ),
    Stratum(
        name="claim",
        process="worker",
        steps=("approve",),
        share=10,
        watch=("jobs/", "memory/"),
        begin="claim_action",
        end="Executor.execute",
    ),
    Stratum(
        name="ingest",
        process="doors",
        steps=("say",),
        share=50,
        watch=("bot/script.py", "bot/intake.py", "bot/commands.py", "jobs/", "memory/"),
        begin="ScriptDoor._say",
    ),
    Stratum(
        name="consider",
        process="worker",
        steps=("say",),
        share=50,
        watch=("jobs/", "agents/", "memory/"),
        begin="claim_run",
    ),
    Stratum(
        name="decide",
        process="doors",
        steps=("approve",),
        share=20,
        watch=("bot/script.py", "bot/intake.py", "jobs/", "memory/"),
        begin="ScriptDoor._press",
    ),
    Stratum(name="redis killed", process="redis", steps=("say", "approve"), share=50),
    Stratum(name="redis emptied", process="redis", steps=("say", "approve"), share=15),
)
BY_NAME = {one.name: one for one in STRATA}


@dataclass(frozen=True)
class Point:
    """One death."""

    number: int
    stratum: str
    step: str
    file: str
    """Of the line; for redis empty."""
    function: str
    line: int
    hit: int
    """Dies when the line runs for this time; redis: after this many commands."""
    power: bool
    """Whether everything dies with it."""

    @classmethod
    def of(cls, text: str) -> Self:
        return cls(**json.loads(text))

    def text(self) -> str:
        return json.dumps(asdict(self))

    @property
    def process(self) -> Process:
        return BY_NAME[self.stratum].process

    @property
    def where(self) -> str:
        """The row of the table it counts in."""
        return self.file or self.stratum

    def plan(self) -> dict[str, object]:
        """What the dying process is told."""
        return BY_NAME[self.stratum].plan((self.file, self.function, self.line, self.hit))


Counts = Mapping[tuple[str, str], list[Line]]
"""Stratum and step to the lines that ran; for redis one line with the number of commands."""

MOST_HITS = 3
"""A line in a loop is tried in its first rounds only."""


def shares(points: int) -> dict[str, int]:
    """So many points, divided among the strata as 300 are; never none."""
    return {one.name: max(1, round(points * one.share / 300)) for one in STRATA}


def draw(
    counts: Counts, wanted: Mapping[str, int], chance: random.Random, *, first: int = 0
) -> list[Point]:
    """Points in an order in which the strata alternate; every line is as likely as every other.

    Raises:
        LookupError: A stratum's lines never ran: the product has changed and STRATA has not.
    """
    drawn: list[list[Point]] = []
    for name, number in wanted.items():
        stratum = BY_NAME[name]
        lines = [(step, line) for step in stratum.steps for line in counts[name, step]]
        if not lines:
            message = f"no line of {name!r} ran; does STRATA still name the product's functions?"
            raise LookupError(message)
        drawn.append([_point(name, *one, chance) for one in _spread(lines, number, chance)])
    return [replace(point, number=number) for number, point in enumerate(_alternate(drawn), first)]


def _spread(
    lines: list[tuple[str, Line]], number: int, chance: random.Random
) -> list[tuple[str, Line]]:
    """So many of them, none a second time before all had their turn."""
    found: list[tuple[str, Line]] = []
    while len(found) < number:
        found += chance.sample(lines, min(len(lines), number - len(found)))
    return found


def _point(stratum: str, step: str, line: Line, chance: random.Random) -> Point:
    file, function, row, hits = line
    is_redis = BY_NAME[stratum].process == "redis"
    return Point(
        number=0,
        stratum=stratum,
        step=step,
        file=file,
        function=function,
        line=row,
        hit=chance.randint(1, hits if is_redis else min(hits, MOST_HITS)),
        power=not is_redis and chance.random() < 0.2,
    )


def _alternate(drawn: list[list[Point]]) -> Iterable[Point]:
    """All of them, each list spread evenly over the whole."""
    placed = [
        ((index + 0.5) / len(points), point)
        for points in drawn
        for index, point in enumerate(points)
    ]
    return [point for _, point in sorted(placed, key=lambda one: one[0])]
