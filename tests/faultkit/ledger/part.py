"""Everything one hand can do to a ledger without its key, once at every entry: is it found?

Each harm is done to a whole ledger of so many entries, which is then walked as `verify` walks it.
What it does to the file and to the rows that entries speak of is in tests/memory/test_ledger.py.
"""

import json
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any, cast

from memory.chain import FIRST, Anchored, Line, Walk, entry_hash, keyed
from tests.faultkit.ledger.made import KEY, NAMES, a_ledger

LANES = 2
ANCHORED_EVERY = 60
FORGER = b"what whoever has no key may take"
OTHERS: dict[str, Callable[[Any], object]] = {
    "another value": lambda value: value + 7 if isinstance(value, int) else f"{value[:-1]}~",
    "nothing": lambda value: None,
    "empty": lambda value: 0 if isinstance(value, int) else "",
    "another kind": lambda value: str(value) if isinstance(value, int) else 98765,
    "bytes": lambda value: str(value).encode(),
}
"""What a column is changed to."""

Harm = tuple[str, list[Line]]


def run(entries: int, out: Path, *, every: int = 1, lanes: int = LANES) -> int:
    """Do every harm at every so many entries; 1 when one was not found."""
    began = time.monotonic()
    counts: Counter[tuple[str, str]] = Counter()
    shares = [(entries, every, lane, lanes) for lane in range(lanes)]
    if lanes == 1:
        counts.update(_share(shares[0]))
    else:
        with ProcessPoolExecutor(lanes) as pool:
            for one in pool.map(_share, shares):
                counts.update(one)
    names = sorted({name for name, _ in counts})
    rows = {
        name: {verdict: counts[name, verdict] for verdict in ("found", "not found")}
        for name in names
    }
    wall_s = round(time.monotonic() - began, 1)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps({"entries": entries, "harms": rows, "wall_s": wall_s}, indent=1))
    for name, row in rows.items():
        print(f"{name:<48} found {row['found']:>7,}   not found {row['not found']:>5,}")
    missed = sum(row["not found"] for name, row in rows.items() if name != BEYOND)
    total = sum(sum(row.values()) for row in rows.values())
    print(f"{total:,} harms to a ledger of {entries:,} entries in {wall_s} s; {missed} not found.")
    print(f"{out}")
    return 1 if missed else 0


BEYOND = "cut off after the last seal outside"
"""What may not be found: the promise is up to the last anchor, which is an hour old at most."""


def _share(share: tuple[int, int, int, int]) -> Counter[tuple[str, str]]:
    entries, every, lane, lanes = share
    lines = made(entries)
    sealed = lines[ANCHORED_EVERY - 1 :: ANCHORED_EVERY]
    anchors = [Anchored(line[0], line[10], line[1]) for line in sealed]
    assert found(lines, anchors) == (), "the ledger was not whole to begin with"
    counts: Counter[tuple[str, str]] = Counter()
    for at in range(lane * every, len(lines), lanes * every):
        for name, harmed in harms(lines, at, anchors[-1].seq):
            is_found = found_nearby(lines, harmed, at) or found(harmed, anchors)
            verdict = "found" if is_found else "not found"
            counts[name, verdict] += 1
    return counts


def made(entries: int) -> list[Line]:
    """The entries of a ledger as the product writes them."""
    with tempfile.TemporaryDirectory(prefix="ledger-") as folder:
        file = a_ledger(Path(folder), entries)
        with closing(sqlite3.connect(file)) as database:
            return database.execute("SELECT * FROM ledger ORDER BY seq").fetchall()


def found(lines: list[Line], anchors: list[Anchored]) -> tuple[str, ...]:
    """What a walk finds wrong."""
    walk = Walk(KEY, anchors)
    walk.take(lines)
    return walk.end().said()


def found_nearby(whole: list[Line], harmed: list[Line], at: int) -> bool:
    """Whether a walk that is whole up to here finds something wrong in its next four steps.

    What it has found it keeps, so the rest of the way need not be gone: that saves hours.
    """
    start = max(0, at - 1)
    walk = Walk(KEY)
    if start:
        walk._before, walk._expected = whole[start - 1][10], whole[start - 1][0] + 1
    walk.take(harmed[start : start + 4])
    return walk.end().said() != ()


def harms(lines: list[Line], at: int, sealed: int) -> Iterator[Harm]:
    """Everything that can be done to one entry, or from it on.

    Args:
        sealed: Number of the last entry that is written down outside.
    """
    line = lines[at]
    for column, name in enumerate(NAMES):
        for what, other in OTHERS.items():
            changed = cast("Line", (*line[:column], other(line[column]), *line[column + 1 :]))
            if changed != line:
                harmed = [*lines[:at], changed, *lines[at + 1 :]]
                yield f"{name}: {what}", _sorted(harmed, moved=column == 0)
    if at + 1 < len(lines):
        # the very last one deleted is the same as cut off
        yield "deleted", [*lines[:at], *lines[at + 1 :]]
        yield "deleted, and the rest moved up", [*lines[:at], *_moved(lines[at + 1 :], -1)]
    yield "put in twice", [*lines[: at + 1], line, *lines[at + 1 :]]
    yield "put in twice, and the rest moved down", [*lines[: at + 1], *_moved(lines[at:], 1)]
    if at + 1 < len(lines):
        following = lines[at + 1]
        swapped = ((line[0], *following[1:]), (following[0], *line[1:]))
        yield "swapped with the next", [*lines[:at], *swapped, *lines[at + 2 :]]
    other = lines[(at + len(lines) // 2) % len(lines)]
    yield "another entry in its place", [*lines[:at], (line[0], *other[1:]), *lines[at + 1 :]]
    yield "chained anew without the key", [*lines[:at], *_forged(lines, at)]
    yield "chained anew, marks kept", [*lines[:at], *_forged(lines, at, marks=False)]
    yield BEYOND if at >= sealed else "cut off from here on", lines[:at]


def _moved(lines: list[Line], by: int) -> list[Line]:
    return [(line[0] + by, *line[1:]) for line in lines]


def _forged(lines: list[Line], at: int, *, marks: bool = True) -> Iterator[Line]:
    """The rest as somebody without the key would write it who wants one entry to say another."""
    mark = keyed(FORGER)
    before = lines[at - 1][10] if at else FIRST
    for index, line in enumerate(lines[at:]):
        entry: dict[str, object] = dict(zip(NAMES[:-2], line, strict=False))
        entry["prev_hash"] = before
        if index == 0:
            entry["actor"] = "mallory"
        before = entry_hash(entry)
        marked = mark(before) if marks else line[11]
        yield cast("Line", (*entry.values(), before, marked))


def _sorted(lines: list[Line], *, moved: bool) -> list[Line]:
    """As the database hands them out: by number, what is none of them last."""
    if not moved:
        return lines
    return sorted(lines, key=lambda line: line[0] if isinstance(line[0], int) else 1 << 62)
