"""A phone's browser, where there is one."""

from collections.abc import AsyncIterator

import pytest

from tests.doubles.browser import Browser, browser
from tests.doubles.chromium import find_chromium

# On a machine without Chromium there is no page to look at.
collect_ignore = [] if find_chromium() else ["test_page.py", "test_sheet.py"]


@pytest.fixture
async def phones() -> AsyncIterator[Browser]:
    async with browser() as started:
        yield started
