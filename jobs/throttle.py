"""How much may leave: of one kind, to one person, in an hour, in a day, and at which pace."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from memory import tables
from memory.company import Company
from memory.errors import Refused
from memory.records.action import Action, State

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_IN_HAND = (State.CLAIMED.value, State.COMMITTING.value)


@dataclass(frozen=True)
class Wait:
    """Not yet, and why."""

    until: datetime
    why: str = ""
    """In the owner's words; empty where it is only the pace."""


class Throttled(Refused):
    """Enough has left for now: nothing is wrong with this one, it waits."""

    def __init__(self, wait: Wait) -> None:
        super().__init__(wait.why or "One leaves after the other.")
        self.wait = wait


async def wait(
    connection: AsyncConnection, company: Company, action: Action, now: datetime
) -> Wait | None:
    """How long an action has to wait; None when it may leave now.

    Exact in the marker's transaction: what has passed the marker is counted, and nothing else
    can pass it meanwhile.
    """
    found = [one for one in await _limits(connection, company, action, now) if one.until > now]
    paced = await _pace(connection, company, action, now)
    if paced is not None:
        found.append(paced)
    return max(found, key=lambda one: one.until, default=None)


async def depart(connection: AsyncConnection, action: Action, now: datetime) -> None:
    """Write down that an action passes the marker now; trying again moves its time along."""
    table = tables.departure
    await connection.execute(
        delete(table).where(table.c.action == action.id, table.c.revision == action.revision)
    )
    for recipient in action.effect.recipients() or ("",):
        await connection.execute(
            insert(table).values(
                action=action.id,
                revision=action.revision,
                recipient=recipient,
                kind=action.kind,
                part=action.part_of is not None,
                at=now,
            )
        )


async def put_off(
    connection: AsyncConnection, company: Company, action: Action, now: datetime
) -> Wait | None:
    """Before a claim: how long it has to wait, with a place of its own in the line.

    Whoever is in a worker's hands counts as gone, so that two never start side by side.
    """
    found = await wait(connection, company, action, now)
    if action.part_of is None or (found is not None and found.why):
        return found
    pace = timedelta(seconds=company.config.policy.pace_s)
    if found is None and pace and await _any_in_hand(connection):
        found = Wait(now + pace)
    if found is None:
        return None
    return Wait(found.until + pace * await _before(connection, action))


async def _limits(
    connection: AsyncConnection, company: Company, action: Action, now: datetime
) -> list[Wait]:
    if not action.effect.leaves():
        return []
    policy, table = company.config.policy, tables.departure
    others = ~((table.c.action == action.id) & (table.c.revision == action.revision))
    kind = (table.c.kind == action.kind) & others
    found: list[Wait | None] = [
        await _full(connection, company, kind, now, _HOUR, policy.per_hour, ""),
        await _full(connection, company, kind, now, _DAY, policy.per_day, ""),
    ]
    for one in action.effect.recipients():
        to_them, words = kind & (table.c.recipient == one), f" to {one}"
        found += [
            await _full(connection, company, to_them, now, _HOUR, policy.recipient_per_hour, words),
            await _full(connection, company, to_them, now, _DAY, policy.recipient_per_day, words),
        ]
    return [one for one in found if one is not None]


async def _full(
    connection: AsyncConnection,
    company: Company,
    which: ColumnElement[bool],
    now: datetime,
    within: timedelta,
    most: int,
    whom: str,
) -> Wait | None:
    """Until when a limit is used up; None when there is room."""
    table = tables.departure
    left = (
        select(table.c.action, table.c.revision, func.max(table.c.at).label("at"))
        .where(which, table.c.at > now - within)
        .group_by(table.c.action, table.c.revision)
        .subquery()
    )
    query = select(left.c.at).order_by(left.c.at.desc()).offset(most - 1).limit(1)
    at = await connection.scalar(query)
    if at is None:
        return None
    until = at + within
    stretch = "an hour" if within == _HOUR else "a day"
    what = "1 has" if most == 1 else f"{most} have"
    said = until.astimezone(company.zone)
    day = "" if said.date() == now.astimezone(company.zone).date() else f"{said:%a} "
    why = f"{what} left{whom} within {stretch}, which is your limit. The next waits until {day}"
    return Wait(until, f"{why}{said:%H:%M}.")


async def _pace(
    connection: AsyncConnection, company: Company, action: Action, now: datetime
) -> Wait | None:
    """One of many leaves so long after the one before it, whichever list that was on."""
    if action.part_of is None:
        return None
    table = tables.departure
    last = await connection.scalar(
        select(func.max(table.c.at)).where(
            table.c.kind == action.kind, table.c.part.is_(True), table.c.action != action.id
        )
    )
    if last is None or last > now:
        # a clock that was set back must not hold anything for long
        return None
    until = last + timedelta(seconds=company.config.policy.pace_s)
    return Wait(until) if until > now else None


async def _any_in_hand(connection: AsyncConnection) -> bool:
    table = tables.action
    query = select(table.c.id).where(table.c.part_of.is_not(None), table.c.state.in_(_IN_HAND))
    return await connection.scalar(query.limit(1)) is not None


async def _before(connection: AsyncConnection, action: Action) -> int:
    """How many parts of the same action are ready and come before this one."""
    table = tables.action
    query = select(func.count()).where(
        table.c.part_of == action.part_of,
        table.c.part_revision == action.part_revision,
        table.c.state == State.READY.value,
        table.c.hold_until < action.hold_until,
    )
    return await connection.scalar(query) or 0
