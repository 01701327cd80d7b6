"""A few deaths of every kind on every run of the tests; `make faults` has the full number."""

from pathlib import Path

import pytest

from tests.faultkit import campaign
from tests.faultkit.lane import Result
from tests.faultkit.plants import PLANTS, Plant
from tests.faultkit.report import summary, table

SAMPLE = {
    "send": 3,
    "claim": 1,
    "ingest": 2,
    "consider": 1,
    "decide": 1,
    "redis killed": 1,
    "redis emptied": 1,
}


def test_however_it_dies_nothing_is_lost_and_nothing_is_sent_twice():
    results: list[Result] = []

    campaign.run(SAMPLE, seed=1, report=results.append, lanes=2, writers=3)

    found = summary(results)
    assert found["unclean"] == [], table(found)
    assert {name: row["points"] for name, row in found["strata"].items()} == SAMPLE


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.name)
def test_the_fault_that_is_planted_still_fits_the_product(plant: Plant, tmp_path: Path):
    root = plant.copy_into(tmp_path)

    compile((root / plant.file).read_text(), plant.file, "exec")
