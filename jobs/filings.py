"""What was filed, looked at again: what a line is about, what an edit takes the place of."""

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from jobs import notices, sources, states
from memory import revisions, tables
from memory.errors import NotFound
from memory.records.action import Action, State
from memory.records.change import Change, Version
from memory.records.file_records import FileRecords
from memory.records.kinds import kept_of

BEHIND_THE_SCENES = ("message", "process")
"""Kinds of record that are filed without a line of their own."""


async def about(connection: AsyncConnection, notice: str | None) -> tuple[Version, ...]:
    """The records that a line tells of, as they stand; empty for any other notice."""
    if notice is None:
        return ()
    try:
        shown = await notices.find(connection, notice)
    except NotFound:
        return ()
    if shown.notice.question is not None:
        return ()
    if shown.action is not None:
        return await _standing(connection, _records(shown.action))
    source = shown.notice.source
    if source is None:
        return ()
    if (came := await sources.find(connection, source)).channel == "clock":
        # a reminder that was told: the tick of the clock carries its name
        return await _standing(connection, (came.native_id.partition(":")[0],))
    filed = [one for action in await _filings(connection, source) for one in _records(action)]
    return await _standing(connection, tuple(filed))


async def replaced(connection: AsyncConnection, source: str) -> tuple[tuple[Change, Version], ...]:
    """What a Source has filed and nobody has changed since, with the version that stands."""
    found: list[tuple[Change, Version]] = []
    for action in await _filings(connection, source):
        effect = action.effect
        if not isinstance(effect, FileRecords):
            continue
        for change in effect.changes:
            present = await revisions.current(connection, change.record)
            if present is not None and present.data == change.data is not None:
                found.append((change, present))
    return tuple(found)


async def follow(connection: AsyncConnection, changes: tuple[Change, ...], filed: str) -> None:
    """Let the line about a record show its new version, and take that one back when undone.

    Args:
        filed: Id of the action that filed the changes.
    """
    changed = {one.record: one for one in changes}
    earlier: dict[str, None] = {}
    for one in changes:
        query = select(tables.revision.c.action).where(
            tables.revision.c.record == one.record, tables.revision.c.version == one.base
        )
        action = await connection.scalar(query)
        if action is not None and action != filed:
            earlier[action] = None
    for name in earlier:
        old = await states.latest(connection, name)
        first = await _first_line(connection, name)
        if first is None or not isinstance(old.effect, FileRecords):
            continue
        told = [one for one in old.effect.changes if one.kind not in BEHIND_THE_SCENES]
        now = [changed.get(one.record, one) for one in told if one.data is not None]
        lines = [_line(one, await _whose(connection, one, told)) for one in now]
        words = "\n".join(lines)
        is_all = all(one.record in changed for one in told)
        values = {"action": filed, "revision": 1} if is_all else {}
        await connection.execute(
            update(tables.notice)
            .where(tables.notice.c.id == first.id)
            .values(text=words or first.text, stamp=states.next_stamp(), **values)
        )


async def put_away(connection: AsyncConnection, source: str, words: str) -> None:
    """Close the questions that a Source's old words have raised.

    Args:
        words: What the owner says instead.
    """
    for shown in await notices.of_source(connection, source):
        if shown.notice.question is not None and not shown.notice.answered:
            await notices.answer(connection, shown.notice.id, words)


async def waiting(connection: AsyncConnection, source: str) -> tuple[Action, ...]:
    """What a Source has put before the owner and nobody has decided yet."""
    return await _actions(connection, source, State.AWAITING)


async def _filings(connection: AsyncConnection, source: str) -> tuple[Action, ...]:
    found = await _actions(connection, source, State.DONE)
    return tuple(one for one in found if one.kind == "file")


async def _actions(connection: AsyncConnection, source: str, state: State) -> tuple[Action, ...]:
    query = (
        select(tables.action)
        .where(tables.action.c.source == source, tables.action.c.state == state.value)
        .order_by(tables.action.c.created_at)
    )
    return tuple(states.action_of(row) for row in await connection.execute(query))


def _records(action: Action) -> tuple[str, ...]:
    if not isinstance(action.effect, FileRecords):
        return ()
    told = (one for one in action.effect.changes if one.kind not in BEHIND_THE_SCENES)
    return tuple(one.record for one in told)


async def _standing(connection: AsyncConnection, records: tuple[str, ...]) -> tuple[Version, ...]:
    found = [await revisions.current(connection, one) for one in dict.fromkeys(records)]
    return tuple(one for one in found if one is not None and one.data is not None)


async def _first_line(connection: AsyncConnection, action: str) -> Row[tuple[object]] | None:
    query = (
        select(tables.notice)
        .where(tables.notice.c.action == action, tables.notice.c.kind == "line")
        .order_by(tables.notice.c.seq)
    )
    return (await connection.execute(query.limit(1))).first()


async def _whose(connection: AsyncConnection, change: Change, told: list[Change]) -> str:
    """For whom a task is, where no line beside it says so."""
    customer = (change.data or {}).get("customer")
    if change.kind != "task" or customer is None or any(one.record == customer for one in told):
        return ""
    found = await revisions.current(connection, str(customer))
    return f", for {kept_of(found.kind, found.data).title()}" if found and found.data else ""


def _line(change: Change, whose: str) -> str:
    if change.data is None:
        return f"Taken back: {change.title}."
    over = change.data.get("state")
    ended = f", {over}" if over in ("done", "dropped") else ""
    return f"{kept_of(change.kind, change.data).line()}{whose}{ended}."
