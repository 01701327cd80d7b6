"""A week of a normal company: few rings, and nothing that would have rung is lost."""

from datetime import timedelta
from pathlib import Path

from memory import tables
from memory.config import Policy
from tests.bench.rings import FIRST, simulated
from tests.doubles.builders import a_desk
from tests.house.words import assert_plain

DAYS = 6
"""From a Monday to Saturday; a month is what the bench plays."""
RINGS = 4


async def test_a_week_rings_seldom_and_loses_nothing(tmp_path: Path):
    month = await simulated(tmp_path, seed=7, days=DAYS, policy=Policy(rings_per_day=RINGS))

    assert max(one.rings - one.due for one in month.days) <= RINGS
    assert (month.lost, month.twice) == (0, 0)
    assert month.wished > sum(one.rings for one in month.days)
    assert {one.day for one in month.days} >= {FIRST + timedelta(days=day) for day in range(5)}
    async with a_desk(tmp_path) as desk:
        for one in await desk.rows(tables.notice):
            assert_plain(one.text, quoted=("Hi Dana",))
        assert await desk.is_ledger_true()
