"""A model that does not answer: the owner hears of it once, and what needs it waits."""

import json
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from jobs import allowance, marks, notices, rests, runs
from memory import tables
from memory.company import Company
from memory.records.run import Run, RunState
from memory.records.shape import Frozen
from memory.records.source import Source

WAITS = "waits for a model"
"""The outcome of a run that waits until a model answers again."""
SLOW = timedelta(seconds=20)
"""The owner hears of it when a message has waited this long; what passes sooner is no news."""
_SAME = timedelta(minutes=15)
"""Silence so soon after the last one is told by the same line."""
_DAYS = timedelta(days=2)
"""Calls of earlier days need not be looked at, wherever on earth the owner's day begins."""
_PATIENCE = timedelta(hours=1)
"""A message does not wait longer than this for a model; then the owner is asked."""
_MARK = "outage"
_TIERS = ("small", "large")


class Outage(Frozen):
    """Which models do not answer, and the line that tells of it."""

    notice: str
    tiers: tuple[str, ...]
    """Empty once all answer again."""
    since: datetime
    ended: datetime | None = None


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
    if until > source.received_at + _PATIENCE:
        await tell(connection, company, company.clock.now(), tiers)
        return False
    await runs.end_run(
        connection, company, run, RunState.PLANNED, outcome=WAITS, due_at=until, attempts=0
    )
    return True


async def tell(
    connection: AsyncConnection, company: Company, now: datetime, tiers: tuple[str, ...]
) -> None:
    """Say once, for as long as it lasts, that models do not answer."""
    known = await _known(connection)
    if known is None or (known.ended is not None and now - known.ended > _SAME):
        text = _text(company, tiers, now)
        notice = await notices.tell(connection, company, now=now, text=text, rings=True)
        await _keep(connection, Outage(notice=notice, tiers=tiers, since=now))
    elif not set(tiers) <= set(known.tiers):
        every = tuple(sorted({*known.tiers, *tiers}, reverse=True))
        await notices.reword(connection, known.notice, _text(company, every, known.since))
        await _keep(connection, known.model_copy(update={"tiers": every, "ended": None}))


async def over(connection: AsyncConnection, company: Company, now: datetime, tier: str) -> None:
    """A model answers: the line says so if it did not before, and what waited goes on."""
    known = await _known(connection)
    waiting = [WAITS]
    if known is not None and tier in known.tiers:
        # what waits for the money of another model may do without it now
        waiting.append(allowance.WAITS)
        left = tuple(one for one in known.tiers if one != tier)
        ended = None if left else now
        if not left:
            await notices.reword(connection, known.notice, _over(company, known, now))
        await _keep(connection, known.model_copy(update={"tiers": left, "ended": ended}))
    run = tables.run
    await connection.execute(
        update(run)
        .where(
            run.c.state == RunState.PLANNED.value, run.c.outcome.in_(waiting), run.c.due_at > now
        )
        .values(due_at=now)
    )


async def watch(company: Company, now: datetime) -> None:
    """Tell of messages that wait too long for a model: for its turn, or for its answer."""
    async with company.store.read() as connection:
        if not await _missed(connection, now):
            return

    async def work(connection: AsyncConnection) -> None:
        missed = await _missed(connection, now)
        if missed:
            await tell(connection, company, now, missed)

    await company.store.write(work)


async def _missed(connection: AsyncConnection, now: datetime) -> tuple[str, ...]:
    """Models that somebody has waited for too long, and that nobody has told of."""
    table, run, source = tables.budget, tables.run, tables.source
    calls = (
        select(table.c.model)
        .join(run, run.c.id == table.c.run)
        .where(
            table.c.settled_micro.is_(None),
            table.c.day >= (now - _DAYS).date().isoformat(),
            table.c.at <= now - SLOW,
            run.c.state == RunState.CLAIMED.value,
        )
        .distinct()
    )
    missed = set(await connection.scalars(calls))
    turns = (
        select(run.c.id)
        .join(source, source.c.id == run.c.source)
        .where(
            run.c.state == RunState.PLANNED.value,
            run.c.outcome == WAITS,
            source.c.received_at <= now - SLOW,
        )
        .limit(1)
    )
    if await connection.scalar(turns) is not None:
        missed |= {one for one in _TIERS if (await rests.of(connection, one)).failed}
    known = await _known(connection) if missed else None
    return tuple(one for one in _TIERS if one in missed and (not known or one not in known.tiers))


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


def _over(company: Company, known: Outage, now: datetime) -> str:
    began, ended = (one.astimezone(company.zone) for one in (known.since, now))
    return (
        f"{_names(known.tiers)} did not answer from {began:%H:%M} to {ended:%H:%M}. "
        "That is over, and what waited goes on."
    )


def _names(tiers: tuple[str, ...]) -> str:
    return "My models" if len(tiers) > 1 else f"My {''.join(tiers)} model"
