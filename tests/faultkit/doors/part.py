"""All doors, two at a time, each share in a process of its own; resumable; one JSON, one table."""

import json
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.faultkit.doors.platforms import PLATFORMS
from tests.faultkit.house import ROOT

LANES = 2
PLUGS = 30
SHUFFLES = 20
"""How often one day is heard in another order."""
Share = tuple[str, ...]


def doors(points: int, seed: int, out: Path, *, resume: bool) -> int:
    """Kill every door at so many lines, and the shipped product at 30 moments; 1 on any fault."""
    journal, done = _journal(out, resume=resume)

    def shares() -> Iterator[Share]:
        for name in PLATFORMS:
            tried = [one for one in done if one["kind"] == "points" and one["door"] == name]
            tried = [one for one in tried if one["at"] != "at the end"]
            died = sum(bool(one["at"]) for one in tried)
            if died < points:
                yield (
                    *("points", name, "--count", str(points)),
                    *("--done", str(died), "--tried", str(len(tried))),
                )
            if not any(one["kind"] == "plugs" and one["door"] == name for one in done):
                yield ("plugs", name, "--count", str(PLUGS))

    failed = _play(shares(), seed, journal)
    lines = _lines(journal)
    rows = {name: _row([one for one in lines if one.get("door") == name]) for name in PLATFORMS}
    return _finish(out, {"doors": rows, "unclean": _unclean(lines)}, failed, _table(rows))


def days(number: int, seed: int, out: Path, *, resume: bool, length: int = 200) -> int:
    """So many shuffled and repeated histories; 1 when one of them ends in another way."""
    journal, done = _journal(out, resume=resume)
    known = {one["day"] for one in done}
    share = ("--count", str(SHUFFLES), "--length", str(length))
    wanted = (one for one in range(-(-number // SHUFFLES)) if one not in known)
    failed = _play((("day", str(one), *share) for one in wanted), seed, journal)
    lines = _lines(journal)
    played = sum(one["histories"] for one in lines)
    different = sum(one["different"] for one in lines)
    found = {"histories": played, "deliveries each": length, "different": different}
    words = f"{played} histories of {length} deliveries, shuffled and repeated: {different} differ."
    return _finish(out, {**found, "unclean": [] if not different else lines}, failed, words)


def _play(shares: Iterable[Share], seed: int, journal: Path) -> int:
    """How many shares broke off."""

    def one(share: Share) -> int:
        ended = subprocess.run(
            [
                *(sys.executable, "-m", "tests.faultkit.doors", *share),
                *("--seed", str(seed), "--journal", str(journal)),
            ],
            cwd=ROOT,
            check=False,
        )
        return ended.returncode != 0

    with ThreadPoolExecutor(LANES) as lanes:
        return sum(lanes.map(one, shares))


def _journal(out: Path, *, resume: bool) -> tuple[Path, list[dict[str, Any]]]:
    out.parent.mkdir(parents=True, exist_ok=True)
    journal = out.with_suffix(".jsonl")
    if not resume:
        journal.unlink(missing_ok=True)
    return journal, _lines(journal)


def _lines(journal: Path) -> list[dict[str, Any]]:
    if not journal.exists():
        return []
    # a last line without its end belongs to a run that was interrupted
    return [json.loads(line) for line in journal.read_text().split("\n")[:-1]]


def _row(lines: list[dict[str, Any]]) -> dict[str, int]:
    points = [one for one in lines if one["kind"] == "points" and one["at"] != "at the end"]
    return {
        "points": sum(bool(one["at"]) for one in points),
        "not run again": sum(not one["at"] for one in points),
        "plugs": sum(one["kind"] == "plugs" and one["at"] != "at the end" for one in lines),
        "lost": sum(one["lost"] for one in lines),
        "doubled": sum(one["doubled"] for one in lines),
        "other": sum(bool(one["faults"]) for one in lines),
    }


def _unclean(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for one in lines if one["lost"] or one["doubled"] or one["faults"]]


def _table(rows: dict[str, dict[str, int]]) -> str:
    heads = list(next(iter(rows.values())))
    lines = [f"{'door':<16}" + "".join(f"{one:>15}" for one in heads)]
    lines += [
        f"{name:<16}" + "".join(f"{row[one]:>15}" for one in heads) for name, row in rows.items()
    ]
    return "\n".join(lines)


def _finish(out: Path, found: dict[str, Any], failed: int, words: str) -> int:
    out.write_text(
        json.dumps({**found, "broken off": failed, "at": int(time.time())}, indent=1) + "\n"
    )
    print(words)
    for one in found["unclean"]:
        print(json.dumps(one))
    print(out)
    return 1 if failed or found["unclean"] else 0
