"""An empty company's folder for each test: migrated once, copied often."""

import shutil
from pathlib import Path

import pytest

from memory.clock import WallClock
from memory.schema import upgrade


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
