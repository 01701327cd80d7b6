"""Taking in: a Source, what it asks and the first run, all in one commit."""

import hashlib
import json
from datetime import datetime

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from jobs import albums, batches, marks, moments, notices
from jobs.albums import Album
from jobs.batches import Member
from jobs.rings import Manner
from memory import tables
from memory.company import Company
from memory.errors import NotFound, Refused, Stale
from memory.ids import derived_id
from memory.labels import Label
from memory.records.decision import Decision, Outcome, Verb
from memory.records.intent import Intent
from memory.records.notice import Notice
from memory.records.run import Run, RunState
from memory.records.shape import Frozen
from memory.records.source import File, Source


class Accepted(Frozen):
    """A Source that is committed."""

    source: str
    fresh: bool
    """False when the very same delivery was committed before."""


class Incoming(Frozen):
    """A Source that is to be committed."""

    source: Source
    intents: tuple[Intent, ...] = ()
    mark: str | None = None
    """The name under which a door finds the Source again; None where it has no need to."""
    written_at: datetime | None = None
    """When its platform says it was written; None where nobody says."""


LAST_STEP = 99
"""The step that concludes: after every other run of its Source."""


async def accept(
    connection: AsyncConnection, company: Company, source: Source, intents: tuple[Intent, ...]
) -> Accepted:
    """Commit a Source with its first run. The same delivery twice changes nothing."""
    fresh = await _insert(connection, company, source)
    if fresh:
        await batches.join(connection, source)
        await plan(
            connection,
            company,
            source.id,
            agent="coordinator",
            version="1",
            step=0,
            intents=intents,
            trigger=trigger_of(source),
            now=source.received_at,
        )
    return Accepted(source=source.id, fresh=fresh)


async def accept_all(
    connection: AsyncConnection, company: Company, came: tuple[Incoming, ...]
) -> tuple[Accepted, ...]:
    """Commit Sources in the order they came, each with its first run and its mark."""
    found: list[Accepted] = []
    for one in came:
        found.append(await accept(connection, company, one.source, one.intents))
        if one.mark is not None:
            await marks.keep(connection, one.mark, one.source.id)
        if one.written_at is not None:
            await moments.keep(
                connection,
                one.source.id,
                written_at=one.written_at,
                received_at=one.source.received_at,
            )
    return tuple(found)


async def accept_answered(
    connection: AsyncConnection,
    company: Company,
    source: Source,
    text: str,
    *,
    action: str | None = None,
    revision: int | None = None,
    rings: bool = False,
    manner: Manner = Manner.MAY_WAIT,
) -> Accepted:
    """Commit a Source that code has answered already, with the answer; an empty one is not told."""
    fresh = await _insert(connection, company, source)
    if fresh and text:
        await notices.tell(
            connection,
            company,
            now=source.received_at,
            text=text,
            source=source.id,
            action=action,
            revision=revision,
            rings=rings,
            manner=manner,
        )
    if fresh:
        await settle(connection, company, source.id, source.received_at)
    return Accepted(source=source.id, fresh=fresh)


async def accept_kept(
    connection: AsyncConnection,
    company: Company,
    source: Source,
    text: str,
    album: Album | None,
) -> Accepted:
    """Commit a Source that nobody can read, with the line that says it is kept."""
    fresh = await _insert(connection, company, source)
    if fresh:
        now = source.received_at
        await albums.tell(connection, company, now=now, source=source.id, text=text, album=album)
        await settle(connection, company, source.id, now)
    return Accepted(source=source.id, fresh=fresh)


async def plan(
    connection: AsyncConnection,
    company: Company,
    source: str,
    *,
    agent: str,
    version: str,
    step: int,
    intents: tuple[Intent, ...],
    trigger: str,
    now: datetime,
    due_at: datetime | None = None,
) -> str:
    """Write down a run that is to happen; returns its id, the same for the same place.

    Args:
        due_at: When it may begin; None means at once.
    """
    run = derived_id("run", source, agent, str(step))
    await connection.execute(
        insert(tables.run).values(
            id=run,
            source=source,
            agent=agent,
            version=version,
            step=step,
            state=RunState.PLANNED.value,
            due_at=due_at or now,
            trigger=trigger,
            intents=json.dumps([one.model_dump(mode="json") for one in intents]),
        )
    )
    await company.ledger.add(
        connection,
        "run_planned",
        at=now,
        actor="coordinator",
        subject=run,
        row=(tables.run, {"id": run}),
        source=source,
    )
    return run


async def answer_question(
    connection: AsyncConnection,
    company: Company,
    decision: Decision,
    notice: Notice,
    now: datetime,
) -> Outcome:
    """A press or a typed answer to a question becomes a Source of its own."""
    question = notice.question
    if question is None:
        raise Refused("There is nothing to answer here.")
    if notice.answered:
        raise Stale("That question is answered already.")
    if decision.verb is Verb.SKIP and question.may_skip:
        await notices.answer(connection, notice.id, "Skipped")
        return Outcome(accepted=True, text="Skipped.", notice=notice.id)
    if notice.run is None:
        raise Refused("Just write your answer; any message will do.")
    if decision.verb is Verb.CHOOSE and decision.choice is not None:
        if decision.choice >= len(question.choices):
            raise Refused("There is no such choice on this card.")
        choice = question.choices[decision.choice]
        words, intents = choice.label, (choice.intent,)
    elif decision.text.strip() and question.asks:
        words, intents = decision.text.strip(), ()
    else:
        raise Refused("Reply to this with your answer.")
    source = Source(
        id=derived_id("src", notice.id, "answer"),
        channel=decision.door,
        native_id=f"answer:{notice.id}",
        chat="",
        sender=decision.actor,
        label=Label.OWNER,
        text=words,
        reply_to=notice.id,
        received_at=now,
    )
    await accept(connection, company, source, intents)
    return Outcome(accepted=True, text="Thank you.", notice=notice.id)


