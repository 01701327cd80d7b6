"""A few deaths at every door on every run of the tests; `make faults PART=doors` has them all."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.faultkit.campaign import make_sample
from tests.faultkit.doors import histories
from tests.faultkit.doors.campaign import BEGINS
from tests.faultkit.doors.platforms import PLATFORMS
from tests.faultkit.house import ROOT
from tests.faultkit.plants import Plant

POINTS = 3
OFFSET_FIRST = Plant(
    name="the offset is moved on before the commit",
    file="bot/telegram.py",
    healthy="""                courtesies += await self._batch.take(updates)
""",
    sick="""                if updates:
                    await self._outbox.remember(_OFFSET, str(updates[-1].update_id + 1))
                courtesies += await self._batch.take(updates)
""",
    stratum="ingest",
    points=7,
    within=lambda line: True,
)


@pytest.fixture(scope="module")
def deaths(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Some at every door, in one process: loading the product takes longer than dying."""
    folder = tmp_path_factory.mktemp("doors")
    make_sample(folder / "sample")
    doors = ",".join(PLATFORMS)
    return _died(doors, POINTS, folder / "journal", "--sample", str(folder / "sample"))


def test_every_platform_has_a_function_that_takes_from_it():
    assert set(BEGINS) == set(PLATFORMS)


@pytest.mark.parametrize("door", PLATFORMS)
def test_wherever_a_door_dies_what_it_confirmed_is_kept_once(
    door: str, deaths: list[dict[str, Any]]
):
    found = [one for one in deaths if one["door"] == door]

    assert [one for one in found if one["lost"] or one["doubled"] or one["faults"]] == []
    assert any(one["at"] for one in found)


def test_a_door_that_confirms_too_early_is_found_out(tmp_path: Path):
    root = OFFSET_FIRST.copy_into(tmp_path / "tree")
    shutil.copytree(
        ROOT / "tests", root / "tests", ignore=shutil.ignore_patterns("__pycache__", "data")
    )

    found = _died("telegram poll", OFFSET_FIRST.points, tmp_path / "journal", root=root)

    assert sum(one["lost"] for one in found) > 0


def test_a_day_that_is_heard_in_another_order_and_twice_ends_the_same():
    assert histories.compare(1, 30, 1, think=True) == 0


def _died(
    door: str, points: int, journal: Path, *more: str, root: Path = ROOT
) -> list[dict[str, Any]]:
    """What became of so many deaths, in a process that may fork because it has no threads."""
    subprocess.run(
        [
            *(sys.executable, "-m", "tests.faultkit.doors", "points", door),
            *("--count", str(points), "--journal", str(journal), *more),
        ],
        cwd=root,
        check=True,
    )
    return [json.loads(line) for line in journal.read_text().splitlines()]
