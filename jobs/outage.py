"""A model that does not answer: the owner hears of it once, and what needs it waits."""

import json
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from jobs import marks, notices, runs
from memory import tables
from memory.company import Company
from memory.records.run import Run, RunState
from memory.records.shape import Frozen
from memory.records.source import Source

WAITS = "waits for a model"
"""The outcome of a run that waits until a model answers again."""
SLOW = timedelta(seconds=20)
"""The owner hears of a call that takes longer than this, however long it may take."""
_PATIENCE = timedelta(hours=1)
"""A message does not wait longer than this for a model; then the owner is asked."""
_MARK = "outage"


class Outage(Frozen):
    """Which models do not answer, and the line that tells of it."""

    notice: str
    tiers: tuple[str, ...]
    since: datetime


async def wait(
    connection: AsyncConnection,
    company: Company,
    run: Run,
    source: Source,
    *,
    tiers: tuple[str, ...],
    until: datetime,
) -> bool:
    """Let a message wait for a model that does not answer; False when it has waited long enough.

    Args:
        until: When it is worth asking again.

    Raises:
        Stale: Another worker has taken the run over.
    """
    now = company.clock.now()
    await tell(connection, company, now, tiers, source=source.id)
    if until > source.received_at + _PATIENCE:
        return False
    await runs.end_run(
        connection, company, run, RunState.PLANNED, outcome=WAITS, due_at=until, attempts=0
    )
    return True


async def tell(
    connection: AsyncConnection,
    company: Company,
    now: datetime,
    tiers: tuple[str, ...],
    *,
    source: str | None = None,
) -> None:
    """Say once, for as long as it lasts, that models do not answer."""
    known = await _known(connection)
    if known is None:
        text = _text(company, tiers, now)
        notice = await notices.tell(
            connection, company, now=now, text=text, source=source, rings=True
        )
        await _keep(connection, Outage(notice=notice, tiers=tiers, since=now))
    elif not set(tiers) <= set(known.tiers):
        every = tuple(sorted({*known.tiers, *tiers}, reverse=True))
        await notices.reword(connection, known.notice, _text(company, every, known.since))
        await _keep(connection, known.model_copy(update={"tiers": every}))


async def over(connection: AsyncConnection, company: Company, now: datetime, tier: str) -> None:
    """A model answers again: the line says so, and what waited goes on."""
    known = await _known(connection)
    if known is None or tier not in known.tiers:
        return
    left = tuple(one for one in known.tiers if one != tier)
    if left:
        await _keep(connection, known.model_copy(update={"tiers": left}))
    else:
        began, ended = (one.astimezone(company.zone) for one in (known.since, now))
        text = (
            f"{_names(known.tiers)} did not answer from {began:%H:%M} to {ended:%H:%M}. "
            "Now it does, and what waited goes on."
        )
        await notices.reword(connection, known.notice, text)
        await marks.keep(connection, _MARK, "")
    run = tables.run
    await connection.execute(
        update(run)
        .where(run.c.state == RunState.PLANNED.value, run.c.outcome == WAITS)
        .values(due_at=now)
    )


async def watch(company: Company, now: datetime) -> None:
    """Tell of a call that takes long, before anybody gives it up."""
    async with company.store.read() as connection:
        if not await _slow(connection, now):
            return

    async def work(connection: AsyncConnection) -> None:
        slow = await _slow(connection, now)
        if slow:
            await tell(connection, company, now, slow)

    await company.store.write(work)


async def _slow(connection: AsyncConnection, now: datetime) -> tuple[str, ...]:
    """Models that somebody who is alive has waited for too long, and that nobody has told of."""
    table, run = tables.budget, tables.run
    query = (
        select(table.c.model)
        .join(run, run.c.id == table.c.run)
        .where(
            table.c.settled_micro.is_(None),
            table.c.at <= now - SLOW,
            run.c.state == RunState.CLAIMED.value,
        )
        .distinct()
    )
    slow = tuple(await connection.scalars(query))
    known = await _known(connection) if slow else None
    return tuple(one for one in slow if known is None or one not in known.tiers)


async def _known(connection: AsyncConnection) -> Outage | None:
    kept = await marks.recall(connection, _MARK)
    return Outage.model_validate(json.loads(kept)) if kept else None


async def _keep(connection: AsyncConnection, outage: Outage) -> None:
    await marks.keep(connection, _MARK, outage.model_dump_json())


def _text(company: Company, tiers: tuple[str, ...], since: datetime) -> str:
    at = since.astimezone(company.zone)
    verb = "do not" if len(tiers) > 1 else "does not"
    return (
        f"{_names(tiers)} {verb} answer since {at:%H:%M}. What you send is kept, and I read it "
        "once there is an answer. All that needs no model goes on."
    )


def _names(tiers: tuple[str, ...]) -> str:
    return "My models" if len(tiers) > 1 else f"My {''.join(tiers)} model"
