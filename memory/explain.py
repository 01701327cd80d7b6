"""Why: the story of an action, from what is written down, without a model."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from memory import tables
from memory.errors import NotFound

_DOORS = {"local": "the page", "telegram": "Telegram", "slack": "Slack", "script": "a command"}
_SAID = {"send": "send it", "sent": "it was sent", "take": "I'll do it", "undo_one": "undo one"}
"""What a button of another label said; the others say their verb."""
_MODELS = ("small", "large")
_HAPPENED = {
    "action_committing": "The last check passed at {at}; from there it could leave.",
    "action_cancelled": "It was taken back at {at}; nothing left.",
    "action_unknown": "At {at} nobody could tell whether it had left.",
    "action_retry_wait": "At {at} the other side did not answer; it waited.",
    "action_failed": "It failed at {at}.",
    "action_compensating": "You took it back at {at}; a correction was proposed.",
    "action_expired": "It waited too long and was put away at {at}.",
}


async def why(connection: AsyncConnection, action: str, zone: ZoneInfo) -> tuple[str, ...]:
    """Source, run, reason, checks, card, press, last check and the server's answer, in order.

    Raises:
        NotFound: There is no such action.
    """
    query = (
        select(tables.action).where(tables.action.c.id == action).order_by(tables.action.c.revision)
    )
    rows = (await connection.execute(query)).all()
    if not rows:
        raise NotFound("There is no such action.")
    last = rows[-1]
    lines = [await _source(connection, last, zone), _run(last)]
    if last.rationale:
        lines.append(f"Reason: {last.rationale}")
    lines += await _filed(connection, last, zone)
    lines += await _checks(connection, last)
    lines += await _cards(connection, last, zone)
    lines += await _story(connection, action, zone)
    return tuple(line for line in lines if line)


async def _source(connection: AsyncConnection, action: Row[tuple[object]], zone: ZoneInfo) -> str:
    query = select(tables.source).where(tables.source.c.id == action.source)
    source = (await connection.execute(query)).first()
    if source is None:
        return "What it began with is no longer kept."
    at = source.received_at.astimezone(zone)
    door = _DOORS.get(source.channel, source.channel)
    what = "what you passed on" if source.forwarded or json.loads(source.files) else "your message"
    return f"It began with {what} ({at:%a %-d %b, %H:%M}, through {door})."


def _run(action: Row[tuple[object]]) -> str:
    name, _, version = action.agent.partition("@")
    steps = [f"the {one} model" if one in _MODELS else one for one in action.path.split("->")]
    path = ", then ".join(one for one in steps if one) or "rules"
    cost = f"{action.cost_micro / 10_000:.2f} cents" if action.cost_micro else "nothing"
    return f"Thought of by {name}, version {version}, with {path}; it cost {cost}."


async def _filed(
    connection: AsyncConnection, action: Row[tuple[object]], zone: ZoneInfo
) -> list[str]:
    """The records it changed, when it filed any."""
    query = (
        select(tables.revision)
        .where(tables.revision.c.action == action.id)
        .order_by(tables.revision.c.recorded_at, tables.revision.c.record)
    )
    found = (await connection.execute(query)).all()
    if not found:
        return []
    at = found[0].recorded_at.astimezone(zone)
    kinds = ", ".join(dict.fromkeys(row.kind for row in found))
    return [f"It changed your own records ({kinds}) at {at:%H:%M}."]


async def _checks(connection: AsyncConnection, action: Row[tuple[object]]) -> list[str]:
    query = (
        select(tables.verdict)
        .where(tables.verdict.c.action == action.id)
        .order_by(tables.verdict.c.id)
    )
    words = {
        "allow": "let it pass",
        "ask": "asked for your word",
        "confirm": "wanted you to type",
        "refuse": "said no",
    }
    return [
        f"The check for {row.guard.replace('_', ' ')} {words[row.level]}: {row.reason}."
        for row in await connection.execute(query)
    ]


async def _cards(
    connection: AsyncConnection, action: Row[tuple[object]], zone: ZoneInfo
) -> list[str]:
    query = (
        select(tables.notice)
        .where(tables.notice.c.action == action.id)
        .order_by(tables.notice.c.seq)
    )
    lines: list[str] = []
    for notice in (await connection.execute(query)).all():
        at = notice.created_at.astimezone(zone)
        made = select(tables.delivery.c.door).where(tables.delivery.c.notice == notice.id)
        doors = [_DOORS.get(door, str(door)) for door in await connection.scalars(made)]
        shown = f", shown on {' and '.join(doors)}" if doors else ""
        lines.append(f"The card was made at {at:%H:%M:%S}{shown}.")
    return lines


async def _story(connection: AsyncConnection, action: str, zone: ZoneInfo) -> list[str]:
    """What happened to it in order, from the decisions and the ledger, and the receipts."""
    told: list[tuple[datetime, str]] = []
    decided = select(tables.decision).where(
        tables.decision.c.action == action, tables.decision.c.accepted
    )
    for row in await connection.execute(decided):
        at = row.at.astimezone(zone)
        door = _DOORS.get(row.door, row.door)
        told.append(
            (row.at, f'You said "{_SAID.get(row.verb, row.verb)}" at {at:%H:%M:%S} on {door}.')
        )
    entries = (
        select(tables.ledger).where(tables.ledger.c.subject == action).order_by(tables.ledger.c.seq)
    )
    for entry in await connection.execute(entries):
        if entry.event in _HAPPENED:
            at = entry.at.astimezone(zone)
            told.append((entry.at, _HAPPENED[entry.event].format(at=f"{at:%H:%M:%S}")))
    # a decision and what it led to carry the same moment; the sort keeps the decision first
    lines = [line for _, line in sorted(told, key=lambda one: one[0])]
    receipts = await connection.execute(
        select(tables.action.c.receipt).where(
            tables.action.c.id == action, tables.action.c.receipt.is_not(None)
        )
    )
    for row in receipts:
        receipt = json.loads(row.receipt)
        answer = f': "{receipt["answer"]}"' if receipt["answer"] else ""
        known = f" as {receipt['message_id']}" if receipt["message_id"] else ""
        outcome = {
            "sent": "Your mail server took it",
            "written": "It was written into a file",
            "owner_sent": "You sent it",
            "created": "The file was made",
            "filed": "It was filed",
        }[receipt["outcome"]]
        lines.append(f"{outcome}{known}{answer}.")
    return lines
