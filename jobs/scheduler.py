"""The clock is another door: it writes Sources, each of its ticks once, and says what is due."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from jobs import chart, notices, occurrences, rings, sources
from jobs.occurrences import Occurrence
from jobs.rings import Manner
from jobs.summary import summary
from memory import brief, tables
from memory.company import Company
from memory.filings import filed
from memory.history import day_of
from memory.ids import derived_id
from memory.labels import Label
from memory.records.source import Source
from memory.week import week

logger = logging.getLogger(__name__)

CHANNEL = "clock"


async def keep_time(company: Company) -> None:
    """Say what the clock has to say by now; cheap when there is nothing."""
    now = company.clock.now()
    wanted = [
        one for one in occurrences.due(company.config.policy, company.zone, now) if one.name in _SAY
    ]
    async with company.store.read() as connection:
        new = await unsaid(connection, wanted)
        if not new or await _waking(connection):
            return
    for one in new:
        await _SAY[one.name](company, one, now)
        logger.info("the clock spoke", extra={"action": "clock_tick", "id": one.native_id})


async def unsaid(connection: AsyncConnection, wanted: list[Occurrence]) -> list[Occurrence]:
    """Those that nobody has said, and that fell into the time since this company began."""
    began = await connection.scalar(select(func.min(tables.presence.c.since)))
    if began is None or not wanted:
        return []
    said = await connection.scalars(
        select(tables.source.c.native_id).where(
            tables.source.c.channel == CHANNEL,
            tables.source.c.native_id.in_([one.native_id for one in wanted]),
        )
    )
    known = set(said)
    return [one for one in wanted if one.native_id not in known and one.at >= began]


def source_of(one: Occurrence, now: datetime) -> Source:
    """The tick as a Source: the same id whoever writes it, so that it is written once."""
    return Source(
        id=derived_id("src", CHANNEL, one.native_id),
        channel=CHANNEL,
        native_id=one.native_id,
        chat="",
        sender=CHANNEL,
        label=Label.SYSTEM,
        text="",
        received_at=now,
    )


async def _waking(connection: AsyncConnection) -> bool:
    """Whether an absence is still to be told of: that comes first."""
    query = select(tables.absence.c.id).where(tables.absence.c.told.is_(False)).limit(1)
    return await connection.scalar(query) is not None


async def _say_brief(company: Company, one: Occurrence, now: datetime) -> None:
    """The morning brief, and with it what was kept overnight: one ring."""

    async def work(connection: AsyncConnection) -> None:
        source = source_of(one, now)
        if not (await sources.accept_answered(connection, company, source, "")).fresh:
            return
        found = await brief.today(connection, company.config, now.astimezone(company.zone))
        loud = await rings.may_ring(connection, company, now, left_over=0)
        kept = await summary(connection)
        overnight = kept if loud and kept.counts else None
        more = (f"{_slept(company)}: {kept.counts}.", *kept.lines) if overnight else ()
        told = ""
        if more or not found.is_empty:
            told = await notices.tell(
                connection, company, now=now, text=found.text(*more), source=source.id,
                rings=bool(more or found.lines), manner=Manner.IN_PASSING,
            )  # fmt: skip
        if overnight or not kept.counts:
            await rings.heard(connection, kept.notices, told)

    await company.store.write(work)


async def _say_summary(company: Company, one: Occurrence, now: datetime) -> None:
    """What was kept from ringing, told with one ring; where none may ring it waits on."""

    async def work(connection: AsyncConnection) -> None:
        source = source_of(one, now)
        if not (await sources.accept_answered(connection, company, source, "")).fresh:
            return
        kept = await summary(connection)
        if not kept.counts:
            await rings.heard(connection, kept.notices, "")
            return
        if not await rings.may_ring(connection, company, now, left_over=0):
            return
        head = _slept(company) if one.name == "morning" else "To ring less, I kept these for now"
        told = await notices.tell(
            connection, company, now=now, text="\n".join([f"{head}: {kept.counts}.", *kept.lines]),
            source=source.id, rings=True, manner=Manner.AT_ITS_TIME,
        )  # fmt: skip
        await rings.heard(connection, kept.notices, told)

    await company.store.write(work)


async def _say_evening(company: Company, one: Occurrence, now: datetime) -> None:
    """What was filed since the last evening line, silently."""

    async def work(connection: AsyncConnection) -> None:
        begin = await _last_evening(connection, company, now)
        source = source_of(one, now)
        if not (await sources.accept_answered(connection, company, source, "")).fresh:
            return
        found = await filed(connection, begin, now)
        if found.total:
            own = begin.astimezone(company.zone)
            is_recent = now - begin <= timedelta(days=1, hours=1)
            since = "today" if is_recent else f"since {own:%A}"
            await notices.tell(
                connection, company, now=now, text=found.text(since), source=source.id
            )

    await company.store.write(work)


async def _say_review(company: Company, one: Occurrence, now: datetime) -> None:
    """The week, with a picture, silently."""
    async with company.store.read() as connection:
        figures = await week(connection, company.config, one.at.astimezone(company.zone))
    place = company.data / "reviews" / f"week-{one.day.isoformat()}.png"
    if not figures.is_empty:
        raw = await asyncio.to_thread(chart.picture, figures)
        await asyncio.to_thread(_put, place, raw)

    async def work(connection: AsyncConnection) -> None:
        source = source_of(one, now)
        fresh = (await sources.accept_answered(connection, company, source, "")).fresh
        if fresh and not figures.is_empty:
            await notices.tell(
                connection, company, now=now, text=figures.text, source=source.id,
                file=str(place.relative_to(company.data)),
            )  # fmt: skip

    await company.store.write(work)


_SAY: dict[str, Callable[[Company, Occurrence, datetime], Awaitable[None]]] = {
    "brief": _say_brief,
    "morning": _say_summary,
    "late": _say_summary,
    "evening": _say_evening,
    "review": _say_review,
}
"""Who says what. The backup takes its time and has a module of its own."""


async def _last_evening(connection: AsyncConnection, company: Company, now: datetime) -> datetime:
    """When the last evening line came; the beginning of today when none ever did."""
    query = select(func.max(tables.source.c.received_at)).where(
        tables.source.c.channel == CHANNEL, tables.source.c.native_id.like("clock:evening:%")
    )
    return await connection.scalar(query) or day_of(now, company.zone)[0]


def _slept(company: Company) -> str:
    return "While you slept" if company.config.policy.quiet else "Kept for you"


def _put(place: Path, raw: bytes) -> None:
    """Write a file whole or not at all."""
    place.parent.mkdir(parents=True, exist_ok=True)
    draft = place.with_suffix(".part")
    draft.write_bytes(raw)
    draft.replace(place)
