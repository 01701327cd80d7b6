"""The sample company: something to play with, and the clock that only it may move."""

import json
from datetime import datetime, time, timedelta

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from memory import revisions, tables
from memory.company import Company
from memory.errors import Refused
from memory.labels import Label
from memory.records.change import Change
from memory.records.contact import Contact
from memory.records.customer import Customer
from memory.records.document import Document
from memory.records.fact import Fact
from memory.records.group import Group
from memory.records.invoice import Invoice
from memory.records.kept import Kept
from memory.records.money import Money
from memory.records.provenance import Provenance
from memory.records.rate import Rate

CONFIG = """# The sample company. Throw the folder away when you have seen enough.
[owner]
name = "Dana Reyes"
timezone = "Europe/Lisbon"
currency = "EUR"
locale = "en-GB"
telegram_id = 111
slack_id = "U111"
"""
_PEOPLE = (
    *("Ines Duarte", "Paulo Reis", "Sofia Lopes", "Miguel Costa", "Clara Nunes", "Hugo Matos"),
    *("Rita Alves", "Bruno Pires", "Joana Melo", "Tiago Ramos", "Elsa Vaz", "Nuno Faria"),
)
_SOURCE = "src_sample"
_OPENING = (
    "The studio is open again after the winter break. From 23 March there is "
    "room for two new projects; write to me if one of them should be yours."
)


async def fill(company: Company, now: datetime) -> None:
    """Put the sample company into an empty folder, as of `now` in the owner's zone.

    Raises:
        Refused: The folder already holds a company.
    """

    async def work(connection: AsyncConnection) -> None:
        if await connection.scalar(select(func.count()).select_from(tables.source)):
            raise Refused("That folder already holds a company.", hint="Name an empty folder.")
        await connection.execute(insert(tables.meta).values(key="sample", value="1"))
        await _set_offset(connection, now - company.clock.now() + await _offset(connection))
        await connection.execute(
            insert(tables.source).values(
                id=_SOURCE,
                channel="sample",
                native_id="sample",
                chat="",
                sender="sample",
                label=Label.OWNER.value,
                text="The sample company.",
                files=json.dumps([]),
                forwarded=False,
                received_at=now,
                settled_at=now,
            )
        )
        await company.ledger.add(
            connection, "source_received", at=now, actor="sample", subject=_SOURCE,
            row=(tables.source, {"id": _SOURCE}),
        )  # fmt: skip
        for kept, since in _records(now):
            change = Change.to(kept, valid_from=since, provenance=_said(kept))
            await revisions.apply(
                connection, company.ledger, (change,), now=now, author="owner", action=None,
                sources=(_SOURCE,), rationale="The sample company.",
            )  # fmt: skip

    await company.store.write(work)
    await company.store.read_clock()


async def is_sample(connection: AsyncConnection) -> bool:
    """Whether this is a sample folder."""
    query = select(tables.meta.c.value).where(tables.meta.c.key == "sample")
    return await connection.scalar(query) is not None


async def beats(connection: AsyncConnection) -> int:
    """How many signs of life the workers have given so far."""
    return await connection.scalar(select(func.coalesce(func.sum(tables.presence.c.beats), 0))) or 0


async def move_clock(company: Company, by: timedelta, *, working: bool) -> datetime:
    """Move the company's clock; every process follows at its next look.

    Args:
        working: Whether a worker is alive now: then the moved time is not an absence.

    Returns:
        The new moment.

    Raises:
        Refused: This is not a sample folder.
    """

    async def work(connection: AsyncConnection) -> datetime:
        if not await is_sample(connection):
            raise Refused("Only the sample company's clock can be moved.")
        if working:
            for row in (await connection.execute(select(tables.presence))).all():
                await connection.execute(
                    update(tables.presence)
                    .where(tables.presence.c.worker == row.worker)
                    .values(seen_at=row.seen_at + by)
                )
        await _set_offset(connection, await _offset(connection) + by)
        return company.clock.now() + by

    moved = await company.store.write(work)
    await company.store.read_clock()
    return moved


def _records(now: datetime) -> tuple[tuple[Kept, datetime | None], ...]:
    """The fixture of the stories: a designer with two customers and one late invoice."""
    northwind = Customer(name="Northwind Labs", domain="northwind.example")
    harbor = Customer(name="Harbor Yoga", domain="harboryoga.example")
    since = datetime.combine(now.date() - timedelta(days=8), time(), now.tzinfo)
    readers = tuple(
        Contact(name=name, email=f"{name.lower().replace(' ', '.')}@readers.example")
        for name in _PEOPLE
    )
    kept: tuple[Kept, ...] = (
        Fact(subject="me", field="name", value="Dana Reyes"),
        Fact(subject="me", field="company", value="Reyes Studio"),
        northwind,
        harbor,
        Contact(
            name="Tom Becker",
            email="tom@northwind.example",
            phone="+351 210 000 010",
            customer=northwind.record_id(),
        ),
        Contact(name="Anna Meyer", email="anna@harboryoga.example", customer=harbor.record_id()),
        Invoice(
            number="INV-014",
            customer=northwind.record_id(),
            total=Money.of("2400", "EUR"),
            due=now.date() - timedelta(days=7),
        ),
        *readers,
        Group(name="newsletter", members=tuple(one.record_id() for one in readers)),
        Document(name="Spring opening note", text=_OPENING),
    )
    rates: tuple[Kept, ...] = (
        Rate(what="hourly", price=Money.of("85", "EUR"), unit="hour"),
        Rate(what="landing page", price=Money.of("1200", "EUR")),
    )
    return tuple((one, None) for one in kept) + tuple((one, since) for one in rates)


def _said(kept: Kept) -> dict[str, Provenance]:
    origin = Provenance(source=_SOURCE, label=Label.OWNER, method="owner")
    return dict.fromkeys(kept.data(), origin)


async def _offset(connection: AsyncConnection) -> timedelta:
    held = await connection.scalar(select(tables.meta.c.value).where(tables.meta.c.key == "clock"))
    return timedelta(seconds=float(held)) if held else timedelta(0)


async def _set_offset(connection: AsyncConnection, offset: timedelta) -> None:
    value = repr(offset.total_seconds())
    if await connection.scalar(select(tables.meta.c.key).where(tables.meta.c.key == "clock")):
        await connection.execute(
            update(tables.meta).where(tables.meta.c.key == "clock").values(value=value)
        )
    else:
        await connection.execute(insert(tables.meta).values(key="clock", value=value))
