"""Where an action stands, for somebody who decides too late."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from memory import tables
from memory.records.action import Action, State
from memory.records.decision import Decision, Verb
from memory.records.shape import Frozen

_WHERE = {"local": "on the page", "script": "by script", "mailbox": "by mail"}
_DID = {
    Verb.APPROVE: "You approved it",
    Verb.SEND: "You sent it off",
    Verb.EDIT: "You changed it",
    Verb.REJECT: "You said no",
    Verb.TAKE: "You took it",
    Verb.UNDO: "You took it back",
    Verb.UNDO_ONE: "You took a line of it back",
    Verb.SENT: "You told me that it was sent",
    Verb.CANCEL: "You closed it",
    Verb.RETRY: "You had me try again",
}


class Word(Frozen):
    """A decision that was carried out."""

    verb: Verb
    door: str
    at: datetime


async def last_word(connection: AsyncConnection, action: str) -> Word | None:
    """The last decision that moved an action; None when nobody has decided yet."""
    made = tables.decision
    query = (
        select(made.c.verb, made.c.door, made.c.at)
        .where(made.c.action == action, made.c.accepted)
        .order_by(made.c.id.desc())
        .limit(1)
    )
    row = (await connection.execute(query)).first()
    return Word(verb=Verb(row.verb), door=row.door, at=row.at) if row else None


def elsewhere(said: str, word: Word | None, late: Decision, zone: ZoneInfo) -> str:
    """The same sentence, and who decided when and where, if that was at another door.

    Args:
        said: What the late decision is told.
        word: The decision that came before it.
        zone: The owner's zone, for times in words.
    """
    if word is None or word.door == late.door or _where(word.door) in said:
        return said
    did = _DID.get(word.verb, "You decided it")
    return f"{said} {did} {word.at.astimezone(zone):%H:%M} {_where(word.door)}."


def already(action: Action, zone: ZoneInfo) -> str:
    """What has become of an action, in one sentence.

    Args:
        zone: The owner's zone, for times in words.
    """
    when = action.approved_at.astimezone(zone) if action.approved_at else None
    door = (action.approved_by or "").split(" ")[0]
    approved = f"Already approved {when:%H:%M} {_where(door)}." if when else ""
    done = action.receipt.at.astimezone(zone) if action.receipt else None
    return {
        State.HELD: approved,
        State.READY: approved,
        State.CLAIMED: approved,
        State.RETRY_WAIT: approved,
        State.AWAITING: "It still waits for your word.",
        State.COMMITTING: "It is leaving right now. In a moment I can tell you how it ended.",
        State.DONE: f"Already done at {done:%H:%M}." if done else "Already done.",
        State.CANCELLED: "Already taken back. Nothing left.",
        State.REJECTED: "You already said no to this one. Nothing was sent.",
        State.TAKEN: "You took this one yourself.",
        State.EXPIRED: "That card is too old to act on; nothing was sent.",
        State.SUPERSEDED: "That text was superseded by a newer one; please use the newer card.",
        State.UNKNOWN: "I can't tell yet whether it left.",
        State.FAILED: "It was not sent, so there is nothing to take back.",
        State.COMPENSATING: "The correction already waits for you; nothing was added.",
        State.COMPENSATED: "It was taken back already; nothing was added.",
    }.get(action.state, "That can't be decided any more.")


def _where(door: str) -> str:
    return _WHERE.get(door, f"on {door.capitalize()}")
