"""Revisions: history only grows, on two time axes; undo adds."""

import asyncio
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy import literal, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from memory import recall, revisions, tables
from memory.errors import NotFound, Stale
from memory.records.change import Change, Version
from memory.records.note import Note
from memory.records.rate import Rate
from memory.schema import backup
from tests.memory.given import NOW, SPOKEN, a_company, an_hourly_rate, apply, days, file

RATE = an_hourly_rate("85").record_id()


def price_of(version: Version | None) -> str | None:
    return None if version is None else str(Rate.model_validate(version.data).price)


async def priced_at(
    connection: AsyncConnection, at: datetime | None, known: datetime | None = None
):
    return price_of(await revisions.as_of(connection, RATE, at=at, known=known))


async def test_a_record_keeps_who_said_it_and_when(data: Path):
    rate = an_hourly_rate("85")
    async with a_company(data) as company:
        await apply(company, Change.to(rate, provenance={"price": SPOKEN}))
        async with company.store.read() as connection:
            found = await revisions.current(connection, RATE)

    assert found is not None
    assert (found.version, found.author, found.sources) == (1, "owner", ("src_1",))
    assert (found.valid_from, found.recorded_at) == (NOW, NOW)
    assert found.provenance == {"price": SPOKEN}


async def test_a_new_value_is_a_new_version_and_the_old_one_stays(data: Path):
    async with a_company(data) as company:
        first = await file(company, an_hourly_rate("85"))
        await file(company, an_hourly_rate("95"), was=first, now=NOW + days(1))
        async with company.store.read() as connection:
            versions = await revisions.history(connection, RATE)
            kept = await revisions.kept(connection, RATE)

    assert [price_of(one) for one in versions] == ["85.00 EUR", "95.00 EUR"]
    assert kept == an_hourly_rate("95")


async def test_what_it_was_and_what_was_known_are_two_questions(data: Path):
    """On the 10th the rate is 85; on the 20th Dana says that it has been 95 since the 15th."""
    async with a_company(data) as company:
        first = await file(company, an_hourly_rate("85"))
        await file(
            company, an_hourly_rate("95"), was=first, now=NOW + days(10), valid_from=NOW + days(5)
        )
        async with company.store.read() as connection:
            assert await priced_at(connection, NOW - days(1)) is None
            assert await priced_at(connection, NOW + days(4)) == "85.00 EUR"
            assert await priced_at(connection, NOW + days(7)) == "95.00 EUR"
            assert await priced_at(connection, NOW + days(7), known=NOW + days(7)) == "85.00 EUR"
            assert await priced_at(connection, NOW, known=NOW - days(1)) is None


async def test_a_planned_change_is_true_only_from_its_day(data: Path):
    april = NOW + days(22)
    async with a_company(data) as company:
        first = await file(company, an_hourly_rate("85"))
        await file(company, an_hourly_rate("95"), was=first, valid_from=april)
        async with company.store.read() as connection:
            assert await priced_at(connection, NOW) == "85.00 EUR"
            assert await priced_at(connection, april) == "95.00 EUR"
            assert price_of((await revisions.every(connection, "rate"))[0]) == "95.00 EUR"
            now = await revisions.every(connection, "rate", at=NOW)
            assert [price_of(one) for one in now] == ["85.00 EUR"]


async def test_without_a_moment_the_latest_word_counts_even_when_it_looks_back(data: Path):
    async with a_company(data) as company:
        first = await file(company, an_hourly_rate("85"))
        later = NOW + days(1)
        await file(company, an_hourly_rate("80"), was=first, now=later, valid_from=NOW - days(60))
        async with company.store.read() as connection:
            latest = await revisions.every(connection, "rate")
            known = await revisions.every(connection, "rate", known=later)
            assert await priced_at(connection, NOW - days(30)) == "80.00 EUR"

    assert latest == known
    assert price_of(latest[0]) == "80.00 EUR"


async def test_undo_is_one_more_version_with_the_data_from_before(data: Path):
    async with a_company(data) as company:
        first = await file(company, an_hourly_rate("85"))
        change = Change.to(an_hourly_rate("95"), was=first)
        await apply(company, change, now=NOW + days(1))
        await apply(company, change.inverse(), now=NOW + days(2))
        async with company.store.read() as connection:
            versions = await revisions.history(connection, RATE)

    assert [one.version for one in versions] == [1, 2, 3]
    assert versions[2].data == first.data


async def test_undo_of_something_new_takes_it_back(data: Path):
    change = Change.to(an_hourly_rate("85"))
    async with a_company(data) as company:
        await apply(company, change)
        await apply(company, change.inverse(), now=NOW + days(1))
        async with company.store.read() as connection:
            assert await revisions.every(connection, "rate") == ()
            assert await revisions.every(connection, "rate", at=NOW + days(2)) == ()
            assert await priced_at(connection, NOW + days(2)) is None
            assert await recall.search(connection, "hourly") == ()
            with pytest.raises(NotFound):
                await revisions.kept(connection, RATE)


