"""How fast a command is answered at the door, beside one fsynced SQLite commit of this machine.

`python -m tests.bench.latency [--requests N] [--out F.jsonl]`
"""

import argparse
import asyncio
import json
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bot.client import Client
from tests.doubles.steward import running

_NO_REDIS = "redis://127.0.0.1:1"
"""A port where nobody listens."""
_COMMIT = "INSERT INTO line (words) VALUES ('one row, one fsync')"


def main(arguments: list[str] | None = None) -> dict[str, float]:
    """Measure, print a table and return the figures in milliseconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", help="not needed here; taken so that every bench is called alike")
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        figures = asyncio.run(_measure(Path(folder), options.requests))
    for name, value in figures.items():
        print(f"{name:36} {value:8.2f}")
    if options.out:
        options.out.write_text(json.dumps(figures) + "\n")
    return figures


async def _measure(folder: Path, requests: int) -> dict[str, float]:
    commit = _each(requests, _commits(folder))
    answers = await _answers(folder / "data", requests)
    without = await _answers(folder / "alone", requests, "[storage]", f'redis_url = "{_NO_REDIS}"')
    return {
        "answered, median ms": statistics.median(answers),
        "answered, 95th of 100 ms": statistics.quantiles(answers, n=20)[18],
        "answered with redis down, median ms": statistics.median(without),
        "one fsynced commit, median ms": statistics.median(commit),
        "ratio of the medians": statistics.median(answers) / statistics.median(commit),
    }


async def _answers(data: Path, requests: int, *config: str) -> list[float]:
    """How long a command takes at the door of a running company."""
    async with running(data, *config) as steward:
        client = Client.of(steward.data)
        assert client is not None

        def ask() -> None:
            client.ask("POST", "say", {"text": "/today", "wait_s": 5})

        return await asyncio.to_thread(_each, requests, ask)


def _each(times: int, act: Callable[[], object]) -> list[float]:
    """How long each call took, in milliseconds."""
    found: list[float] = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        found.append((time.perf_counter() - began) * 1000)
    return found


def _commits(folder: Path) -> Callable[[], object]:
    database = sqlite3.connect(folder / "floor.db", isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE line (words TEXT)")
    return lambda: database.execute(_COMMIT)


if __name__ == "__main__":
    main()
