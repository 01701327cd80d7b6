"""A share of the stops, in a process of its own: `python -m tests.faultkit.stop KIND ...`."""

import argparse
import asyncio
import os
import random
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.faultkit.stop import interleaving
from tests.faultkit.stop.interleaving import Line

MOST_HITS = 60
"""A line in a loop is tried in its first rounds."""
NEAR = ("jobs/claims.py", "jobs/executor.py", "jobs/throttle.py", "jobs/groups.py", "jobs/stop.py")
CHAIN = 25
"""Stops that one executor lives through."""
SPARE = 2
"""So many times as many lines are drawn: some do not run again as often as in the rehearsal."""


def main() -> int:
    """Append a line of JSON to --journal for every stop."""
    parser = argparse.ArgumentParser(prog="python -m tests.faultkit.stop", description=__doc__)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--first", type=int, default=0, help="number of the first one")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--within", default="", help="only lines of a function of this name")
    parser.add_argument("--journal", type=Path, required=True)
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="stop-"))
    try:
        template = folder / "template"
        # in a child of its own: whoever forks must have no threads
        if not _in_child(lambda: asyncio.run(interleaving.prepare(template))):
            return 1
        lines = interleaving.rehearse(template, folder)
        chance = random.Random(f"{asked.seed} {asked.first}")
        waiting = draw(lines, asked.count * SPARE, chance, asked.within)
        played = 0
        while waiting and played < asked.count:
            chain, waiting = waiting[:CHAIN], waiting[CHAIN:]
            for outcome in interleaving.play(template, folder, asked.first + played, chain):
                played += bool(outcome.at)
                with asked.journal.open("a") as file:
                    file.write(outcome.text() + "\n")
                if played == asked.count:
                    break
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def draw(lines: list[Line], count: int, chance: random.Random, within: str) -> list[Line]:
    """So many moments, at one of a line's first hits; every other one is near the marker.

    Raises:
        LookupError: No line ran: the product has changed and WATCH has not.
    """
    able = [one for one in lines if not within or one[1] == within]
    near = [one for one in able if one[0] in NEAR]
    if not able:
        message = "no line of the executor ran; does WATCH still name the product's files?"
        raise LookupError(message)
    found: list[Line] = []
    while len(found) < count:
        among = near if near and len(found) % 2 else able
        file, function, row, hits = chance.choice(among)
        found.append((file, function, row, chance.randint(1, min(hits, MOST_HITS))))
    return found


def _in_child(work: Callable[[], None]) -> bool:
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


if __name__ == "__main__":
    sys.exit(main())
