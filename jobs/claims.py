"""Claim, marker, receipt: the only way from an approved action to the world and back."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from jobs import decisions, sources, states, stop
from jobs.presence import ABSENT_AFTER, last_seen
from memory import tables
from memory.company import Company
from memory.errors import Refused, Stale
from memory.records.action import Action, State
from memory.records.receipt import Receipt
from memory.records.run import Run, RunState

LEASE = timedelta(seconds=30)


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
    if action.state is not State.READY or stop.stopped(company):
        return None
    return await states.move(
        connection, company.ledger, action, State.CLAIMED, now=now, actor=f"worker {worker}",
        fence=action.fence + 1, owner=worker, lease_until=now + LEASE,
        attempts=action.attempts + 1, due_at=now + LEASE,
    )  # fmt: skip


async def mark(connection: AsyncConnection, company: Company, action: Action) -> Action:
    """The commit marker: after it, and only after it, something irreversible may happen.

    One transaction checks the claim's fence and version, the approval and what it bound, the
    hold and the stop. The stop file is read here, after the transaction has the write lock.

    Raises:
        Stale: The claim is no longer ours, or the approval no longer fits.
        Refused: Everything is stopped.
    """
    if stop.stopped(company):
        raise Refused("Everything is stopped.")
    now = company.clock.now()
    row = (
        await connection.execute(
            select(
                tables.action.c.fence,
                tables.action.c.approved_digest,
                tables.action.c.hold_until,
                tables.action.c.expires_at,
            ).where(
                tables.action.c.id == action.id, tables.action.c.revision == action.revision
            )
        )
    ).first()
    if row is None or row.fence != action.fence:
        raise Stale("Another worker has taken this over.")
    if row.approved_digest != action.digest:
        raise Stale("What was approved is not what would leave.")
    if row.hold_until is None or row.hold_until > now:
        raise Stale("It is still held.")
    return await states.move(
        connection, company.ledger, action, State.COMMITTING, now=now, actor="marker",
    )  # fmt: skip


async def receive(
    connection: AsyncConnection, company: Company, action: Action, receipt: Receipt
) -> Action:
    """Write the proof, and what follows from it, in one transaction."""
    done = await states.move(
        connection, company.ledger, action, State.DONE, now=receipt.at, actor="executor",
        receipt=receipt.model_dump_json(), due_at=None, owner=None, lease_until=None, trouble="",
        hint="",
    )  # fmt: skip
    if receipt.outcome != "written":
        await decisions.settle(connection, company, done, receipt.at)
    return done


async def claim_run(
    connection: AsyncConnection, company: Company, run: str, worker: str
) -> Run | None:
    """Take a planned run for this worker; None when somebody else has it."""
    now = company.clock.now()
    taken = await connection.execute(
        update(tables.run)
        .where(tables.run.c.id == run, tables.run.c.state == RunState.PLANNED.value)
        .values(
            state=RunState.CLAIMED.value,
            fence=tables.run.c.fence + 1,
            attempts=tables.run.c.attempts + 1,
            owner=worker,
            lease_until=now + LEASE,
            started_at=now,
        )
    )
    if taken.rowcount != 1:
        return None
    await _enter_run(connection, company, run, "run_claimed", now, f"worker {worker}")
    return await sources.find_run(connection, run)


async def end_run(
    connection: AsyncConnection,
    company: Company,
    run: Run,
    state: RunState,
    *,
    outcome: str = "",
    due_at: datetime | None = None,
    **fields: object,
) -> None:
    """Write what became of a run, if the claim is still ours.

    Raises:
        Stale: Another worker has taken it over; this result is dropped.
    """
    now = company.clock.now()
    ended = await connection.execute(
        update(tables.run)
        .where(
            tables.run.c.id == run.id,
            tables.run.c.fence == run.fence,
            tables.run.c.state == RunState.CLAIMED.value,
        )
        .values(
            state=state.value,
            outcome=outcome,
            owner=None,
            lease_until=None,
            ended_at=now,
            **({"due_at": due_at} if due_at else {}),
            **fields,
        )
    )
    if ended.rowcount != 1:
        raise Stale("Another worker has taken this run over.")
    await _enter_run(connection, company, run.id, f"run_{state.value}", now, f"{run.agent}@{run.version}")


async def release_run(connection: AsyncConnection, company: Company, run: str) -> None:
    """A run whose worker died is planned again."""
    await connection.execute(
        update(tables.run)
        .where(tables.run.c.id == run, tables.run.c.state == RunState.CLAIMED.value)
        .values(state=RunState.PLANNED.value, owner=None, lease_until=None)
    )
    await _enter_run(connection, company, run, "run_released", company.clock.now(), "sweep")


async def _enter_run(
    connection: AsyncConnection,
    company: Company,
    run: str,
    event: str,
    now: datetime,
    actor: str,
) -> None:
    await company.ledger.add(
        connection, event, at=now, actor=actor, subject=run, row=(tables.run, {"id": run})
    )
