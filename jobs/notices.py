"""What the owner should see, and what each door has shown of it."""

from datetime import datetime

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from jobs import rings as ringing
from jobs import states, tally
from jobs.rings import Manner
from memory import tables
from memory.canonical import digest
from memory.company import Company
from memory.errors import NotFound
from memory.ids import new_id
from memory.records.action import Action, State
from memory.records.notice import Delivery, Notice, Shown
from memory.records.proposal import Question

READING = "Reading ..."
"""What stands where an answer will be, while finding it takes long."""
_READ = "Read. See below."


async def tell(
    connection: AsyncConnection,
    company: Company,
    *,
    now: datetime,
    text: str = "",
    kind: str = "line",
    action: str | None = None,
    revision: int | None = None,
    source: str | None = None,
    run: str | None = None,
    question: Question | None = None,
    file: str | None = None,
    rings: bool = False,
    manner: Manner = Manner.MAY_WAIT,
) -> str:
    """Put something before the owner; returns the notice's id.

    What is silent takes the place of the line that says its message is being read.

    Args:
        rings: Whether it would like to ring; rings.py decides.
    """
    notice = new_id("note")
    if rings:
        rings = await ringing.decide(
            connection, company, notice, now=now, source=source, manner=manner
        )
    values = {
        "kind": kind,
        "text": text,
        "action": action,
        "revision": revision,
        "run": run,
        "question": question.model_dump_json() if question else None,
        "file": file,
        "stamp": states.next_stamp(),
    }
    reading = await _reading(connection, source) if source and text != READING else None
    if reading is not None and not rings:
        await ringing.moved(connection, notice, reading)
        await connection.execute(
            update(tables.notice).where(tables.notice.c.id == reading).values(**values)
        )
        return reading
    await connection.execute(
        insert(tables.notice).values(
            id=notice, source=source, rings=rings, created_at=now, **values
        )
    )
    return notice


async def end_reading(connection: AsyncConnection, source: str) -> None:
    """The line that says a message is being read has done its duty, if nothing took its place."""
    reading = await _reading(connection, source)
    if reading is not None:
        await reword(connection, reading, _READ)


async def _reading(connection: AsyncConnection, source: str) -> str | None:
    table = tables.notice
    query = select(table.c.id).where(table.c.source == source, table.c.text == READING)
    return await connection.scalar(query.limit(1))


async def point_at(connection: AsyncConnection, notice: str, revision: int) -> None:
    """Let a card show another revision of its action, in place."""
    await connection.execute(
        update(tables.notice)
        .where(tables.notice.c.id == notice)
        .values(revision=revision, stamp=states.next_stamp())
    )


async def ring(
    connection: AsyncConnection, company: Company, action: Action, *, now: datetime, trouble: str
) -> None:
    """Something went wrong with an action: a newer card rings, since an edited one can't.

    Where nothing may ring, the card that is there is kept for the summary.

    Args:
        trouble: The sentence that says what; the same one rings once.
    """
    query = (
        select(tables.notice)
        .where(tables.notice.c.action == action.id, tables.notice.c.revision == action.revision)
        .order_by(tables.notice.c.seq.desc())
        .limit(1)
    )
    row = (await connection.execute(query)).first()
    if row is None:
        await _ring_for_part(connection, company, action, now=now, trouble=trouble)
        return
    notice = new_id("note")
    name = f"trouble:{digest(trouble)[:24]}"
    rings = await ringing.decide(
        connection, company, notice, now=now, source=row.source, trouble=name
    )
    if not rings:
        await ringing.moved(connection, notice, row.id)
        return
    await connection.execute(
        insert(tables.notice).values(
            id=notice, kind=row.kind, text=row.text, action=row.action, revision=row.revision,
            source=row.source, rings=True, created_at=now, stamp=states.next_stamp(),
        )
    )  # fmt: skip


