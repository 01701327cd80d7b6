"""Company: what every process of one company shares."""

from pathlib import Path

from memory.company import database_url
from memory.config import load
from tests.memory.given import a_company


def test_without_a_database_address_it_is_a_file_in_the_folder(tmp_path: Path):
    assert database_url(load(None, {}), tmp_path) == f"sqlite+aiosqlite:///{tmp_path}/steward.db"


def test_a_configured_database_counts(tmp_path: Path):
    config = load(None, {"STEWARD_STORAGE__DATABASE_URL": "postgresql+asyncpg://host/steward"})

    assert database_url(config, tmp_path) == "postgresql+asyncpg://host/steward"


async def test_a_company_knows_its_folder_zone_and_stop_file(data: Path):
    async with a_company(data) as company:
        assert company.zone.key == "Europe/Lisbon"
        assert company.stop_file == data / "STOP"
        assert company.clock is company.store.clock


async def test_two_processes_of_one_company_hold_the_same_key(data: Path):
    async with a_company(data) as one, a_company(data) as other:
        assert one.ledger._key == other.ledger._key
