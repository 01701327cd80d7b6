"""A local Bot API server and the real client that talks to it."""

from collections.abc import AsyncIterator

import pytest
from telegram.ext import ExtBot

from tests.doubles.chromium import find_chromium
from tests.doubles.telegram import Telegram

# On a machine without Chromium there is no browser to test.
collect_ignore = [] if find_chromium() else ["test_browser.py"]


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    async with Telegram() as server:
        yield server


@pytest.fixture
async def bot(telegram: Telegram) -> AsyncIterator[ExtBot[None]]:
    async with ExtBot(
        telegram.token, base_url=telegram.base_url, base_file_url=telegram.base_file_url
    ) as client:
        yield client
