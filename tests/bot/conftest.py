"""An empty company's folder for each test, migrated once and copied often; a chat on Slack."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from memory.clock import WallClock
from memory.schema import upgrade
from tests.bot.slack_chat import Chat, a_chat, at_work
from tests.doubles.slack import Slack


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("migrated")
    upgrade(f"sqlite+aiosqlite:///{folder}/steward.db", folder / "backups", WallClock().now())
    return folder / "steward.db"


@pytest.fixture
def data(tmp_path: Path, migrated: Path) -> Path:
    folder = tmp_path / "company"
    folder.mkdir()
    shutil.copyfile(migrated, folder / "steward.db")
    return folder


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack() as server:
        yield server


@pytest.fixture
async def closed(data: Path, slack: Slack) -> AsyncIterator[Chat]:
    """Dana's chat on Slack, its door not open yet."""
    async with a_chat(data, slack) as made:
        yield made


@pytest.fixture
async def chat(closed: Chat) -> AsyncIterator[Chat]:
    """Dana's chat on Slack, at work; tests of other doors have a chat of their own."""
    async with at_work(closed.door):
        await closed.dana.sees("yours alone")
        yield closed