async def _ring_for_part(
    connection: AsyncConnection, company: Company, action: Action, *, now: datetime, trouble: str
) -> None:
    """One of many shares the card of all; a doubt needs a word of its own, so it gets a card."""
    if action.part_of is None or action.part_revision is None:
        return
    present = await states.exact(connection, action.id, action.revision)
    if present.state is State.UNKNOWN:
        await tell(
            connection, company, now=now, kind="card", action=action.id,
            revision=action.revision, source=action.source, rings=True,
        )  # fmt: skip
        return
    whole = await states.exact(connection, action.part_of, action.part_revision)
    await ring(connection, company, whole, now=now, trouble=trouble)


async def reword(connection: AsyncConnection, notice: str, text: str) -> None:
    """Let a notice say something else; doors show it in place."""
    await connection.execute(
        update(tables.notice)
        .where(tables.notice.c.id == notice)
        .values(text=text, stamp=states.next_stamp())
    )


async def answer(connection: AsyncConnection, notice: str, words: str) -> None:
    """Close a question with what it was answered with."""
    await connection.execute(
        update(tables.notice)
        .where(tables.notice.c.id == notice)
        .values(answered=words, stamp=states.next_stamp())
    )


async def find(connection: AsyncConnection, notice: str) -> Shown:
    """One notice with the present state of what it is about.

    Raises:
        NotFound: There is no such notice.
    """
    query = select(tables.notice).where(tables.notice.c.id == notice)
    row = (await connection.execute(query)).first()
    if row is None:
        raise NotFound("I can't find that card any more.")
    return await _shown(connection, row)


async def expected(connection: AsyncConnection, at: datetime) -> str:
    """The kind of intent that the open question of a moment was after; empty when none was."""
    query = (
        select(tables.notice.c.question)
        .where(
            tables.notice.c.question.is_not(None),
            tables.notice.c.answered == "",
            tables.notice.c.created_at <= at,
        )
        .order_by(tables.notice.c.seq.desc())
        .limit(1)
    )
    question = await connection.scalar(query)
    return Question.model_validate_json(question).expects if question else ""


async def of_action(connection: AsyncConnection, action: str) -> Shown | None:
    """The newest notice about an action."""
    query = (
        select(tables.notice)
        .where(tables.notice.c.action == action)
        .order_by(tables.notice.c.seq.desc())
        .limit(1)
    )
    row = (await connection.execute(query)).first()
    return await _shown(connection, row) if row else None


async def of_source(connection: AsyncConnection, source: str) -> tuple[Shown, ...]:
    """Every notice that a source led to, in order."""
    query = (
        select(tables.notice).where(tables.notice.c.source == source).order_by(tables.notice.c.seq)
    )
    return tuple([await _shown(connection, row) for row in await connection.execute(query)])


async def every(connection: AsyncConnection, *, last: int | None = None) -> tuple[Shown, ...]:
    """All notices in order; only the newest `last` when given."""
    query = select(tables.notice).order_by(tables.notice.c.seq.desc())
    if last is not None:
        query = query.limit(last)
    rows = (await connection.execute(query)).all()
    return tuple([await _shown(connection, row) for row in reversed(rows)])


async def changed_since(
    connection: AsyncConnection, stamp: int, *, limit: int = 200
) -> tuple[tuple[Shown, ...], int]:
    """Notices made or changed after `stamp`, oldest change first, and the new stamp."""
    query = (
        select(tables.notice)
        .where(tables.notice.c.stamp > stamp)
        .order_by(tables.notice.c.stamp)
        .limit(limit)
    )
    rows = (await connection.execute(query)).all()
    shown = tuple([await _shown(connection, row) for row in rows])
    return shown, rows[-1].stamp if rows else stamp


async def last_stamp(connection: AsyncConnection) -> int:
    """The newest stamp of all."""
    return await connection.scalar(select(func.coalesce(func.max(tables.notice.c.stamp), 0))) or 0