async def test_what_was_taken_back_can_be_filed_again(data: Path):
    change = Change.to(an_hourly_rate("85"))
    async with a_company(data) as company:
        await apply(company, change)
        await apply(company, change.inverse())
        async with company.store.read() as connection:
            gone = await revisions.current(connection, RATE)
        again = await file(company, an_hourly_rate("90"), was=gone)
        async with company.store.read() as connection:
            found = await recall.search(connection, "hourly")

    assert (again.version, price_of(again)) == (3, "90.00 EUR")
    assert found == (again,)


async def test_a_change_of_something_that_moved_on_is_refused(data: Path):
    async with a_company(data) as company:
        first = await file(company, an_hourly_rate("85"))
        await file(company, an_hourly_rate("90"), was=first)
        with pytest.raises(Stale, match="hourly was changed"):
            await file(company, an_hourly_rate("95"), was=first)
        with pytest.raises(Stale):
            await file(company, an_hourly_rate("95"))
        async with company.store.read() as connection:
            assert len(await revisions.history(connection, RATE)) == 2


async def test_one_stale_change_takes_back_the_others_of_its_filing(data: Path):
    async with a_company(data) as company:
        await file(company, an_hourly_rate("85"))
        note = Note(text="Printer", origin="src_1")
        with pytest.raises(Stale):
            await apply(company, Change.to(note), Change.to(an_hourly_rate("95")))
        async with company.store.read() as connection:
            assert await revisions.every(connection, "note") == ()
            assert await recall.search(connection, "printer") == ()


async def test_of_many_who_change_the_same_version_one_wins(data: Path):
    async with a_company(data) as company:
        first = await file(company, an_hourly_rate("85"))
        answers = await asyncio.gather(
            *(file(company, an_hourly_rate(str(100 + n)), was=first) for n in range(8)),
            return_exceptions=True,
        )
        async with company.store.read() as connection:
            assert len(await revisions.history(connection, RATE)) == 2

    assert sum(isinstance(answer, Stale) for answer in answers) == 7


async def test_data_that_does_not_fit_its_kind_is_refused(data: Path):
    change = Change.to(an_hourly_rate("85")).model_copy(update={"data": {"what": "hourly"}})
    async with a_company(data) as company:
        with pytest.raises(ValidationError):
            await apply(company, change)
        async with company.store.read() as connection:
            assert await revisions.current(connection, RATE) is None


async def test_every_version_is_sealed(data: Path):
    async with a_company(data) as company:
        first = await file(company, an_hourly_rate("85"))
        await file(company, an_hourly_rate("95"), was=first)
        async with company.store.read() as connection:
            assert await company.ledger.faults(connection) == ()


@pytest.mark.parametrize("one_record", [True, False])
async def test_as_of_looks_into_an_index_and_never_reads_everything(data: Path, one_record: bool):
    record = literal("x") if one_record else tables.record.c.id
    query = select(tables.revision).where(revisions._is_best(record, NOW, NOW))
    if one_record:
        query = query.where(tables.revision.c.record == "x")
    else:
        same = tables.record.c.id == tables.revision.c.record
        query = query.join(tables.record, same).where(tables.record.c.kind == "rate")
    async with a_company(data) as company, company.store.read() as connection:
        shown = query.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
        plan = [row.detail for row in await connection.execute(text(f"EXPLAIN QUERY PLAN {shown}"))]

    assert any("ix_revision_record_valid_from" in line for line in plan)
    assert [line for line in plan if line.startswith("SCAN")] == []


MOMENTS = [NOW + days(number) for number in range(5)]
STEPS = st.lists(
    st.tuples(st.sampled_from(MOMENTS), st.one_of(st.none(), st.integers(1, 99))), max_size=6
)


@settings(max_examples=10)
@given(steps=STEPS)
async def test_as_of_agrees_with_a_plain_list_of_what_was_said(
    steps: list[tuple[datetime, int | None]],
    migrated: Path,
    tmp_path_factory: pytest.TempPathFactory,
):
    folder = tmp_path_factory.mktemp("one")
    backup(migrated, folder / "steward.db")
    async with a_company(folder) as company:
        for number, (since, amount) in enumerate(steps):
            change = Change.to(an_hourly_rate(str(amount or 1)), valid_from=since)
            gone = {"data": None} if amount is None else {}
            await apply(
                company,
                change.model_copy(update={"base": number, **gone}),
                now=MOMENTS[0] + days(number),
            )
        async with company.store.read() as connection:
            for at in MOMENTS:
                for said in range(len(steps)):
                    known = steps[: said + 1]
                    true = [one for one in enumerate(known) if one[1][0] <= at]
                    best = max(true, key=lambda one: (one[1][0], one[0]), default=(0, (at, None)))
                    wanted = None if best[1][1] is None else f"{best[1][1]}.00 EUR"
                    found = await priced_at(connection, at, known=MOMENTS[0] + days(said))
                    assert found == wanted
