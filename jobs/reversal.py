"""Taking back: free before it leaves, a correction afterwards, own records exactly."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from jobs import actions, consequences, notices, states
from jobs.actions import Origin
from jobs.standing import already
from memory import revisions, tables
from memory.company import Company
from memory.errors import Refused, Stale
from memory.ids import derived_id
from memory.records.action import Action, State
from memory.records.change import Change
from memory.records.file_records import FileRecords
from memory.records.proposal import Suggestion
from memory.records.receipt import Receipt
from memory.records.verdict import Level, Verdict


@dataclass(frozen=True)
class Undone:
    """What taking back came to."""

    action: Action
    text: str
    notice: str | None = None
    """Id of the card that puts the correction before the owner, when there is one."""


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
            await consequences.left_alone(connection, company, action.compensates, now, actor)
        return Undone(rejected, "Put away. Nothing was sent.")
    if action.state is not State.DONE:
        raise Stale(already(action, company.zone))
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
    """Take one record of a filing back and leave the others.

    Args:
        index: Which of the filing's changes, from 0.

    Raises:
        Stale: That one was taken back already.
        Refused: It was changed since, or there is no such record.
    """
    if not isinstance(action.effect, FileRecords):
        raise Refused("There is nothing to take back one by one here.")
    changes = action.effect.changes
    if not 0 <= index < len(changes):
        raise Refused("There is no such record on this card.")
    change = changes[index]
    if action.state is not State.DONE or await _is_back(connection, change):
        raise Stale("That one was taken back already; nothing was added.")
    await _check_unchanged(connection, (change,))
    await _put_back(connection, company, action, (change,), now, actor)
    remains = [one for one in changes if not await _is_back(connection, one)]
    to = State.DONE if remains else State.COMPENSATED
    moved = await states.move(connection, company.ledger, action, to, now=now, actor=actor)
    return Undone(moved, f"Taken back: {change.title}.")


async def _restore(
    connection: AsyncConnection,
    company: Company,
    action: Action,
    changes: tuple[Change, ...],
    now: datetime,
    actor: str,
) -> Undone:
    """Own records go back exactly; one that was changed later is never overwritten silently."""
    standing = tuple([one for one in changes if not await _is_back(connection, one)])
    await _check_unchanged(connection, standing)
    await _put_back(connection, company, action, standing, now, actor)
    undone = await states.move(
        connection, company.ledger, action, State.COMPENSATED, now=now, actor=actor
    )
    return Undone(undone, f"Taken back: {', '.join(one.title for one in standing)}.")


async def _answer_it(
    connection: AsyncConnection, company: Company, action: Action, now: datetime, actor: str
) -> Undone:
    """It is out: open what it closed, and bring its answer on its way."""
    receipt = action.receipt
    if receipt is None:
        raise Refused("I have no proof that it left, so there is nothing to take back.")
    await consequences.take_back(connection, company, action, now, actor)
    if receipt.outcome == "written":
        undone = await states.move(
            connection, company.ledger, action, State.COMPENSATED, now=now, actor=actor
        )
        return Undone(undone, "Put away. Nothing had left.")
    undone = await states.move(
        connection, company.ledger, action, State.COMPENSATING, now=now, actor=actor
    )
    correction = await _proposed(connection, company, undone, receipt, now)
    text = _said(undone, receipt, company)
    made = await notices.tell(
        connection,
        company,
        now=now,
        kind="card",
        text=f"{text} Shall I send this instead?" if correction.effect.external else text,
        action=correction.id,
        revision=correction.revision,
        source=action.source,
    )
    return Undone(undone, text, made)


async def _proposed(
    connection: AsyncConnection, company: Company, action: Action, receipt: Receipt, now: datetime
) -> Action:
    """The action that answers one that is done."""
    answer = action.effect.undo(receipt, company.zone)
    left = receipt.at.astimezone(company.zone)
    if answer.external:
        level, why = Level.ASK, "a correction always waits for your word"
        rationale = f"You took back what left at {left:%H:%M}; it can't be called back."
    else:
        level, why = Level.ALLOW, "you took it back, and it stays in the house"
        rationale = "You took it back."
    return await actions.propose(
        connection,
        company,
        Suggestion(effect=answer, heading=f"Correction: {action.heading}", rationale=rationale),
        (Verdict(guard="owner", level=level, reason=why),),
        action_id=derived_id("act", action.id, "undo", str(action.version)),
        origin=Origin.of(action, compensates=action.id),
        now=now,
    )


def _said(action: Action, receipt: Receipt, company: Company) -> str:
    if not action.effect.external:
        return "Taken back. Tap the new file, and it is out of your calendar too."
    left = receipt.at.astimezone(company.zone)
    reopened = [one.title for one in action.then if one.kind == "task"]
    again = f' "{reopened[0]}" is open again.' if reopened else ""
    return f"That mail left at {left:%H:%M}; I can't call it back.{again}"


async def _is_back(connection: AsyncConnection, change: Change) -> bool:
    """Whether a record is as it was before the change."""
    present = await revisions.current(connection, change.record)
    return present is None or present.data == change.before


async def _check_unchanged(connection: AsyncConnection, changes: tuple[Change, ...]) -> None:
    """See that nobody has touched the records since.

    Raises:
        Refused: A record is no longer as the change left it.
    """
    later: list[str] = []
    for change in changes:
        present = await revisions.current(connection, change.record)
        if present is not None and present.data != change.data:
            later.append(change.title)
    if later:
        raise Refused(f"{', '.join(later)} was changed since, so I left everything as it is.")


async def _put_back(
    connection: AsyncConnection,
    company: Company,
    action: Action,
    changes: tuple[Change, ...],
    now: datetime,
    actor: str,
) -> None:
    """Put each record back to what it was before, last change first."""
    for change in reversed(changes):
        present = await revisions.current(connection, change.record)
        if present is None:
            continue
        await revisions.apply(
            connection,
            company.ledger,
            (
                change.inverse().model_copy(
                    # since the moment it changed: a mistake was never true in between
                    update={"base": present.version, "valid_from": present.valid_from}
                ),
            ),
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
        if action.compensates:
            await consequences.left_alone(connection, company, action.compensates, now, "clock")
