"""What has happened, as pages and watchmen read it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert

from memory import history, tables
from memory.clock import WallClock
from memory.company import Company, database_url, opened
from memory.config import Config
from memory.schema import upgrade

NINE = datetime(2026, 3, 10, 9, tzinfo=UTC)


@pytest.fixture
async def company(tmp_path):
    config = Config()
    upgrade(database_url(config, tmp_path), tmp_path / "backups", WallClock().now())
    async with opened(config, tmp_path) as found:
        yield found


async def a_message(company: Company, name: str, *, minutes: int = 0, channel: str = "local"):
    async def work(connection) -> None:
        await connection.execute(
            insert(tables.source).values(
                id=name,
                channel=channel,
                native_id=name,
                chat="page",
                sender="owner",
                label="owner",
                text=name,
                files="[]",
                forwarded=False,
                received_at=NINE + timedelta(minutes=minutes),
            )
        )

    await company.store.write(work)


async def a_run(company: Company, source: str, *, step: int, cost_micro: int, outcome: str):
    async def work(connection) -> None:
        await connection.execute(
            insert(tables.run).values(
                id=f"run_{source}_{step}",
                source=source,
                agent="coordinator",
                version="1",
                step=step,
                state="done",
                due_at=NINE,
                trigger="your message",
                intents="[]",
                cost_micro=cost_micro,
                outcome=outcome,
            )
        )

    await company.store.write(work)


async def said(company: Company, **asked) -> list[str]:
    async with company.store.read() as connection:
        return [one.source.id for one in await history.said(connection, **asked)]


async def test_messages_come_in_the_order_they_were_received(company):
    await a_message(company, "second", minutes=2)
    await a_message(company, "first", minutes=1)

    assert await said(company) == ["first", "second"]


async def test_only_the_newest_of_one_door_and_only_later_ones(company):
    for minutes, name in enumerate(("one", "two", "three")):
        await a_message(company, name, minutes=minutes)
    await a_message(company, "elsewhere", minutes=9, channel="telegram")

    assert await said(company, channel="local", last=2) == ["two", "three"]
    assert await said(company, channel="local", after=NINE + timedelta(minutes=1)) == ["three"]


async def test_a_message_costs_what_its_runs_cost_together(company):
    await a_run(company, "src_1", step=0, cost_micro=2_000, outcome="rules->small")
    await a_run(company, "src_1", step=99, cost_micro=120_000, outcome="")
    await a_run(company, "src_2", step=0, cost_micro=7, outcome="rules")

    async with company.store.read() as connection:
        found = await history.spent(connection, "src_1")

    assert found == history.Spent(cost_micro=122_000, path="rules->small")


async def test_what_code_answered_cost_nothing(company):
    async with company.store.read() as connection:
        found = await history.spent(connection, "src_1")

    assert found == history.Spent(cost_micro=0, path="")


async def test_everything_is_counted_by_its_kind(company):
    await a_message(company, "one")
    await a_message(company, "two")
    await a_message(company, "three", channel="telegram")

    async with company.store.read() as connection:
        found = await history.counts(connection)

    assert found.sources == {"local": 2, "telegram": 1}
    assert found.actions == {}
    assert found.worker_seen_at is None


async def test_rings_are_counted_by_the_owners_day(company):
    zone = ZoneInfo("America/New_York")
    midnight, end = history.day_of(NINE, zone)

    async def work(connection) -> None:
        for index, (at, rang) in enumerate(
            (
                (midnight - timedelta(seconds=1), True),
                (midnight, True),
                (NINE, False),
                (end - timedelta(seconds=1), True),
                (end, True),
            )
        ):
            await connection.execute(
                insert(tables.ring).values(notice=f"note_{index}", at=at, about="", rang=rang)
            )

    await company.store.write(work)
    async with company.store.read() as connection:
        found = await history.counts(connection, (midnight, end))

    assert (midnight.hour, end - midnight) == (0, timedelta(days=1))
    assert found.rings_today == 2


async def test_what_waits_for_a_word_is_counted(company):
    async with company.store.read() as connection:
        assert await history.waiting(connection) == history.Waiting(drafts=0, doubts=0, questions=0)


async def test_an_action_that_was_done_twice_counts_once(company):
    async def work(connection) -> None:
        for event in ("action_done", "action_done", "action_compensating", "action_compensated"):
            await company.ledger.add(connection, event, at=NINE, actor="w", subject="act_1")

    await company.store.write(work)
    async with company.store.read() as connection:
        found = await history.worked(connection, NINE, NINE + timedelta(minutes=1))
        before = await history.worked(connection, NINE - timedelta(minutes=1), NINE)

    assert (found.done, found.undone, before.done) == (1, 1, 0)
