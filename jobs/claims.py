"""Claim, marker, receipt: the only way from an approved action to the world and back."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from jobs import consequences, groups, states, stop, throttle
from jobs.presence import ABSENT_AFTER, LEASE, last_seen
from jobs.throttle import Throttled, Wait
from memory import tables
from memory.company import Company
from memory.errors import Stale, Unavailable
from memory.records.action import Action, State
from memory.records.receipt import Receipt


async def claim_action(
    connection: AsyncConnection,
    company: Company,
    action_id: str,
    revision: int,
    worker: str,
) -> Action | None:
    """Take a ready action for this worker; None when there is nothing to take.

    A worker that has just woken from a long sleep takes nothing before its loop has looked at
    what is late.
    """
    now = company.clock.now()
    seen = await last_seen(connection)
    if seen is not None and now - seen > ABSENT_AFTER:
        return None
    action = await states.exact(connection, action_id, revision)
    if action.state is not State.READY or action.due_at is None or stop.stopped(company):
        return None
    wait = await throttle.put_off(connection, company, action, now)
    if wait is not None:
        await _put_off(connection, company, action, wait, now)
        return None
    return await states.move(
        connection, company.ledger, action, State.CLAIMED, now=now, actor=f"worker {worker}",
        fence=action.fence + 1, owner=worker, lease_until=now + LEASE,
        attempts=action.attempts + 1, due_at=now + LEASE,
    )  # fmt: skip


async def _put_off(
    connection: AsyncConnection, company: Company, action: Action, wait: Wait, now: datetime
) -> None:
    """Leave it for later; where it is more than the pace, its card says until when."""
    if not wait.why:
        await connection.execute(
            update(tables.action)
            .where(tables.action.c.id == action.id, tables.action.c.revision == action.revision)
            .values(due_at=wait.until)
        )
        return
    await states.move(
        connection, company.ledger, action, State.HELD, now=now, actor="limits",
        due_at=wait.until, trouble=wait.why,
    )  # fmt: skip


async def mark(connection: AsyncConnection, company: Company, action: Action) -> Action:
    """The commit marker: after it, and only after it, something irreversible may happen.

    One transaction checks the claim's fence and version, the approval and what it bound, the
    hold, the stop and the limits. The stop file is read here, after the transaction has the
    write lock.

    Raises:
        Stale: The claim is no longer ours, or the approval no longer fits.
        Stopped: Everything is stopped.
        Throttled: Enough has left for now.
        Unavailable: It is one of many, and the owner is being asked about them again.
    """
    if stop.stopped(company):
        raise stop.Stopped("Everything is stopped.")
    now = company.clock.now()
    row = (
        await connection.execute(
            select(
                tables.action.c.fence,
                tables.action.c.digest,
                tables.action.c.approved_digest,
                tables.action.c.hold_until,
            ).where(tables.action.c.id == action.id, tables.action.c.revision == action.revision)
        )
    ).first()
    if row is None or row.fence != action.fence:
        raise Stale("Another worker has taken this over.")
    if row.approved_digest != action.digest or row.digest != action.digest:
        raise Stale("What was approved is not what would leave.")
    if row.hold_until is None or row.hold_until > now:
        raise Stale("It is still held.")
    if not await groups.belongs(connection, action):
        raise Unavailable("It waits for your word on the whole list.")
    wait = await throttle.wait(connection, company, action, now)
    if wait is not None:
        raise Throttled(wait)
    marked = await states.move(
        connection, company.ledger, action, State.COMMITTING, now=now, actor="marker"
    )
    await throttle.depart(connection, action, now)
    return marked


async def receive(
    connection: AsyncConnection,
    company: Company,
    action: Action,
    receipt: Receipt,
    *,
    settles: bool = True,
    actor: str = "executor",
    now: datetime | None = None,
) -> Action:
    """Write the proof, and what follows from it, in one transaction.

    Args:
        settles: False writes the proof alone.
        actor: "executor", or "evidence" where the proof was found afterwards.
        now: When it is written down; None is the moment of the proof itself.

    Raises:
        Stale: Somebody else has settled it.
    """
    at = now or receipt.at
    done = await states.move(
        connection, company.ledger, action, State.DONE, now=at, actor=actor,
        receipt=receipt.model_dump_json(), due_at=None, owner=None, lease_until=None, trouble="",
        hint="",
    )  # fmt: skip
    if settles and receipt.outcome != "written":
        await consequences.settle(connection, company, done, at, actor=actor)
    return done
