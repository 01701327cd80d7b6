"""What models have cost, in three ways that each add up."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from memory import budget, spending, tables
from memory.budget import Wanted
from memory.company import Company
from memory.config import Config
from memory.records.change import Change
from memory.records.contact import Contact
from memory.records.customer import Customer
from memory.revisions import apply
from memory.spending import Spending, amount
from tests.house.words import assert_plain
from tests.memory.given import NOW, a_company

BLUEFIN = Customer(name="Bluefin Cafe")
MARTA = Contact(name="Marta", email="marta@bluefincafe.example", customer=BLUEFIN.record_id())


async def call(
    company: Company,
    run: str,
    reserved: int,
    settled: int | None,
    *,
    agent: str = "coordinator",
    customer: tuple[str, ...] = (),
    source: str | None = None,
) -> None:
    async def work(connection: AsyncConnection) -> None:
        if source is not None:
            await connection.execute(
                insert(tables.run).values(
                    id=run, source=source, agent=agent, version="1", step=0, state="done",
                    due_at=NOW, trigger="t", intents="[]",
                )
            )  # fmt: skip
        wanted = Wanted(run=run, agent=agent, micro=reserved, day="2026-03-10", customer=customer)
        attempt = await budget.reserve(
            connection, company.ledger, company.config.budget, wanted, NOW
        )
        if settled is not None and isinstance(attempt, int):
            await budget.settle(
                connection, company.ledger, run=run, attempt=attempt, micro=settled, agent=agent,
                now=NOW,
            )  # fmt: skip

    await company.store.write(work)


async def an_action(company: Company, source: str, heading: str, kind: str) -> None:
    async def work(connection: AsyncConnection) -> None:
        await connection.execute(
            insert(tables.action).values(
                id=f"act_{heading}", revision=1, source=source, run="run", agent="replies@1",
                kind=kind, heading=heading, effect="{}", then="[]", rationale="", path="rules",
                state="proposed", version=1, digest="d", key="k", created_at=NOW,
            )
        )  # fmt: skip

    await company.store.write(work)


async def looked(company: Company) -> Spending:
    async with company.store.read() as connection:
        return await spending.today(connection, company.config, NOW)


async def test_a_day_on_which_nothing_was_asked_costs_nothing(data: Path):
    async with a_company(data) as company:
        found = await looked(company)

    assert found.total_micro == 0
    assert found.text("USD") == "Models have cost nothing today."


async def test_the_three_ways_add_up(data: Path):
    async with a_company(data) as company:
        changes = (Change.to(BLUEFIN), Change.to(MARTA))

        async def work(connection: AsyncConnection) -> None:
            await apply(
                connection, company.ledger, changes, now=NOW, author="owner", action=None,
                sources=("src_1",),
            )  # fmt: skip

        await company.store.write(work)
        await an_action(company, "src_1", "Filed", "file")
        await an_action(company, "src_1", "Reply to Marta", "mail.send")
        await call(
            company, "run_1", 200_000, 122_000, customer=(MARTA.record_id(),), source="src_1"
        )
        await call(company, "run_2", 9_000, 3_001, customer=(BLUEFIN.record_id(),), source="src_2")
        await call(company, "run_3", 50_000, None, source="src_3")
        await call(company, "run_4", 100, 20, agent="doctor")
        await call(company, "run_5", 100, 0, customer=("con_new",), source="src_5")
        found = await looked(company)

    assert found.total_micro == 122_000 + 3_001 + 50_000 + 20
    assert found.open_micro == 50_000
    assert found.by_action == {
        "Reply to Marta": 122_000,
        "messages without a card": 53_001,
        "trying a model out": 20,
    }
    assert found.by_agent == {"coordinator": 175_001, "doctor": 20}
    assert found.by_customer == {"Bluefin Cafe": 125_001, "your own words": 50_020}
    assert_plain(found.text("USD"))
    assert found.text("USD") == (
        "Models cost 0.175021 USD today, of 5.00.\n"
        "By action:\n- Reply to Marta: 0.122\n- messages without a card: 0.053001\n"
        "- trying a model out: 0.00002\n"
        "By agent:\n- reading: 0.175001\n- trying a model out: 0.00002\n"
        "By customer:\n- Bluefin Cafe: 0.125001\n- your own words: 0.05002\n"
        "0.05 of it is set aside for a call that runs now."
    )


async def test_yesterday_is_not_today(data: Path):
    async with a_company(data) as company:
        await call(company, "run_1", 200, 100)
        async with company.store.read() as connection:
            later = NOW + timedelta(days=1)
            assert (await spending.today(connection, Config(), later)).total_micro == 0


def test_a_long_list_is_summed_up():
    parts = {f"card {number}": 10_000 for number in range(12)}
    found = Spending(
        total_micro=120_000, open_micro=0, limit_micro=5_000_000, by_action=parts,
        by_agent={"coordinator": 120_000}, by_customer={"your own words": 120_000},
    )  # fmt: skip

    assert "- card 5: 0.01\n- 6 more: 0.06\n" in found.text("USD")


@pytest.mark.parametrize(
    ("micro", "said"),
    [(0, "0.00"), (1, "0.000001"), (122_000, "0.122"), (500_000, "0.50"), (5_000_000, "5.00")],
)
def test_an_amount_loses_nothing(micro: int, said: str):
    assert amount(micro) == said
