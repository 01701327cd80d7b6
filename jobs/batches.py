"""Several things passed on in one gesture: each is filed by itself, and they ring once together.

A chat brings them one by one within about a second. Each stays a Source of its own; what they have
in common is one row that names them all. What a member has to show comes silently, and whoever is
settled last adds the one line that rings, in the same transaction.
"""

import json
from datetime import datetime, timedelta

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from jobs import notices
from jobs.marks import keep, recall
from memory import tables
from memory.brief import many
from memory.company import Company
from memory.ids import derived_id
from memory.records.shape import Frozen
from memory.records.source import Source

GAP = timedelta(seconds=1.5)
"""What comes later than this after the last one is a gesture of its own."""
_CHATS = ("telegram", "slack")
"""Doors where a gesture arrives in pieces; elsewhere one message brings all of it."""
_NAMED = 7
"""Members that the line names."""


class Member(Frozen):
    """What became of one thing that was passed on."""

    who: str = ""
    """Whose it is: the writer, else what it is called."""
    what: str = ""
    """What it is called, where that says more than whose it is."""
    filed: bool = False
    """Whether anything of it is kept that was not kept before."""
    drafts: int = 0
    questions: int = 0


class Batch(Frozen):
    """What was passed on in one gesture."""

    id: str
    sources: tuple[str, ...]
    settled: dict[str, Member] = Field(default_factory=dict[str, Member])
    mails: bool = True
    """Whether all of them are mails with their bytes."""
    notice: str = ""
    """The line about all of them, once it is there."""
    has_rung: bool = False
    """One of them rang before it was known that others would follow."""


def gathers(source: Source) -> bool:
    """Whether others of the same gesture may follow."""
    return source.channel in _CHATS and (source.forwarded or bool(source.files))


def ready_at(source: Source) -> datetime:
    """When it is known whether others follow: nothing rings before."""
    return source.received_at + GAP if gathers(source) else source.received_at


async def join(connection: AsyncConnection, source: Source) -> None:
    """Find what a fresh Source was passed on together with, if it was."""
    if not gathers(source):
        return
    table = tables.source
    query = (
        select(table.c.id, table.c.settled_at, table.c.files)
        .where(
            table.c.channel == source.channel,
            table.c.chat == source.chat,
            table.c.id != source.id,
            table.c.received_at >= source.received_at - GAP,
            table.c.received_at <= source.received_at,
            table.c.forwarded | (table.c.files != "[]"),
        )
        .order_by(table.c.received_at.desc())
        .limit(1)
    )
    last = (await connection.execute(query)).first()
    if last is None:
        return
    batch = await of(connection, last.id) or Batch(
        id=derived_id("bat", last.id),
        sources=(last.id,),
        mails=_is_mail(last.files),
        settled={last.id: Member()} if last.settled_at else {},
        has_rung=last.settled_at is not None,
    )
    update = {
        "sources": (*batch.sources, source.id),
        "mails": batch.mails and _is_mail(json.dumps([one.model_dump() for one in source.files])),
    }
    await _keep(connection, batch.model_copy(update=update))
    for member in (last.id, source.id):
        await keep(connection, f"batch_of:{member}", batch.id)


async def of(connection: AsyncConnection, source: str) -> Batch | None:
    """The batch that a Source is one of; None when it came alone."""
    name = await recall(connection, f"batch_of:{source}")
    kept = await recall(connection, f"batch:{name}") if name else None
    return Batch.model_validate_json(kept) if kept else None


async def settle(
    connection: AsyncConnection, company: Company, source: str, member: Member, now: datetime
) -> None:
    """One member has nothing more to come; the last one says how all of them went."""
    batch = await of(connection, source)
    if batch is None:
        return
    batch = batch.model_copy(update={"settled": {**batch.settled, source: member}})
    if len(batch.settled) == len(batch.sources):
        words = line(batch)
        if batch.notice:
            await notices.reword(connection, batch.notice, words)
        else:
            made = await notices.tell(
                connection, company, now=now, text=words, rings=not batch.has_rung
            )
            batch = batch.model_copy(update={"notice": made})
    await _keep(connection, batch)


def line(batch: Batch) -> str:
    """How all of them went, and what is next."""
    members = [batch.settled[one] for one in batch.sources if one in batch.settled]
    filed = [one for one in members if one.filed]
    again = len(members) - len(filed)
    thing = "mail" if batch.mails else "message"
    parts: list[str] = []
    if filed:
        named = [f"- {one.who}{_next(one)}" for one in filed if one.who]
        more = [f"- and {len(named) - _NAMED} more"] if len(named) > _NAMED + 1 else []
        shown = named[:_NAMED] if more else named
        parts += [f"{many(len(filed), thing)} filed{':' if named else '.'}", *shown, *more]
    if again:
        new = "Nothing new to file" if not filed else "Nothing new"
        parts.append(f"{new} in {many(again, thing if not filed else 'other')}.")
    drafts = sum(one.drafts for one in members)
    questions = sum(one.questions for one in members)
    if waiting := _waiting(drafts, questions):
        verb = "waits" if drafts + questions == 1 else "wait"
        parts.append(f"{waiting} {verb} for you above.")
    return "\n".join(parts)


def _next(member: Member) -> str:
    """What one of them wants of the owner, else what it is."""
    waiting = _waiting(member.drafts, member.questions)
    told = waiting or member.what
    return f": {told}" if told else ""


def _waiting(drafts: int, questions: int) -> str:
    counts = ((drafts, "draft"), (questions, "question"))
    return " and ".join(many(count, word) for count, word in counts if count)


def _is_mail(files: str) -> bool:
    return any(one["media_type"] == "message/rfc822" for one in json.loads(files))


async def _keep(connection: AsyncConnection, batch: Batch) -> None:
    await keep(connection, f"batch:{batch.id}", batch.model_dump_json())
