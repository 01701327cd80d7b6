"""A desk whose owner has two prices."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.doubles.builders import NOW, Desk, a_desk, a_rate


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with a_desk(tmp_path) as one:
        since = NOW - timedelta(days=8)
        await one.keep(a_rate("landing page", "1200"), valid_from=since)
        await one.keep(a_rate("hourly", "85", unit="hour"), valid_from=since)
        yield one
