"""The sample company: something to play with, and the only clock that may be moved."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from memory import recall, revisions, sample, tables
from memory.config import load
from memory.errors import Refused
from memory.records.money import Money
from memory.records.rate import Rate
from tests.memory.given import NOW, a_company

NINE = datetime(2026, 3, 10, 9, 0, tzinfo=ZoneInfo("Europe/Lisbon"))
A_MINUTE = timedelta(seconds=60)


def test_the_samples_settings_are_right(tmp_path: Path):
    (tmp_path / "config.toml").write_text(sample.CONFIG)

    config = load(tmp_path / "config.toml", {})

    assert (config.owner.name, config.owner.timezone) == ("Dana Reyes", "Europe/Lisbon")


async def test_an_empty_folder_becomes_a_company_at_the_named_moment(data: Path):
    async with a_company(data) as company:
        await sample.fill(company, NINE)
        async with company.store.read() as connection:
            rates = await revisions.every(connection, "rate")
            (invoice,) = await revisions.every(connection, "invoice")
            found = await recall.search(connection, "harbor yoga")
            faults = await company.ledger.faults(connection)
            is_sample = await sample.is_sample(connection)

        assert abs(company.clock.now() - NINE) < A_MINUTE

    prices = {one.what: one.price for one in (Rate.model_validate(rate.data) for rate in rates)}
    assert prices == {"hourly": Money.of("85", "EUR"), "landing page": Money.of("1200", "EUR")}
    assert {str(one.valid_from.astimezone(NINE.tzinfo).date()) for one in rates} == {"2026-03-02"}
    assert invoice.data is not None
    assert invoice.data["due"] == "2026-03-03"
    assert {one.kind for one in found} >= {"customer"}
    assert faults == ()
    assert is_sample


async def test_every_value_of_the_sample_names_its_source(data: Path):
    async with a_company(data) as company:
        await sample.fill(company, NINE)
        async with company.store.read() as connection:
            (customer, _) = await revisions.every(connection, "customer")

    assert customer.data is not None
    assert set(customer.provenance) == set(customer.data)
    assert {one.source for one in customer.provenance.values()} == {"src_sample"}


async def test_a_folder_that_holds_a_company_is_left_alone(data: Path):
    async with a_company(data) as company:
        await sample.fill(company, NINE)
        with pytest.raises(Refused, match="already holds a company"):
            await sample.fill(company, NINE)


async def test_a_moved_clock_is_moved_for_every_process(data: Path):
    async with a_company(data) as company, a_company(data) as other:
        await sample.fill(company, NINE)
        moved = await sample.move_clock(company, timedelta(days=2), working=False)
        await other.store.read_clock()

        assert abs(moved - NINE - timedelta(days=2)) < A_MINUTE
        assert abs(other.clock.now() - moved) < A_MINUTE


async def test_the_clock_of_a_real_company_cannot_be_moved(data: Path):
    async with a_company(data) as company:
        with pytest.raises(Refused, match="Only the sample"):
            await sample.move_clock(company, A_MINUTE, working=False)


@pytest.mark.parametrize(("working", "seen"), [(True, NOW + A_MINUTE), (False, NOW)])
async def test_time_moved_while_a_worker_is_there_is_no_absence(
    data: Path, working: bool, seen: datetime
):
    async def is_here(connection: AsyncConnection) -> None:
        await connection.execute(
            insert(tables.presence).values(worker="w", since=NOW, seen_at=NOW, beats=3)
        )

    async with a_company(data) as company:
        await sample.fill(company, NINE)
        await company.store.write(is_here)
        await sample.move_clock(company, A_MINUTE, working=working)
        async with company.store.read() as connection:
            assert (
                await connection.scalar(
                    tables.presence.select().with_only_columns(tables.presence.c.seen_at)
                )
                == seen
            )
            assert await sample.beats(connection) == 3
