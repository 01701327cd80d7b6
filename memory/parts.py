"""What is on its way and what has left, person by person: for whoever asks what is held."""

import json
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from memory import tables
from memory.records.action import Action, State
from memory.records.kinds import effect_of
from memory.records.mail_send import MailSend

_NAMES: dict[State, str] = {
    State.DONE: "Sent",
    State.COMPENSATING: "Sent",
    State.COMPENSATED: "Sent",
    State.COMMITTING: "Leaving this very moment",
    State.UNKNOWN: "I can't tell yet",
    State.APPROVED: "Not sent yet",
    State.HELD: "Not sent yet",
    State.READY: "Not sent yet",
    State.CLAIMED: "Not sent yet",
    State.RETRY_WAIT: "Not sent yet",
    State.AWAITING: "Waits for your word",
    State.FAILED: "Not sent",
    State.CANCELLED: "Cancelled",
    State.REJECTED: "Cancelled",
    State.EXPIRED: "Cancelled",
}
_ON_ITS_WAY = [
    one.value for one in (State.APPROVED, State.HELD, State.READY, State.CLAIMED, State.RETRY_WAIT)
]


async def lines(connection: AsyncConnection, whole: Action | None) -> list[str]:
    """Every part by what has become of it, in the order in which they leave; nothing is cut.

    Args:
        whole: The action whose parts are told; None tells of everything that is on its way.
    """
    by_name: dict[str, list[str]] = {}
    for row in await connection.execute(_query(whole)):
        name = _NAMES.get(State(row.state))
        if name is None:
            continue
        receipt = json.loads(row.receipt) if row.receipt else None
        if receipt is not None and receipt["outcome"] == "written":
            name = "Written, not sent"
        by_name.setdefault(name, []).append(_who(row.effect, row.heading))
    if not by_name:
        return ["Nothing is on its way."] if whole is None else _to_come(whole)
    order = list(dict.fromkeys(_NAMES.values()))
    known = sorted(by_name, key=lambda one: order.index(one) if one in order else 0)
    return [
        line
        for name in known
        for line in (f"{name} ({len(by_name[name])}):", *(f"- {one}" for one in by_name[name]))
    ]


def _query(whole: Action | None) -> Select[Any, Any, Any, Any]:
    table, other = tables.action, tables.action.alias()
    query = select(table.c.state, table.c.effect, table.c.heading, table.c.receipt)
    if whole is not None:
        query = query.where(table.c.part_of == whole.id, table.c.part_revision == whole.revision)
    else:
        under_way = (
            select(other.c.id)
            .where(
                other.c.id == table.c.part_of,
                other.c.revision == table.c.part_revision,
                other.c.state.in_((State.HELD.value, State.READY.value)),
            )
            .exists()
        )
        leaving = table.c.state.in_([*_ON_ITS_WAY, State.COMMITTING.value])
        query = query.where(table.c.kind != "mail.many", or_(leaving, under_way))
    return query.order_by(table.c.hold_until, table.c.id)


def _who(effect: str, heading: str) -> str:
    """To whom a mail goes, by name and address; anything else by what it is called."""
    mail = effect_of(json.loads(effect))
    if not isinstance(mail, MailSend):
        return heading
    return ", ".join(f"{one.name} <{one.email}>" if one.name else one.email for one in mail.to)


def _to_come(whole: Action) -> list[str]:
    return [f"{line.label}: {line.value}" for line in whole.effect.facts()]
