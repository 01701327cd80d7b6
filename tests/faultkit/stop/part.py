"""All stops, two shares at a time, each in a process of its own; resumable; one JSON, one table."""

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.faultkit.house import ROOT
from tests.faultkit.stop import wedge

LANES = 2
SHARE = 100
PRESSES = 120
HELD_S = 20.0
ONE_SECOND_MS = 1000


def stops(points: int, seed: int, out: Path, *, resume: bool, held_s: float = HELD_S) -> int:
    """Stop at so many moments, then at a house in which nothing works; 1 on any fault."""
    out.parent.mkdir(parents=True, exist_ok=True)
    journal = out.with_suffix(".jsonl")
    if not resume:
        journal.unlink(missing_ok=True)
    had = sum(bool(one["at"]) for one in lines(journal))
    failed = _play(had, points, seed, journal)
    found = summary(lines(journal))
    pressed = wedge.press(PRESSES, held_s)
    answered = sorted(pressed.answered_ms)
    late_ms = round(percentile(answered, 0.99), 1)
    found["wedged"] = {
        "presses": len(answered),
        "held_s": held_s,
        "in force p99 ms": round(percentile(sorted(pressed.in_force_ms), 0.99), 1),
        "answered p50 ms": round(percentile(answered, 0.5), 1),
        "answered p99 ms": late_ms,
        "faults": list(pressed.faults),
    }
    found["broken off"] = failed
    found["at"] = int(time.time())
    out.write_text(json.dumps(found, indent=1) + "\n")
    print(table(found))
    print(out)
    slow = late_ms > ONE_SECOND_MS
    return 1 if failed or found["unclean"] or pressed.faults or slow else 0


def lines(journal: Path) -> list[dict[str, Any]]:
    """What the journal has so far; a last line without its end was interrupted."""
    if not journal.exists():
        return []
    return [json.loads(line) for line in journal.read_text().split("\n")[:-1]]


def summary(found: list[dict[str, Any]]) -> dict[str, Any]:
    """Everything as data: sums, where the executor stood, and every fault."""
    played = [one for one in found if one["at"]]
    holds = sorted(one["hold_ms"] for one in played)
    return {
        "interleavings": len(played),
        "not run again": len(found) - len(played),
        "no transaction open": sum(one["free"] for one in played),
        "markers before": sum(one["before"] for one in played),
        "markers of transactions begun before": sum(one["after"] - one["before"] for one in played),
        "in force p99 ms": round(percentile(holds, 0.99), 1),
        "files": dict(sorted(Counter(one["at"].partition(":")[0] for one in played).items())),
        "unclean": [one for one in played if one["faults"]],
    }


def percentile(ordered: list[float], share: float) -> float:
    """The value that this share of them does not exceed; 0 of none."""
    if not ordered:
        return 0.0
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def table(found: dict[str, Any]) -> str:
    """The summary as a person reads it."""
    rows = [f"{count:>7}  {file}" for file, count in found["files"].items()]
    wedged = found["wedged"]
    return "\n".join(
        [
            *rows,
            f"{found['interleavings']} stops, {found['no transaction open']} with no transaction "
            f"open: {found['markers before']} markers before, "
            f"{found['markers of transactions begun before']} of transactions begun before, "
            f"{len(found['unclean'])} of others; in force within {found['in force p99 ms']} ms.",
            f"{wedged['presses']} with the worker still, redis gone and the database held for "
            f"{wedged['held_s']:g} s: answered within {wedged['answered p50 ms']} ms (p50), "
            f"{wedged['answered p99 ms']} ms (p99).",
            *(f"{one['at']}: {one['faults']}" for one in found["unclean"]),
        ]
    )


def _play(had: int, points: int, seed: int, journal: Path) -> int:
    """How many shares broke off."""

    def shares() -> Iterator[tuple[int, int]]:
        for first in range(had, points, SHARE):
            yield first, min(SHARE, points - first)

    def one(share: tuple[int, int]) -> int:
        first, count = share
        ended = subprocess.run(
            [
                *(sys.executable, "-m", "tests.faultkit.stop", "--count", str(count)),
                *("--first", str(first), "--seed", str(seed), "--journal", str(journal)),
            ],
            cwd=ROOT,
            check=False,
        )
        return ended.returncode != 0

    with ThreadPoolExecutor(LANES) as lanes:
        return sum(lanes.map(one, shares()))
