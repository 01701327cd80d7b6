"""What follows once an action is done: own records that move with it, and how they move back."""

from datetime import datetime

from pydantic import JsonValue
from sqlalchemy.ext.asyncio import AsyncConnection

from jobs import states
from memory import revisions
from memory.company import Company
from memory.records.action import Action, State
from memory.records.change import Change, Version
from memory.records.kinds import kept_of

Fields = dict[str, JsonValue]


async def settle(
    connection: AsyncConnection,
    company: Company,
    action: Action,
    now: datetime,
    *,
    actor: str = "executor",
) -> None:
    """Move the own records that were to change, and close what a correction corrects.

    Of each record only the fields that the action means to change are written: what the owner
    has changed meanwhile stays, and what was taken back stays away.

    Args:
        actor: Who knows that it is done.
    """
    for change in action.then:
        present = await revisions.current(connection, change.record)
        if present is not None and present.data is not None and change.data is not None:
            meant = _differing(change.data, change.before)
            await _write(connection, company, action, present, meant, now, author=action.agent)
    if action.compensates:
        await _corrected(connection, company, action.compensates, now, actor)


async def take_back(
    connection: AsyncConnection, company: Company, action: Action, now: datetime, actor: str
) -> None:
    """Put those fields back that `settle` has changed and nobody has touched since."""
    for change in reversed(action.then):
        present = await revisions.current(connection, change.record)
        if present is None or present.data is None or change.data is None:
            continue
        before = change.before or {}
        back = {
            name: before[name]
            for name, value in _differing(change.data, before).items()
            if name in before and present.data.get(name) == value
        }
        await _write(
            connection, company, action, present, back, now, author="owner",
            rationale=f"taken back ({actor})",
        )  # fmt: skip


async def left_alone(
    connection: AsyncConnection, company: Company, original: str, now: datetime, actor: str
) -> None:
    """The owner let stand what a correction would have corrected."""
    action = await states.latest(connection, original)
    if action.state is State.COMPENSATING:
        await states.move(connection, company.ledger, action, State.DONE, now=now, actor=actor)


async def _corrected(
    connection: AsyncConnection, company: Company, original: str, now: datetime, actor: str
) -> None:
    action = await states.latest(connection, original)
    if action.state is State.COMPENSATING:
        await states.move(
            connection, company.ledger, action, State.COMPENSATED, now=now, actor=actor
        )


def _differing(data: Fields, before: Fields | None) -> Fields:
    """The fields of `data` that are not as they were before."""
    known = before or {}
    return {name: value for name, value in data.items() if known.get(name) != value}


async def _write(
    connection: AsyncConnection,
    company: Company,
    action: Action,
    present: Version,
    fields: Fields,
    now: datetime,
    *,
    author: str,
    rationale: str = "",
) -> None:
    data = {**(present.data or {}), **fields}
    if data == present.data:
        return
    change = Change(
        record=present.record,
        kind=present.kind,
        key=present.key,
        title=kept_of(present.kind, data).title(),
        data=data,
        before=present.data,
        base=present.version,
        provenance=present.provenance,
    )
    await revisions.apply(
        connection, company.ledger, (change,), now=now, author=author, action=action.id,
        sources=(action.source,), rationale=rationale or action.rationale,
    )  # fmt: skip
