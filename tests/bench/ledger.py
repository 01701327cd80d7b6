"""How long it takes to check a ledger of a million entries, beside hashing the same bytes alone.

`python -m tests.bench.ledger [--entries N] [--out F.jsonl]`

The ledger is made straight into a file, as the product writes it: an eighth as many mails, each
with eight entries. Timed are the chain with its marks (`entries`), then also the comparison with
every row it speaks of (`all of verify`); the command is what an owner types, in its own process.
"""

import argparse
import asyncio
import hashlib
import json
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from memory.canonical import canonical
from memory.chain import Walk
from memory.company import opened
from memory.config import Config
from tests.faultkit.ledger.made import KEY, NAMES, a_ledger

ROOT = Path(__file__).parents[2]


def main(arguments: list[str] | None = None) -> Mapping[str, float]:
    """Measure, print a table and return the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", help="not needed here; taken so that every bench is called alike")
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="ledger-") as folder:
        figures = _measure(Path(folder), options.entries)
    for name, value in figures.items():
        print(f"{name:52} {value:12,.2f}")
    if options.out:
        options.out.write_text(json.dumps(figures) + "\n")
    return figures


def _measure(folder: Path, entries: int) -> dict[str, float]:
    began = time.perf_counter()
    file = a_ledger(folder, entries)
    made_s = time.perf_counter() - began
    # first, while this process is small: a child's size begins with its parent's
    command_s = _command(folder)
    grew = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    bare_s, bare_cpu_s = _bare(file)
    walk_s, walk_cpu_s = _walked(file)
    verify_s, verify_cpu_s = asyncio.run(_verified(folder, entries))
    return {
        "entries": entries,
        "made in, s": made_s,
        "file, MB": file.stat().st_size / 1e6,
        "hashing the same bytes alone, s": bare_s,
        "hashing the same bytes alone, s of processor": bare_cpu_s,
        "chain, marks and moves, s": walk_s,
        "chain, marks and moves, s of processor": walk_cpu_s,
        "all of verify, s": verify_s,
        "all of verify, s of processor": verify_cpu_s,
        "steward ledger verify, s": command_s,
        "largest it grew, MB": grew / 1e3,
        "chain : hashing alone, of processor": walk_cpu_s / bare_cpu_s,
        "all of verify : hashing alone, of processor": verify_cpu_s / bare_cpu_s,
    }


def _bare(file: Path) -> tuple[float, float]:
    """Hash what the entries' hashes are over, once, with nothing around it."""
    hashed = [name for name in NAMES if name not in ("hash", "mac")]
    with closing(sqlite3.connect(file)) as database:
        rows = database.execute(f"SELECT {', '.join(hashed)} FROM ledger").fetchall()
    contents = [b"\x01" + canonical(dict(zip(hashed, row, strict=True))) for row in rows]
    del rows
    sha = hashlib.sha256
    began, cpu = time.perf_counter(), time.process_time()
    for one in contents:
        sha(one).hexdigest()
    return time.perf_counter() - began, time.process_time() - cpu


def _walked(file: Path) -> tuple[float, float]:
    """The chain alone, from the file."""
    began, cpu = time.perf_counter(), time.process_time()
    with closing(sqlite3.connect(file)) as database:
        walk = Walk(KEY)
        walk.take(database.execute("SELECT * FROM ledger ORDER BY seq"))
    took = time.perf_counter() - began, time.process_time() - cpu
    assert walk.end().said() == ()
    return took


async def _verified(folder: Path, entries: int) -> tuple[float, float]:
    """What the product calls, on its own connection."""
    async with opened(Config(), folder) as company, company.store.read() as connection:
        began, cpu = time.perf_counter(), time.process_time()
        found = await company.ledger.verify(connection)
        took = time.perf_counter() - began, time.process_time() - cpu
    assert (found.entries, found.faults) == (entries, ())
    return took


def _command(folder: Path) -> float:
    began = time.perf_counter()
    command = (sys.executable, "-m", "bot", "ledger", "verify", "--data", str(folder), "--json")
    said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert json.loads(said)["ok"], said
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
