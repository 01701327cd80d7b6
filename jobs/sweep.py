"""What time moves: holds that end, leases of the dead, cards that expire, reminders, lateness."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from jobs import (
    allowance,
    claims,
    evidence,
    groups,
    notices,
    outage,
    presence,
    progress,
    purse,
    reminders,
    reversal,
    runs,
    safe_mode,
    scheduler,
    standstill,
    states,
)
from jobs.connector import Connector
from jobs.presence import Presence
from jobs.rings import Manner
from memory import tables
from memory.company import Company
from memory.errors import Stale
from memory.records.action import Action, State
from memory.records.run import RunState

LATE_AFTER = timedelta(hours=2)
"""An approved action that is later than this asks again; only time without a worker counts."""
TELL_AFTER = timedelta(minutes=30)
"""A shorter absence is nobody's business."""
_NOTHING_CAME = "Nothing came in."
_POWER_WENT = "The power went while I was sending."
_SETTLING = timedelta(seconds=3)
"""After waking, how long to let messages come in before telling of the absence."""


async def sweep(company: Company, here: Presence, connectors: Mapping[str, Connector]) -> None:
    """Move everything that time has moved. Cheap when there is nothing to do."""
    now = company.clock.now()
    async with company.store.read() as connection:
        todo = await _overdue(connection, now)
        held = await _held(connection)
    dead = [one for one in held if not here.lives(one.owner, one.id, one.lease_until)]
    for one in dead:
        await _recover(company, one, connectors)
    if todo:

        async def work(connection: AsyncConnection) -> None:
            await _end_holds(connection, company, now)
            await reversal.expire(connection, company, now)
            await reminders.remind(connection, company, now)
            await _tell_absences(connection, company, now)
            await groups.keep(connection, company, now)

        await company.store.write(work)
    await standstill.keep(company)
    await scheduler.keep_time(company)
    await progress.show(company, now)
    await outage.watch(company, now)
    await allowance.close_old(company, now)
    await purse.settle_left_over(company, now)


async def beat(company: Company, here: Presence) -> timedelta | None:
    """This worker's sign of life; what an absence has made late asks again.

    Returns:
        How long nobody worked, when that was long.
    """

    async def work(connection: AsyncConnection) -> timedelta | None:
        now = company.clock.now()
        gap = await presence.beat(connection, here.worker, now)
        await presence.renew(connection, here.worker, now + presence.LEASE)
        if gap is not None:
            await _ask_again(connection, company, now)
        return gap

    gap = await company.store.write(work)
    await safe_mode.note(company)
    return gap


@dataclass(frozen=True)
class _Held:
    """An action or a run in somebody's hands."""

    id: str
    owner: str | None
    lease_until: datetime | None
    revision: int | None = None
    """None for a run."""
    version: int = 0
    """As it was when it was found: whoever has moved it since is alive."""


async def _overdue(connection: AsyncConnection, now: datetime) -> bool:
    """Whether any of the moves below has something to move."""
    waiting = (State.HELD.value, State.RETRY_WAIT.value, State.AWAITING.value)
    action = select(tables.action.c.id).where(
        tables.action.c.state.in_(waiting), tables.action.c.due_at <= now
    )
    if await connection.scalar(action.limit(1)) is not None:
        return True
    if await groups.any_under_way(connection):
        return True
    untold = select(tables.absence.c.id).where(tables.absence.c.told.is_(False))
    if await connection.scalar(untold.limit(1)) is not None:
        return True
    return await reminders.any_due(connection, now)


async def _held(connection: AsyncConnection) -> list[_Held]:
    """Every action and run that a worker has claimed."""
    states_held = (State.CLAIMED.value, State.COMMITTING.value)
    action_rows = await connection.execute(
        select(
            tables.action.c.id,
            tables.action.c.revision,
            tables.action.c.version,
            tables.action.c.owner,
            tables.action.c.lease_until,
        ).where(tables.action.c.state.in_(states_held))
    )
    found = [
        _Held(row.id, row.owner, row.lease_until, revision=row.revision, version=row.version)
        for row in action_rows
    ]
    run_rows = await connection.execute(
        select(tables.run.c.id, tables.run.c.owner, tables.run.c.lease_until).where(
            tables.run.c.state == RunState.CLAIMED.value
        )
    )
    return found + [_Held(row.id, row.owner, row.lease_until) for row in run_rows]


async def _recover(company: Company, held: _Held, connectors: Mapping[str, Connector]) -> None:
    """Take back what a dead worker held. Nothing irreversible happens before the marker."""
    if held.revision is None:

        async def release(connection: AsyncConnection) -> None:
            await runs.release_run(connection, company, held.id, held.owner)

        await company.store.write(release)
        return
    async with company.store.read() as connection:
        action = await states.exact(connection, held.id, held.revision)
    if action.version != held.version:
        return
    if action.state is State.CLAIMED:
        await _make_ready(company, action)
    elif action.state is State.COMMITTING:
        await _settle_doubt(company, action, connectors)


