"""The sample company and its clock."""

from datetime import datetime, timedelta

import pytest

from bot.sandbox import fill, move
from memory import revisions
from memory.company import opened
from memory.config import Config, load
from memory.errors import Misconfigured, Refused

NOW = "2026-03-10T09:00"


@pytest.fixture
async def filled(data):
    await fill(data, NOW)
    return data


async def test_a_filled_folder_holds_a_company_as_of_then(data):
    said = await fill(data, NOW)

    async with opened(load(data / "config.toml"), data) as company:
        now = company.clock.now()
        async with company.store.read() as connection:
            rates = await revisions.every(connection, "rate")
    assert said == "2026-03-10T09:00:00+00:00"
    assert timedelta(0) <= now - datetime.fromisoformat(said) < timedelta(seconds=10)
    assert len(rates) == 2


async def test_a_folder_that_holds_a_company_is_not_filled_again(filled):
    with pytest.raises(Refused, match="already holds a company"):
        await fill(filled, NOW)


async def test_a_configuration_that_is_there_is_kept(data):
    (data / "config.toml").write_text('[owner]\nname = "Lena"\n')

    await fill(data, NOW)

    assert load(data / "config.toml").owner.name == "Lena"


@pytest.mark.parametrize(
    ("by", "moment"),
    [
        ("+61s", "2026-03-10T09:01:01"),
        ("+10m", "2026-03-10T09:10:00"),
        ("+9h", "2026-03-10T18:00:00"),
        ("1d", "2026-03-11T09:00:00"),
        ("+1.5h", "2026-03-10T10:30:00"),
        ("2026-04-10T08:00", "2026-04-10T08:00:00"),
    ],
)
async def test_the_clock_moves_by_a_step_or_to_a_moment(filled, by, moment):
    said = await move(load(filled / "config.toml"), filled, by)

    late = datetime.fromisoformat(said).replace(tzinfo=None) - datetime.fromisoformat(moment)
    assert timedelta(0) <= late < timedelta(seconds=10)


@pytest.mark.parametrize("by", ["tomorrow", "+3 parsecs", ""])
async def test_what_is_no_step_and_no_moment_is_said(filled, by):
    with pytest.raises(Misconfigured, match="is not a moment"):
        await move(Config(), filled, by)


async def test_where_there_is_no_company_no_clock_is_moved(tmp_path):
    with pytest.raises(Misconfigured, match="There is no company"):
        await move(Config(), tmp_path, "+1h")


async def test_a_real_companys_clock_stays(data):
    with pytest.raises(Refused, match="Only the sample company's clock"):
        await move(Config(), data, "+1h")


async def test_a_folder_that_cannot_be_made_is_said_plainly(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(Misconfigured, match="cannot be used"):
        await fill(tmp_path / "file" / "below", NOW)