async def delivery(
    connection: AsyncConnection, notice: str, door: str, chat: str
) -> Delivery | None:
    """What a door shows of a notice in one chat; None when it never tried."""
    query = select(tables.delivery).where(
        tables.delivery.c.notice == notice,
        tables.delivery.c.door == door,
        tables.delivery.c.chat == chat,
    )
    row = (await connection.execute(query)).first()
    return _delivery(row) if row else None


async def due(
    connection: AsyncConnection,
    door: str,
    chat: str,
    *,
    now: datetime,
    since: int,
    above: int = 0,
    limit: int = 20,
) -> tuple[Shown, ...]:
    """Notices that a door has not shown as they are now, oldest first.

    Args:
        since: Notices up to this number were there before the chat was paired.
        above: Only what was made or changed after this stamp; 0 looks through all of them.
    """
    made, number = tables.delivery, tables.notice.c.seq
    if above:
        # without this the database goes by number, through all that is long shown
        number = number + 0
    query = (
        select(tables.notice)
        .outerjoin(
            made,
            (made.c.notice == tables.notice.c.id) & (made.c.door == door) & (made.c.chat == chat),
        )
        .where(
            number > since,
            tables.notice.c.stamp > above,
            (made.c.notice.is_(None)) | (made.c.stamp < tables.notice.c.stamp),
            (made.c.due_at.is_(None)) | (made.c.due_at <= now),
        )
        .order_by(number)
        .limit(limit)
    )
    return tuple([await _shown(connection, row) for row in await connection.execute(query)])


async def delivered(
    connection: AsyncConnection,
    notice: Notice,
    door: str,
    chat: str,
    *,
    message: str | None,
    shown: str,
    stamp: int,
    trouble: str = "",
    due_at: datetime | None = None,
) -> None:
    """Remember what a door shows now, or why it could not."""
    values = {
        "message": message,
        "shown": shown,
        "stamp": stamp,
        "trouble": trouble,
        "due_at": due_at,
    }
    known = await delivery(connection, notice.id, door, chat)
    if known is None:
        await connection.execute(
            insert(tables.delivery).values(
                notice=notice.id, door=door, chat=chat, attempts=1, **values
            )
        )
        return
    await connection.execute(
        update(tables.delivery)
        .where(
            tables.delivery.c.notice == notice.id,
            tables.delivery.c.door == door,
            tables.delivery.c.chat == chat,
        )
        .values(attempts=known.attempts + 1, **values)
    )


async def _shown(connection: AsyncConnection, row: Row[tuple[object]]) -> Shown:
    notice = Notice(
        id=row.id,
        kind=row.kind,
        text=row.text,
        action=row.action,
        revision=row.revision,
        source=row.source,
        run=row.run,
        question=Question.model_validate_json(row.question) if row.question else None,
        answered=row.answered,
        file=row.file,
        rings=row.rings,
        created_at=row.created_at,
        seq=row.seq,
        stamp=row.stamp,
    )
    if notice.kind == "stop":
        return Shown(notice=notice, standstill=await tally.held(connection))
    if notice.action is None:
        return Shown(notice=notice)
    newest = await states.latest(connection, notice.action)
    action = (
        newest
        if notice.revision in (None, newest.revision)
        else await states.exact(connection, notice.action, notice.revision)
    )
    table = tables.notice
    ends = select(func.min(table.c.seq).label("first"), func.max(table.c.seq).label("last")).where(
        table.c.action == notice.action, table.c.revision == notice.revision
    )
    cards = (await connection.execute(ends)).one()
    return Shown(
        notice=notice,
        action=action,
        latest=newest.revision,
        outdone=cards.last is not None and cards.last > notice.seq,
        again=cards.first is not None and cards.first < notice.seq,
        tally=await tally.of(connection, action),
    )


def _delivery(row: Row[tuple[object]]) -> Delivery:
    return Delivery(
        notice=row.notice,
        door=row.door,
        chat=row.chat,
        message=row.message,
        shown=row.shown,
        attempts=row.attempts,
    )
