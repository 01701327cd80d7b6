"""Answers: from records, with the day, without a model."""

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from memory import answers
from memory.records.change import Change, Version
from memory.records.event import Event
from memory.records.fact import Fact
from memory.records.invoice import Invoice
from memory.records.kept import Kept
from memory.records.money import Money
from memory.records.rate import Rate
from memory.records.reminder import Reminder
from memory.records.task import Task
from tests.memory.given import a_company, file

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=ZoneInfo("Europe/Lisbon"))
MARCH_2 = datetime(2026, 3, 2, tzinfo=NOW.tzinfo)


def a_version(kept: Kept, *, since: datetime = MARCH_2, author: str = "owner") -> Version:
    change = Change.to(kept)
    return Version(
        record=change.record,
        kind=change.kind,
        key=change.key,
        version=1,
        data=change.data,
        valid_from=since,
        recorded_at=since,
        author=author,
        action=None,
        sources=(),
        rationale="",
        provenance={},
    )


HOURLY = a_version(Rate(what="hourly", price=Money.of("85", "EUR"), unit="hour"))
PAGE = a_version(Rate(what="landing page", price=Money.of("1200", "EUR")), author="filing@1")
SHOE = a_version(Fact(subject="me", field="shoe size", value="41"), since=NOW)


@pytest.mark.parametrize(
    ("about", "answer"),
    [
        ("hourly rate", "Hourly: 85 EUR an hour, since 2 March (you told me)."),
        ("hourly", "Hourly: 85 EUR an hour, since 2 March (you told me)."),
        ("price landing page", "Landing page: 1,200 EUR, since 2 March (filed)."),
        ("shoe size", "Your shoe size: 41, since today (you told me)."),
        ("printer", None),
        ("", None),
        ("rate", None),
    ],
)
def test_what_something_costs_or_is_comes_with_its_day(about: str, answer: str | None):
    found = answers.what_is(about, (HOURLY, PAGE), (SHOE,), now=NOW, locale="en-GB")

    assert found == answer


def test_a_day_of_another_year_names_the_year():
    old = a_version(
        Rate(what="logo", price=Money.of("300", "EUR")), since=MARCH_2.replace(year=2024)
    )

    found = answers.what_is("logo", (old,), (), now=NOW, locale="en-GB")

    assert found == "Logo: 300 EUR, since 2 March 2024 (you told me)."


def lines(
    tasks: tuple[Kept, ...] = (),
    reminders: tuple[Kept, ...] = (),
    events: tuple[Kept, ...] = (),
    invoices: tuple[Kept, ...] = (),
) -> list[str]:
    groups = [
        tuple(a_version(one) for one in group) for group in (tasks, reminders, events, invoices)
    ]
    return answers.today_lines(*groups, now=NOW, locale="en-GB")


def test_a_free_day_says_so():
    assert lines() == ["Tuesday, 10 March.", "Nothing is due. A good day."]


def test_a_late_invoice_says_how_late():
    bill = Invoice(
        number="INV-014", customer="c", total=Money.of("2400", "EUR"), due=date(2026, 3, 3)
    )
    found = lines(
        invoices=(
            bill,
            bill.changed(number="A", due=date(2026, 3, 9)),
            bill.changed(number="B", due=date(2026, 3, 10)),
            bill.changed(number="C", state="paid"),
            bill.changed(number="D", direction="in"),
        )
    )

    assert found[1:] == ["Late: INV-014, 2,400 EUR, 7 days.", "Late: A, 2,400 EUR, 1 day."]


def test_open_tasks_come_by_their_day_and_those_without_one_last():
    call = Task(what="Call Tom", origin="s")
    found = lines(
        tasks=(
            call,
            call.changed(what="Migration plan", due=date(2026, 3, 10)),
            call.changed(what="Send quote", due=date(2026, 3, 9)),
            call.changed(what="Hosting access", owner="Tom", due=date(2026, 3, 12)),
            call.changed(what="Old", state="done"),
        )
    )

    assert [line.split(",")[0].rstrip(".") for line in found[1:]] == [
        "Late: Send quote",
        "Migration plan",
        "Tom: Hosting access",
        "Call Tom",
    ]


def test_today_and_tomorrow_show_their_appointments_and_no_other():
    call = Event(what="Anna", start=NOW.replace(hour=15), origin="s")
    found = lines(
        events=(
            call,
            call.changed(what="Past", start=NOW.replace(hour=8)),
            call.changed(what="Tomorrow", start=NOW.replace(day=11)),
            call.changed(what="Friday", start=NOW.replace(day=13)),
            call.changed(what="Off", cancelled=True),
        )
    )

    assert [line.rsplit(": ", 1)[1] for line in found[1:]] == ["Anna.", "Tomorrow."]


def test_only_waiting_reminders_are_shown():
    call = Reminder(what="Call Tom", at=NOW.replace(hour=16), origin="s")

    found = lines(reminders=(call, call.changed(what="Told", state="told")))

    assert len(found) == 2
    assert found[1].startswith("Reminder ")
    assert found[1].endswith(": Call Tom.")


async def test_what_was_found_names_its_kind_and_day(data: Path):
    async with a_company(data) as company:
        await file(company, Task(what="Call Tom", origin="s"), now=MARCH_2)
        async with company.store.read() as connection:
            assert await answers.find(connection, "tom") == "Task: Call Tom (2 Mar 2026)"
            assert await answers.find(connection, "anna") == 'I have nothing about "anna".'
