"""A phone's browser, where there is one."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.doubles.browser import Browser, browser
from tests.doubles.chromium import find_chromium

# On a machine without Chromium there is no page to look at.
collect_ignore = [] if find_chromium() else ["test_page.py", "test_sheet.py"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def _browser() -> AsyncIterator[Browser]:
    async with browser() as started:
        yield started


@pytest_asyncio.fixture(loop_scope="module")
async def phones(_browser: Browser) -> AsyncIterator[Browser]:
    """The browser of the module, with no phone in it that another test has used."""
    yield _browser
    await _browser.put_away()