async def find(connection: AsyncConnection, source: str) -> Source:
    """One Source.

    Raises:
        NotFound: There is no such Source.
    """
    query = select(tables.source).where(tables.source.c.id == source)
    row = (await connection.execute(query)).first()
    if row is None:
        raise NotFound("I can't find that message any more.")
    return _source(row)


async def find_run(connection: AsyncConnection, run: str) -> Run:
    """One run.

    Raises:
        NotFound: There is no such run.
    """
    row = (await connection.execute(select(tables.run).where(tables.run.c.id == run))).first()
    if row is None:
        raise NotFound("There is no such run.")
    return run_of(row)


def intents_of(run: Run) -> tuple[Intent, ...]:
    """What a run was given."""
    return tuple(Intent.model_validate(one) for one in json.loads(run.intents))


async def settle(
    connection: AsyncConnection,
    company: Company,
    source: str,
    now: datetime,
    member: Member | None = None,
) -> None:
    """Everything that a Source led to is before the owner.

    Args:
        member: What to say of it where it was passed on together with others.
    """
    await notices.end_reading(connection, source)
    await batches.settle(connection, company, source, member or Member(), now)
    await connection.execute(
        update(tables.source).where(tables.source.c.id == source).values(settled_at=now)
    )


async def exists(connection: AsyncConnection, source: str) -> bool:
    """Whether a Source of this id is committed."""
    query = select(tables.source.c.id).where(tables.source.c.id == source)
    return await connection.scalar(query) is not None


async def is_settled(connection: AsyncConnection, source: str) -> bool:
    """Whether everything that a Source led to is before the owner."""
    query = select(tables.source.c.settled_at).where(tables.source.c.id == source)
    return await connection.scalar(query) is not None


async def holds(
    connection: AsyncConnection,
    channel: str,
    raw: bytes,
    *,
    sender: str | None = None,
    since: datetime | None = None,
) -> bool:
    """Whether a file with these bytes came in through a door before: from somebody, since when."""
    held = tables.source.c.files.contains(hashlib.sha256(raw).hexdigest())
    query = select(tables.source.c.id).where(tables.source.c.channel == channel, held)
    if sender is not None:
        query = query.where(tables.source.c.sender == sender)
    if since is not None:
        query = query.where(tables.source.c.received_at >= since)
    return await connection.scalar(query.limit(1)) is not None


def trigger_of(source: Source) -> str:
    """What caused a run, as the owner would say it."""
    if source.forwarded:
        return "what you passed on"
    if source.channel == "hooks":
        return f'the web hook "{source.sender}"'
    return "the clock" if source.channel == "clock" else "your message"


def run_of(row: Row[tuple[object]]) -> Run:
    """A row as a record."""
    return Run(
        id=row.id,
        source=row.source,
        agent=row.agent,
        version=row.version,
        step=row.step,
        state=RunState(row.state),
        fence=row.fence,
        attempts=row.attempts,
        due_at=row.due_at,
        trigger=row.trigger,
        intents=row.intents,
        tier=row.tier,
        output=json.loads(row.output) if row.output else None,
        cost_micro=row.cost_micro,
        latency_ms=row.latency_ms,
        outcome=row.outcome,
    )


async def _insert(connection: AsyncConnection, company: Company, source: Source) -> bool:
    known = await connection.scalar(
        select(tables.source.c.id).where(
            tables.source.c.channel == source.channel,
            tables.source.c.native_id == source.native_id,
        )
    )
    if known is not None:
        return False
    await connection.execute(
        insert(tables.source).values(
            id=source.id,
            channel=source.channel,
            native_id=source.native_id,
            chat=source.chat,
            sender=source.sender,
            label=source.label.value,
            text=source.text,
            files=json.dumps([one.model_dump() for one in source.files]),
            forwarded=source.forwarded,
            reply_to=source.reply_to,
            received_at=source.received_at,
        )
    )
    await company.ledger.add(
        connection,
        "source_received",
        at=source.received_at,
        actor=f"{source.channel} {source.sender}",
        subject=source.id,
        row=(tables.source, {"id": source.id}),
        label=source.label.value,
    )
    return True


def _source(row: Row[tuple[object]]) -> Source:
    return Source(
        id=row.id,
        channel=row.channel,
        native_id=row.native_id,
        chat=row.chat,
        sender=row.sender,
        label=Label(row.label),
        text=row.text,
        files=tuple(File.model_validate(one) for one in json.loads(row.files)),
        forwarded=row.forwarded,
        reply_to=row.reply_to,
        received_at=row.received_at,
    )
