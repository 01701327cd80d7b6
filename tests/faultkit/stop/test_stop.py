"""Some stops on every run of the tests; `make faults PART=stop` has the full number."""

import json
import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.faultkit.house import ROOT
from tests.faultkit.plants import Plant
from tests.faultkit.stop import wedge
from tests.faultkit.stop.__main__ import draw
from tests.faultkit.stop.part import percentile, summary

INTERLEAVINGS = 24
PRESSES = 8
CHECKED_TOO_EARLY = Plant(
    name="the stop is looked for before the marker's transaction begins",
    file="jobs/claims.py",
    healthy="""    if stop.stopped(company):
        raise stop.Stopped("Everything is stopped.")
    now = company.clock.now()
    row = (""",
    sick="""    now = company.clock.now()
    row = (""",
    stratum="send",
    points=8,
    within=lambda line: True,
)


def test_wherever_the_executor_stands_nothing_begins_to_leave_after_a_stop(tmp_path: Path):
    found = played(INTERLEAVINGS, tmp_path / "journal")

    done = summary(found)
    assert done["unclean"] == []
    assert done["interleavings"] == INTERLEAVINGS


def test_a_stop_that_is_looked_for_too_early_is_found_out(tmp_path: Path):
    root = CHECKED_TOO_EARLY.copy_into(tmp_path / "tree")
    place = root / "jobs" / "executor.py"
    healthy = (
        "        async def work(connection: AsyncConnection) -> Action:\n"
        "            return await claims.mark("
    )
    assert place.read_text().count(healthy) == 1
    early = '        if self._company.stop_file.exists():\n            raise Stopped("")\n'
    place.write_text(place.read_text().replace(healthy, early + healthy))
    shutil.copytree(
        ROOT / "tests", root / "tests", ignore=shutil.ignore_patterns("__pycache__", "data")
    )

    found = played(CHECKED_TOO_EARLY.points, tmp_path / "journal", "Store.write", root=root)

    assert any(one["faults"] for one in found)


def test_with_nothing_at_work_and_the_database_held_a_stop_is_answered_within_a_second():
    pressed = wedge.press(PRESSES, held_s=5.0)

    assert pressed.faults == ()
    assert percentile(sorted(pressed.in_force_ms), 0.5) < 1000
    assert percentile(sorted(pressed.answered_ms), 0.5) < 1000


def test_every_other_moment_is_near_the_marker():
    lines = [("jobs/claims.py", "mark", 1, 3), ("memory/store.py", "Store.write", 2, 9)]

    drawn = draw(lines, 10, random.Random(1), "")

    assert sum(one[0] == "jobs/claims.py" for one in drawn) >= 5
    assert all(1 <= one[3] <= 9 for one in drawn)
    with pytest.raises(LookupError, match="WATCH"):
        draw(lines, 1, random.Random(1), "gone")


def played(
    count: int, journal: Path, within: str = "", *, root: Path = ROOT
) -> list[dict[str, Any]]:
    """What became of so many stops, in a process that may fork because it has no threads."""
    subprocess.run(
        [
            *(sys.executable, "-m", "tests.faultkit.stop", "--count", str(count)),
            *("--within", within, "--journal", str(journal)),
        ],
        cwd=root,
        check=True,
    )
    return [json.loads(line) for line in journal.read_text().splitlines()]