async def _settle_doubt(
    company: Company, action: Action, connectors: Mapping[str, Connector]
) -> None:
    """A worker died between marker and receipt: evidence decides, else the owner."""
    proof = await evidence.found(connectors.get(action.effect.kind), action)
    if proof is not None:

        async def done(connection: AsyncConnection) -> None:
            await claims.receive(
                connection, company, action, proof, actor="evidence", now=company.clock.now()
            )

        with contextlib.suppress(Stale):
            await company.store.write(done)
    elif action.effect.repeats() in ("A", "D"):
        await _make_ready(company, action)
    else:

        async def doubt(connection: AsyncConnection) -> None:
            await states.move(
                connection, company.ledger, action, State.UNKNOWN, now=company.clock.now(),
                actor="sweep", owner=None, lease_until=None,
                due_at=company.clock.now() + evidence.SOON, trouble=_POWER_WENT,
            )  # fmt: skip
            await notices.ring(
                connection, company, action, now=company.clock.now(), trouble=_POWER_WENT
            )

        with contextlib.suppress(Stale):
            await company.store.write(doubt)


async def _make_ready(company: Company, action: Action) -> None:
    """Provably nothing left, so it may go on; unless it has become late meanwhile."""

    async def work(connection: AsyncConnection) -> None:
        now = company.clock.now()
        await states.move(
            connection, company.ledger, action, State.READY, now=now, actor="sweep",
            owner=None, lease_until=None, due_at=now,
        )  # fmt: skip
        await _ask_again(connection, company, now)

    with contextlib.suppress(Stale):
        await company.store.write(work)


async def _end_holds(connection: AsyncConnection, company: Company, now: datetime) -> None:
    """Holds and waits that are over become ready; nothing late is among them."""
    query = select(tables.action).where(
        tables.action.c.state.in_((State.HELD.value, State.RETRY_WAIT.value)),
        tables.action.c.due_at <= now,
    )
    for row in (await connection.execute(query)).all():
        action = states.action_of(row)
        # what has parts does nothing by itself: it is under way until the last of them has ended
        due_at = None if action.kind == "mail.many" else now
        await states.move(
            connection, company.ledger, action, State.READY, now=now, actor="clock",
            due_at=due_at, trouble="" if action.state is State.HELD else action.trouble,
        )  # fmt: skip


async def _ask_again(connection: AsyncConnection, company: Company, now: datetime) -> None:
    """After an absence: what should have left long ago goes nowhere without a new word."""
    waiting = (State.HELD.value, State.READY.value, State.RETRY_WAIT.value)
    query = select(tables.action).where(tables.action.c.state.in_(waiting))
    asked: set[str] = set()
    for row in (await connection.execute(query.order_by(tables.action.c.hold_until))).all():
        action = states.action_of(row)
        planned = action.hold_until or action.due_at
        if planned is None or planned > now or not action.effect.external:
            continue
        if action.kind == "mail.many" or action.part_of in asked:
            continue
        if await presence.absent_since(connection, planned, now) < LATE_AFTER:
            continue
        if action.part_of is not None:
            # one card about all of them: whoever was to leave later is no less late to the owner
            asked.add(action.part_of)
            action = await groups.ask_again(connection, company, action, now)
        await states.move(
            connection, company.ledger, action, State.AWAITING, now=now, actor="clock",
            late_since=planned, approved_by=None, approved_at=None, approved_digest=None,
            due_at=action.expires_at, hold_until=None,
        )  # fmt: skip
        await notices.tell(
            connection, company, now=now, kind="card", action=action.id, revision=action.revision,
            source=action.source, rings=True,
        )  # fmt: skip


async def _tell_absences(connection: AsyncConnection, company: Company, now: datetime) -> None:
    """One line about each long absence: from when to when, and what came in."""
    query = select(tables.absence).where(tables.absence.c.told.is_(False))
    for row in (await connection.execute(query)).all():
        if now - row.ended < _SETTLING:
            continue
        await connection.execute(
            update(tables.absence).where(tables.absence.c.id == row.id).values(told=True)
        )
        if row.ended - row.began < TELL_AFTER:
            continue
        zone = company.zone
        began, ended = row.began.astimezone(zone), row.ended.astimezone(zone)
        came = await _came_in(connection, row.began, now)
        text = f"I'm back. I was off from {began:%a %H:%M} to {ended:%a %H:%M}. {came}"
        late = await _late_card(connection, row.ended)
        if late is not None:
            await notices.reword(connection, late, text)
        else:
            await notices.tell(
                connection, company, now=now, text=text, rings=came != _NOTHING_CAME,
                manner=Manner.IN_PASSING,
            )  # fmt: skip


async def _late_card(connection: AsyncConnection, woke: datetime) -> str | None:
    """The first card that asks again because of the absence: it tells of it, too."""
    query = (
        select(tables.notice.c.id)
        .join(tables.action, tables.action.c.id == tables.notice.c.action)
        .where(tables.action.c.late_since.is_not(None), tables.notice.c.created_at >= woke)
        .order_by(tables.notice.c.seq)
    )
    return await connection.scalar(query.limit(1))


async def _came_in(connection: AsyncConnection, began: datetime, now: datetime) -> str:
    query = select(tables.source.c.settled_at).where(
        tables.source.c.received_at > began,
        tables.source.c.received_at <= now,
        tables.source.c.channel.not_in(("clock", "script")),
    )
    rows = (await connection.execute(query)).all()
    if not rows:
        return _NOTHING_CAME
    filed = sum(row.settled_at is not None for row in rows)
    many = f"{len(rows)} message{'' if len(rows) == 1 else 's'} came in"
    if filed == len(rows):
        return f"{many}; {'it is' if filed == 1 else 'all are'} filed."
    return f"{many}; {filed} {'is' if filed == 1 else 'are'} filed so far."
