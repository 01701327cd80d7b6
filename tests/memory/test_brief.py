"""The brief: what is late, today, waiting, and how yesterday went, in lines for a phone."""

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert

from memory import brief, tables
from memory.brief import Brief, cost_in_words
from memory.config import Config, Owner
from memory.records.contact import Contact
from memory.records.customer import Customer
from memory.records.event import Event
from memory.records.invoice import Invoice
from memory.records.kept import Kept
from memory.records.money import Money
from memory.records.process import Process
from memory.records.reminder import Reminder
from memory.records.task import Task
from tests.house.words import assert_plain
from tests.memory.given import a_company, file

NOW = datetime(2026, 3, 10, 8, 0, tzinfo=ZoneInfo("Europe/Lisbon"))
NORTHWIND = Customer(name="Northwind")
TODAY = NOW.date()


async def of(data: Path, *kept: Kept, now: datetime = NOW, locale: str = "en-GB") -> Brief:
    config = Config(owner=Owner(name="Dana Reyes", timezone="Europe/Lisbon", locale=locale))
    async with a_company(data) as company:
        for one in kept:
            await file(company, one)
        async with company.store.read() as connection:
            return await brief.today(connection, config, now)


def a_task(what: str, due: date | None = None, **fields: str) -> Task:
    return Task.model_validate({"what": what, "due": due, "origin": "src_1", **fields})


def a_bill(direction: str, due: date) -> Invoice:
    return Invoice.model_validate(
        {
            "number": "INV-014", "customer": NORTHWIND.record_id(),
            "total": Money.of("2400", "EUR"), "due": due, "direction": direction,
        }
    )  # fmt: skip


async def test_a_day_reads_from_the_urgent_to_the_rest(data: Path):
    found = await of(
        data,
        NORTHWIND,
        a_bill("out", TODAY - timedelta(days=7)),
        a_task("migration plan to Tom", TODAY),
        Event(what="Anna", start=NOW.replace(hour=15), origin="src_1"),
        a_task("hosting access", date(2026, 3, 12), owner="Tom"),
        a_task("thank Rui", date(2026, 3, 13)),
    )

    assert found.text() == (
        "Good morning, Dana. Tuesday, 10 March.\n"
        "Late: Northwind, 2,400 EUR, 7 days.\n"
        "Today:\n- migration plan to Tom\n- 15:00 Anna\n"
        "Waiting: Tom, hosting access, until Thursday.\n"
        "Next: thank Rui, Friday."
    )
    assert_plain(found.text())


async def test_what_is_short_stays_on_one_line(data: Path):
    found = await of(data, a_task("pay tax", TODAY), a_task("call Tom", TODAY))

    assert found.lines == ("Today: call Tom. pay tax.",)


async def test_a_list_that_is_long_is_counted(data: Path):
    found = await of(data, *(a_task(f"call number {index}", TODAY) for index in range(9)))

    assert found.lines[0] == "Today:"
    assert len(found.lines) == 7
    assert found.lines[-1] == "- and 4 more"


async def test_times_are_in_their_order_whatever_they_are(data: Path):
    found = await of(
        data,
        Event(what="Anna", start=NOW.replace(hour=15), origin="src_1"),
        Reminder(what="Call Rui", at=NOW.replace(hour=9, minute=30), origin="src_1"),
        Reminder(what="Flowers", at=NOW.replace(hour=9), all_day=True, origin="src_1"),
    )

    assert found.lines == ("Today:", "- Flowers", "- 09:30 Call Rui", "- 15:00 Anna")


async def test_a_task_says_for_whom_it_is(data: Path):
    cafe = Customer(name="Bluefin Cafe")
    found = await of(data, cafe, a_task("Send quote", TODAY, customer=cafe.record_id()))

    assert found.lines == ("Today: Send quote, Bluefin Cafe.",)


