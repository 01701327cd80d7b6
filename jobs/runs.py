"""The life of a run: claimed, ended, taken back from the dead, given up."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from jobs import batches, notices, sources
from jobs.presence import LEASE
from memory import budget, tables
from memory.company import Company
from memory.errors import Stale
from memory.records.run import Run, RunState

TRIES = 3
"""How often a run that fails is tried."""
DEATHS = 5
"""How often a run may take its worker with it: more often, and it is the run that kills."""
_AGAIN = timedelta(seconds=2)
_SOON = timedelta(seconds=1)


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
        .returning(tables.run)
    )
    row = taken.first()
    if row is None:
        return None
    await _enter(connection, company, run, "run_claimed", now, f"worker {worker}")
    return sources.run_of(row)


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
            cost_micro=await budget.cost_of(connection, run.id),
            **({"due_at": due_at} if due_at else {}),
            **fields,
        )
    )
    if ended.rowcount != 1:
        raise Stale("Another worker has taken this run over.")
    author = f"{run.agent}@{run.version}"
    await _enter(connection, company, run.id, f"run_{state.value}", now, author)


async def fail_run(connection: AsyncConnection, company: Company, run: Run, why: str) -> None:
    """Try a failed run again, a few times; then go on without it and say so.

    Args:
        why: A name for the failure, never a person's text.

    Raises:
        Stale: Another worker has taken it over.
    """
    now = company.clock.now()
    if run.attempts >= TRIES:
        await end_run(connection, company, run, RunState.FAILED, outcome=why)
        await _give_up(connection, company, run, now)
        return
    due_at = now + _AGAIN * run.attempts
    await end_run(connection, company, run, RunState.PLANNED, outcome=why, due_at=due_at)


async def wait_run(connection: AsyncConnection, company: Company, run: Run) -> None:
    """Let a run come a little later: what it has to follow is not done yet.

    Raises:
        Stale: Another worker has taken it over.
    """
    due_at = company.clock.now() + _SOON
    await end_run(connection, company, run, RunState.PLANNED, outcome="waits", due_at=due_at)


async def repeat_runs(connection: AsyncConnection, company: Company, run: Run) -> None:
    """Let everything before a concluding run think again: the records have moved on meanwhile.

    Raises:
        Stale: Another worker has taken it over.
    """
    await fail_run(connection, company, run, "something changed meanwhile")
    if run.attempts >= TRIES:
        return
    table = tables.run
    done = await connection.execute(
        update(table)
        .where(
            table.c.source == run.source,
            table.c.step > 0,
            table.c.step < run.step,
            table.c.state == RunState.DONE.value,
        )
        .values(state=RunState.PLANNED.value, attempts=0, output=None)
        .returning(table.c.id)
    )
    for name in done.scalars().all():
        await _enter(connection, company, name, "run_repeated", company.clock.now(), "coordinator")


async def release_run(
    connection: AsyncConnection, company: Company, run_id: str, owner: str | None
) -> None:
    """A run whose worker died is planned again; one that keeps killing workers is given up.

    Args:
        owner: The dead worker; a run that somebody else has claimed since stays theirs.
    """
    run = await sources.find_run(connection, run_id)
    killer = run.attempts >= DEATHS
    state = RunState.FAILED if killer else RunState.PLANNED
    released = await connection.execute(
        update(tables.run)
        .where(
            tables.run.c.id == run_id,
            tables.run.c.state == RunState.CLAIMED.value,
            tables.run.c.owner.is_(None) if owner is None else tables.run.c.owner == owner,
        )
        .values(state=state.value, owner=None, lease_until=None)
    )
    if released.rowcount != 1:
        return
    now = company.clock.now()
    await budget.settle_lost(connection, company.ledger, run=run_id, now=now)
    await _enter(connection, company, run_id, "run_released", now, "sweep")
    if killer:
        await _give_up(connection, company, run, now)


async def _give_up(connection: AsyncConnection, company: Company, run: Run, now: datetime) -> None:
    """The owner hears of it, and nobody waits for this run any more."""
    if run.step in (0, sources.LAST_STEP):
        await sources.settle(connection, company, run.source, now)
    text = "I kept that, but something broke while I worked on it. Nothing left the house."
    alone = await batches.of(connection, run.source) is None
    await notices.tell(connection, company, now=now, text=text, source=run.source, rings=alone)


async def _enter(
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
