"""Taking back: free before it leaves, a correction afterwards, own records exactly."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from jobs import actions, notices, states
from memory import revisions, tables
from memory.company import Company
from memory.errors import Refused, Stale
from memory.ids import derived_id
from memory.records.action import Action, State
from memory.records.change import Change
from memory.records.file_records import FileRecords
from memory.records.proposal import Suggestion
from memory.records.verdict import Level, Verdict


@dataclass(frozen=True)
class Undone:
    """What taking back came to."""

    action: Action
    text: str
    notice: str | None = None


_BEFORE_LEAVING = (
    State.APPROVED,
    State.HELD,
    State.READY,
    State.CLAIMED,
    State.RETRY_WAIT,
)


async def undo(
    connection: AsyncConnection, company: Company, action: Action, *, now: datetime, actor: str
) -> Undone:
    """Take an action back as far as it can be.

    Raises:
        Stale: It is leaving this very moment, or was taken back already.
        Refused: Nothing takes it back.
    """
    if action.state in _BEFORE_LEAVING:
        cancelled = await states.move(
            connection, company.ledger, action, State.CANCELLED, now=now, actor=actor, due_at=None
        )
        return Undone(cancelled, "Taken back. Nothing left.")
    if action.state is State.AWAITING:
        rejected = await states.move(
            connection, company.ledger, action, State.REJECTED, now=now, actor=actor, due_at=None
        )
        if action.compensates:
            await left_alone(connection, company, action.compensates, now, actor)
        return Undone(rejected, "Put away. Nothing was sent.")
    if action.state is State.COMMITTING:
        raise Stale("It is leaving right now. In a moment I can tell you how it ended.")
    if action.state is State.COMPENSATING:
        raise Stale("The correction already waits for you; nothing was added.")
    if action.state is not State.DONE:
        raise Stale("It was taken back already; nothing was added.")
    if isinstance(action.effect, FileRecords):
        return await _restore(connection, company, action, action.effect.changes, now, actor)
    return await _answer_it(connection, company, action, now, actor)


async def undo_one(
    connection: AsyncConnection,
    company: Company,
    action: Action,
    index: int,
    *,
    now: datetime,
    actor: str,
) -> Undone:
    """Take back a single record of a filing.

    Raises:
        Refused: There is no such record in it.
        Stale: The record has changed since.
    """
    if not isinstance(action.effect, FileRecords) or index >= len(action.effect.changes):
        raise Refused("There is no such line on this card.")
    if action.state is not State.DONE:
        raise Stale("It was taken back already; nothing was added.")
    change = action.effect.changes[index]
    present = await revisions.current(connection, change.record)
    if present is None or present.data == change.before:
        raise Stale("That one was taken back already; nothing was added.")
    await _apply_back(connection, company, action, [change], now, actor)
    same = await states.move(
        connection, company.ledger, action, State.DONE, now=now, actor=actor
    )
    return Undone(same, f"Taken back: {change.title}.")


async def corrected(
    connection: AsyncConnection, company: Company, original: str, now: datetime
) -> None:
    """A correction was sent: what it corrects is compensated."""
    action = await states.latest(connection, original)
    if action.state is State.COMPENSATING:
        await states.move(
            connection, company.ledger, action, State.COMPENSATED, now=now, actor="executor"
        )


async def left_alone(
    connection: AsyncConnection, company: Company, original: str, now: datetime, actor: str
) -> None:
    """The owner let a mail stand as it is."""
    action = await states.latest(connection, original)
    if action.state is State.COMPENSATING:
        await states.move(connection, company.ledger, action, State.DONE, now=now, actor=actor)


async def _restore(
    connection: AsyncConnection,
    company: Company,
    action: Action,
    changes: tuple[Change, ...],
    now: datetime,
    actor: str,
) -> Undone:
    """Own records go back exactly; one that was changed later is never overwritten silently."""
    standing: list[Change] = []
    later: list[str] = []
    for change in changes:
        present = await revisions.current(connection, change.record)
        if present is None or present.data == change.before:
            continue
        if present.data != change.data:
            later.append(change.title)
        else:
            standing.append(change)
    if later:
        names = ", ".join(later)
        raise Refused(f"{names} was changed since, so I left everything as it is.")
    await _apply_back(connection, company, action, standing, now, actor)
    undone = await states.move(
        connection, company.ledger, action, State.COMPENSATED, now=now, actor=actor
    )
    return Undone(undone, f"Taken back: {', '.join(one.title for one in changes)}.")


async def _answer_it(
    connection: AsyncConnection, company: Company, action: Action, now: datetime, actor: str
) -> Undone:
    """It is out: open what it closed, and put its answer on a card."""
    receipt = action.receipt
    if receipt is None:
        raise Refused("I have no proof that it left, so there is nothing to take back.")
    await _apply_back(connection, company, action, list(action.then), now, actor)
    if receipt.outcome == "written":
        undone = await states.move(
            connection, company.ledger, action, State.COMPENSATED, now=now, actor=actor
        )
        return Undone(undone, "Put away. Nothing had left.")
    answer = action.effect.undo(receipt, company.zone)
    undone = await states.move(
        connection, company.ledger, action, State.COMPENSATING, now=now, actor=actor
    )
    left = receipt.at.astimezone(company.zone)
    times = await connection.scalar(
        select(tables.action.c.id).where(tables.action.c.compensates == action.id).limit(1)
    )
    correction = await actions.propose(
        connection,
        company,
        Suggestion(
            effect=answer,
            heading=f"Correction: {action.heading}",
            rationale=f"You took back what left at {left:%H:%M}; it can't be called back.",
        ),
        (
            Verdict(
                guard="owner", level=Level.ASK, reason="a correction always waits for your word"
            ),
        ),
        action_id=derived_id("act", action.id, "undo", str(action.version), times or ""),
        source=action.source,
        run=action.run,
        agent=action.agent,
        path="rules",
        compensates=action.id,
        now=now,
    )
    reopened = [one.title for one in action.then if one.kind == "task"]
    again = f' "{reopened[0]}" is open again.' if reopened else ""
    text = f"That mail left at {left:%H:%M}; I can't call it back.{again}"
    made = await notices.tell(
        connection,
        now=now,
        kind="card",
        text=f"{text} Shall I send this instead?",
        action=correction.id,
        revision=correction.revision,
        source=action.source,
    )
    return Undone(undone, text, made)


async def _apply_back(
    connection: AsyncConnection,
    company: Company,
    action: Action,
    changes: list[Change],
    now: datetime,
    actor: str,
) -> None:
    """Put each record back to what it was before, last change first."""
    for change in reversed(changes):
        present = await revisions.current(connection, change.record)
        if present is None or present.data == change.before or present.data != change.data:
            continue
        back = change.inverse().model_copy(update={"base": present.version})
        await revisions.apply(
            connection,
            company.ledger,
            (back,),
            now=now,
            author="owner",
            action=action.id,
            sources=(action.source,),
            rationale=f"taken back ({actor})",
        )


async def expire(connection: AsyncConnection, company: Company, now: datetime) -> None:
    """Cards whose days are over can no longer be approved; that is said, never silent."""
    query = select(tables.action).where(
        tables.action.c.state == State.AWAITING.value, tables.action.c.expires_at <= now
    )
    for row in (await connection.execute(query)).all():
        action = states.action_of(row)
        await states.move(
            connection, company.ledger, action, State.EXPIRED, now=now, actor="clock", due_at=None
        )
        await connection.execute(
            update(tables.notice)
            .where(tables.notice.c.action == action.id)
            .values(stamp=states.next_stamp())
        )
        if action.compensates:
            await left_alone(connection, company, action.compensates, now, "clock")