async def test_what_the_owner_owes_is_told_on_its_day(data: Path):
    host = Contact(name="Hosting Ltd")
    bill = a_bill("in", TODAY).changed(customer=host.record_id())

    found = await of(data, host, bill)

    assert found.lines == ("Pay: Hosting Ltd, 2,400 EUR, due today.",)


async def test_business_that_is_somebody_elses_turn_waits(data: Path):
    found = await of(
        data,
        Process(subject="p1", name="spring menu", stage="quote", waiting_for="Marta"),
        Process(subject="p2", name="logo", stage="paid", waiting_for="Rui"),
        Process(subject="p3", name="shop"),
    )

    assert found.lines == ("Waiting: Marta, spring menu.",)


async def test_what_only_comes_later_is_no_reason_for_a_brief(data: Path):
    found = await of(data, a_task("Call Tom"), a_task("Tax", date(2026, 3, 11)))

    assert found.is_empty
    assert found.text() == (
        "Good morning, Dana. Tuesday, 10 March.\n"
        "Nothing is due. A good day.\n"
        "Next: Tax, tomorrow. Call Tom."
    )


@pytest.mark.parametrize(
    ("hour", "hello"),
    [(0, "Good morning"), (11, "Good morning"), (12, "Good afternoon"), (18, "Good evening")],
)
async def test_the_greeting_goes_with_the_hour(data: Path, hour: int, hello: str):
    found = await of(data, now=NOW.replace(hour=hour))

    assert found.greeting.startswith(f"{hello}, Dana.")


async def test_americans_read_their_own_dates_and_times(data: Path):
    found = await of(
        data,
        Event(what="Anna", start=NOW.replace(hour=15), origin="src_1"),
        a_task("access", date(2026, 4, 3), owner="Tom"),
        locale="en-US",
    )

    assert found.greeting.endswith("Tuesday, March 10.")
    assert found.lines == ("Today: 3:00 pm Anna.", "Waiting: Tom, access, until April 3.")


async def test_yesterday_counts_what_was_done_undone_and_spent(data: Path):
    yesterday = NOW - timedelta(days=1)
    async with a_company(data) as company:

        async def work(connection) -> None:
            for number, event in enumerate(
                ("action_done", "action_done", "action_done", "action_cancelled")
            ):
                await company.ledger.add(
                    connection, event, at=yesterday, actor="worker", subject=f"act_{number}"
                )
            await connection.execute(
                insert(tables.run).values(
                    id="run_1", source="src_1", agent="a", version="1", step=0, state="done",
                    due_at=yesterday, trigger="t", intents="[]", cost_micro=41_000,
                    ended_at=yesterday,
                )
            )  # fmt: skip

        await company.store.write(work)

    assert (await of(data)).yesterday == "Yesterday: 3 done, 1 undone, 4 cents."
    assert (await of(data, now=NOW + timedelta(days=1))).yesterday == ""
    monday = NOW + timedelta(days=2, hours=96)
    assert (await of(data, now=monday)).yesterday == ""


async def test_a_monday_looks_back_to_friday(data: Path):
    friday = datetime(2026, 3, 13, 17, 0, tzinfo=NOW.tzinfo)
    async with a_company(data) as company:

        async def work(connection) -> None:
            await company.ledger.add(
                connection, "action_done", at=friday, actor="worker", subject="act_1"
            )

        await company.store.write(work)

    found = await of(data, now=datetime(2026, 3, 16, 8, 0, tzinfo=NOW.tzinfo))

    assert found.yesterday == "Since Friday: 1 done."


@pytest.mark.parametrize(
    ("micro", "words"),
    [
        (0, ""),
        (4_000, "less than a cent"),
        (10_000, "1 cent"),
        (41_000, "4 cents"),
        (1_230_000, "1.23 USD"),
    ],
)
def test_a_cost_is_said_as_people_say_it(micro: int, words: str):
    assert cost_in_words(micro, "USD") == words
