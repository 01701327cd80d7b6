"""The week: figures by day and by week, and the seal in plain words."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from memory import ledger, week
from memory.config import Config, Owner
from memory.records.invoice import Invoice
from memory.records.money import Money
from memory.week import Week
from tests.house.words import assert_plain
from tests.memory.given import a_company, file

NOW = datetime(2026, 3, 13, 16, 0, tzinfo=ZoneInfo("Europe/Lisbon"))
"""A Friday."""
CONFIG = Config(owner=Owner(name="Dana Reyes", timezone="Europe/Lisbon"))


async def the_week(company) -> Week:
    async with company.store.read() as connection:
        return await week.week(connection, CONFIG, NOW)


def a_bill(number: str, amount: str, **fields: str) -> Invoice:
    total = Money.of(amount, "EUR")
    return Invoice.model_validate({"number": number, "customer": "c", "total": total, **fields})


async def test_each_day_has_its_own_figures(data: Path):
    async with a_company(data) as company:

        async def work(connection) -> None:
            for days, event in ((0, "action_done"), (1, "action_done"), (1, "action_cancelled")):
                await company.ledger.add(
                    connection, event, at=NOW - timedelta(days=days), actor="worker",
                    subject=f"act_{days}",
                )  # fmt: skip

        await company.store.write(work)
        found = await the_week(company)

    assert [one.day for one in found.days] == [date(2026, 3, day) for day in range(7, 14)]
    assert [(one.done, one.undone) for one in found.days[-2:]] == [(1, 1), (1, 0)]
    assert not found.is_empty


async def test_money_counts_in_the_week_in_which_it_came(data: Path):
    async with a_company(data) as company:
        await file(company, a_bill("1", "2400", state="paid"), valid_from=NOW - timedelta(days=8))
        await file(company, a_bill("2", "85.50", state="paid", direction="in"), valid_from=NOW)
        await file(company, a_bill("3", "1200"))
        found = await the_week(company)

    assert [(one.monday.day, one.into, one.out) for one in found.money[-2:]] == [
        (2, Decimal(2400), Decimal(0)),
        (9, Decimal(0), Decimal("85.5")),
    ]
    assert "Money: 0 EUR in, 85.50 EUR out." in found.text


async def test_the_text_says_in_words_that_the_records_are_sealed(data: Path):
    async with a_company(data) as company:

        async def work(connection) -> None:
            await company.ledger.add(
                connection, "action_done", at=NOW, actor="worker", subject="act_1"
            )

        await company.store.write(work)
        found = await the_week(company)
        async with company.store.read() as connection:
            number, hashed = await ledger.head(connection)

    assert number == 1
    assert "I seal my records every hour, outside of where they lie: 1 line so far." in found.text
    assert hashed[:4] not in found.text
    assert found.text.startswith(
        "Your week to Friday, 13 March.\nDone: 1. Undone: 0. Cost: nothing.\nI never rang.\n"
    )
    assert_plain(found.text)


async def test_a_week_without_anything_is_empty(data: Path):
    async with a_company(data) as company:
        found = await the_week(company)

    assert found.is_empty
    assert found.money == ()
