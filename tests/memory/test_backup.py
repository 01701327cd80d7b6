"""Backup: a copy of everything, taken while the company works."""

import sqlite3
from pathlib import Path

import pytest

from memory.backup import back_up, changed, faults
from memory.blobs import Blobs
from memory.config import Config
from memory.errors import Refused, Unavailable
from memory.ledger import Ledger
from memory.revisions import every
from tests.memory.given import NOW, a_company, a_disk_that_is_full_after, an_hourly_rate, file


async def test_a_copy_holds_the_records_and_the_files(data: Path):
    async with a_company(data) as company:
        kept = await file(company, an_hourly_rate("85"))
        name = company.blobs.put(b"a letter")

        place = back_up(Config(), data, None, NOW)

    assert place == data / "backups" / "20260310-090000"
    assert Blobs(place / "blobs").get(name) == b"a letter"
    async with a_company(place) as copy, copy.store.read() as connection:
        assert await every(connection, "rate") == (kept,)


async def test_the_key_of_the_ledger_stays_at_home(data: Path, tmp_path: Path):
    async with a_company(data):
        place = back_up(Config(), data, tmp_path / "copy", NOW)

    assert {one.name for one in place.iterdir()} == {"steward.db"}


def test_without_a_company_there_is_nothing_to_copy(tmp_path: Path):
    with pytest.raises(Refused, match="no company"):
        back_up(Config(), tmp_path, None, NOW)


def test_a_folder_that_is_there_is_not_written_over(data: Path, tmp_path: Path):
    (tmp_path / "copy").mkdir()

    with pytest.raises(Refused, match="there already"):
        back_up(Config(), data, tmp_path / "copy", NOW)


async def test_a_disk_that_is_full_leaves_no_half_copy(data: Path, tmp_path: Path):
    async with a_company(data) as company:
        company.blobs.put(b"x" * 500_000)
        with a_disk_that_is_full_after(400_000), pytest.raises(Unavailable, match="disk"):
            back_up(Config(), data, tmp_path / "copy", NOW)

    assert not (tmp_path / "copy").exists()


def change(copy: Path, statement: str) -> None:
    connection = sqlite3.connect(copy / "steward.db")
    connection.execute(statement)
    connection.commit()
    connection.close()


@pytest.fixture
async def copy(data: Path, tmp_path: Path) -> Path:
    async with a_company(data) as company:
        await file(company, an_hourly_rate("85"))
        return back_up(Config(), data, tmp_path / "copy", NOW)


def test_a_good_copy_has_no_faults(data: Path, copy: Path):
    assert faults(copy) == ()
    assert changed(copy, Ledger.with_key_in(data)) == ()


def test_a_damaged_copy_is_found_out(data: Path, copy: Path):
    raw = bytearray((copy / "steward.db").read_bytes())
    raw[4096 : len(raw) // 2] = b"x" * (len(raw) // 2 - 4096)
    (copy / "steward.db").write_bytes(raw)

    assert "database" in faults(copy)[0]


def test_a_copy_with_a_changed_record_is_found_out(data: Path, copy: Path):
    change(copy, "UPDATE record SET title = 'other'")

    assert "is not as entry" in changed(copy, Ledger.with_key_in(data))[0]


def test_a_copy_that_lost_rows_is_found_out(data: Path, copy: Path):
    found = faults(copy, between=({"record": 2}, {"record": 3}))

    assert found == ("record has 1 rows instead of 3.",)


async def test_a_copy_of_what_was_changed_from_outside_is_kept_and_told(data: Path, tmp_path: Path):
    async with a_company(data) as company:
        await file(company, an_hourly_rate("85"))
    change(data, "UPDATE record SET title = 'other'")

    with pytest.raises(Unavailable, match="changed from outside"):
        back_up(Config(), data, tmp_path / "copy", NOW)

    assert faults(tmp_path / "copy") == ()
