"""Many under one yes: an action whose parts leave one by one, each with a marker of its own."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from jobs import actions, consequences, notices, states, tally
from jobs.actions import Origin
from memory import tables
from memory.canonical import canonical
from memory.company import Company
from memory.errors import Stale
from memory.ids import derived_id
from memory.records.action import Action, State
from memory.records.mail_many import MailMany
from memory.records.mail_send import MailSend
from memory.records.proposal import Suggestion
from memory.records.receipt import Receipt
from memory.records.verdict import Level, Verdict

OPEN = (*tally.WAITING, State.COMMITTING, State.AWAITING, State.UNKNOWN)
"""Parts that have not come to an end."""
_UNDER_WAY = (State.HELD, State.READY)
_LEFT_BEHIND = (State.AWAITING, State.READY, State.RETRY_WAIT)
_WHOLE = "whole"
"""Who moves the parts as the whole was moved, and the whole as its parts have ended."""
_GIVEN_UP = (State.EXPIRED, State.REJECTED, State.SUPERSEDED, State.TAKEN)


@dataclass(frozen=True)
class Undone:
    """What taking many back came to."""

    action: Action
    text: str
    notice: str | None = None
    """Id of the card that puts the correction before the owner, when there is one."""


async def parts(
    connection: AsyncConnection, action: Action, *in_states: State
) -> tuple[Action, ...]:
    """The parts of this revision as they are now, in the order in which they leave."""
    table = tables.action
    query = select(table).where(
        table.c.part_of == action.id, table.c.part_revision == action.revision
    )
    if in_states:
        query = query.where(table.c.state.in_([one.value for one in in_states]))
    rows = await connection.execute(query.order_by(table.c.hold_until, table.c.id))
    return tuple(states.action_of(row) for row in rows)


async def hold(
    connection: AsyncConnection, company: Company, action: Action, *, now: datetime, actor: str
) -> Action:
    """Start the time in which undo is free, for an action or for every part of it.

    The first part leaves when the hold ends, each other one so long after the one before it.
    """
    held = await actions.hold(connection, company, action, now=now, actor=actor)
    if not isinstance(action.effect, MailMany) or held.hold_until is None:
        return held
    until, pace = held.hold_until, timedelta(seconds=company.config.policy.pace_s)
    late = await parts(connection, action, State.AWAITING)
    for place, one in enumerate(late):
        approved = await states.move(
            connection, company.ledger, one, State.APPROVED, now=now, actor=_WHOLE,
            approved_by=actor, approved_at=now, approved_digest=one.digest,
        )  # fmt: skip
        await states.move(
            connection, company.ledger, approved, State.HELD, now=now, actor=_WHOLE,
            hold_until=until + pace * place, due_at=until + pace * place, late_since=None,
        )  # fmt: skip
    if not late:
        for place, mail in enumerate(action.effect.parts()):
            await _begin(connection, company, held, place, mail, until + pace * place, now, actor)
    return held


async def belongs(connection: AsyncConnection, part: Action) -> bool:
    """Whether a part is still exactly what the owner's one yes was about.

    A part that the owner has sent again by its own card has a yes of its own.
    """
    if part.part_of is None or part.part_revision is None or part.revision > 1:
        return True
    table = tables.action
    query = select(table).where(table.c.id == part.part_of, table.c.revision == part.part_revision)
    row = (await connection.execute(query)).first()
    if row is None or row.digest != row.approved_digest or row.state not in _LETS_GO:
        return False
    whole = states.action_of(row).effect
    return isinstance(whole, MailMany) and part.effect in whole.parts()


_LETS_GO = tuple(one.value for one in _UNDER_WAY)


async def cancel(
    connection: AsyncConnection, company: Company, action: Action, *, now: datetime, actor: str
) -> int:
    """Take back every part that has not left; how many that were."""
    waiting = await parts(connection, action, *tally.WAITING)
    for one in waiting:
        await states.move(
            connection, company.ledger, one, State.CANCELLED, now=now, actor=actor, due_at=None
        )
    for one in await parts(connection, action, State.AWAITING):
        await states.move(
            connection, company.ledger, one, State.REJECTED, now=now, actor=actor, due_at=None
        )
    await settle(connection, company, action, now=now)
    return len(waiting)


async def settle(
    connection: AsyncConnection, company: Company, action: Action, *, now: datetime
) -> Action:
    """Let the whole end once all its parts have, with what follows from it."""
    if action.state not in _UNDER_WAY and action.state is not State.AWAITING:
        return action
    counted = await tally.of(connection, action)
    if counted is None or counted.open or counted.failed + counted.cancelled + counted.done == 0:
        return action
    if not counted.done:
        return await _end_without(connection, company, action, failed=counted.failed > 0, now=now)
    receipt = Receipt(
        outcome="sent" if counted.sent else "written",
        at=counted.last_at or now,
        answer=f"{counted.done} of {counted.total}",
    )
    done = await states.move(
        connection, company.ledger, action, State.DONE, now=now, actor=_WHOLE,
        receipt=receipt.model_dump_json(), due_at=None, trouble="", hint="",
    )  # fmt: skip
    if counted.sent:
        await consequences.settle(connection, company, done, now, actor="executor")
    return done


async def undo(
    connection: AsyncConnection, company: Company, action: Action, *, now: datetime, actor: str
) -> Undone:
    """Take back all that has not left; for what has, offer one correction on one card.

    Raises:
        Stale: All that can be answered was answered already.
    """
    cancelled = await cancel(connection, company, action, now=now, actor=actor)
    action = await states.exact(connection, action.id, action.revision)
    left = [one for one in await parts(connection, action, State.DONE) if one.receipt is not None]
    leaving = await parts(connection, action, State.COMMITTING, State.UNKNOWN)
    if not left and not leaving:
        return Undone(action, "Taken back. Nothing left.")
    said = _who_left(left)
    if cancelled:
        said += f" The other {cancelled} {'is' if cancelled == 1 else 'are'} taken back."
    if leaving:
        many = "1 is" if len(leaving) == 1 else f"{len(leaving)} are"
        said += f" {many} leaving this very moment; take it back once more when I know."
    if action.state is not State.DONE or action.receipt is None:
        return Undone(action, said.strip())
    await consequences.take_back(connection, company, action, now, actor)
    if action.receipt.outcome == "written":
        undone = await states.move(
            connection, company.ledger, action, State.COMPENSATED, now=now, actor=actor
        )
        return Undone(undone, "Put away. Nothing had left.")
    undone = await states.move(
        connection, company.ledger, action, State.COMPENSATING, now=now, actor=actor
    )
    correction = await _correct(connection, company, undone, left, now)
    people = "this person" if len(left) == 1 else f"these {len(left)}"
    notice = await notices.tell(
        connection, company, now=now, kind="card", action=correction.id,
        revision=correction.revision, source=action.source,
        text=f"{said} I can't call that back. Shall I send {people} this instead?",
    )  # fmt: skip
    return Undone(undone, said, notice)


async def ask_again(
    connection: AsyncConnection, company: Company, part: Action, now: datetime
) -> Action:
    """Let every part that waits ask again with this one; the whole, which has the card."""
    whole = await states.exact(connection, part.part_of or "", part.part_revision or 0)
    for one in await parts(connection, whole, State.HELD, State.READY, State.RETRY_WAIT):
        await states.move(
            connection, company.ledger, one, State.AWAITING, now=now, actor="clock",
            late_since=one.hold_until, approved_by=None, approved_at=None, approved_digest=None,
            due_at=None,
        )  # fmt: skip
    return whole


async def remaining(connection: AsyncConnection, action: Action) -> MailMany:
    """The same to everybody whose mail has not left by any version of it.

    Raises:
        Stale: It has left to everybody, or nobody can tell.
    """
    if not isinstance(action.effect, MailMany):
        raise Stale("There is nobody left to send it to.")
    table = tables.action
    gone = (State.DONE, State.COMPENSATING, State.COMPENSATED, State.COMMITTING, State.UNKNOWN)
    query = select(table.c.effect).where(
        table.c.part_of == action.id, table.c.state.in_([one.value for one in gone])
    )
    reached = {
        address
        for effect in await connection.scalars(query)
        for address in MailSend.model_validate(json.loads(effect)).recipients()
    }
    mails = tuple(one for one in action.effect.mails if not reached & set(one.recipients()))
    if not mails:
        raise Stale("There is nobody left to send it to.")
    return action.effect.model_copy(update={"mails": mails})


async def any_under_way(connection: AsyncConnection) -> bool:
    """Whether there is anything for `keep` to look at."""
    table = tables.action
    query = select(table.c.id).where(
        table.c.kind == "mail.many", table.c.state.in_([one.value for one in _UNDER_WAY])
    )
    left_behind = select(table.c.id).where(
        table.c.part_of.is_not(None), table.c.state.in_([one.value for one in _LEFT_BEHIND])
    )
    return (
        await connection.scalar(query.limit(1)) is not None
        or await connection.scalar(left_behind.limit(1)) is not None
    )


async def keep(connection: AsyncConnection, company: Company, now: datetime) -> None:
    """Close what has ended, and the parts of what was given up."""
    table = tables.action
    under_way = select(table).where(
        table.c.kind == "mail.many", table.c.state.in_([one.value for one in _UNDER_WAY])
    )
    for row in (await connection.execute(under_way)).all():
        await settle(connection, company, states.action_of(row), now=now)
    whole = table.alias()
    given_up = (
        select(table)
        .join(
            whole,
            (whole.c.id == table.c.part_of) & (whole.c.revision == table.c.part_revision),
        )
        .where(
            table.c.state.in_([one.value for one in _LEFT_BEHIND]),
            whole.c.state.in_([one.value for one in _GIVEN_UP]),
        )
    )
    for row in (await connection.execute(given_up)).all():
        part = states.action_of(row)
        to = State.EXPIRED if part.state is State.AWAITING else State.CANCELLED
        await states.move(connection, company.ledger, part, to, now=now, actor="clock", due_at=None)


async def _begin(
    connection: AsyncConnection,
    company: Company,
    whole: Action,
    place: int,
    mail: MailSend,
    until: datetime,
    now: datetime,
    actor: str,
) -> None:
    """Write one part down, held under the owner's yes to the whole."""
    part = derived_id("act", whole.id, str(whole.revision), str(place))
    key = derived_id("key", part, "1")
    bound = actions.binding(mail, (), key, None)
    await connection.execute(
        insert(tables.action).values(
            id=part,
            revision=1,
            source=whole.source,
            run=whole.run,
            agent=whole.agent,
            kind=mail.kind,
            heading=f"{whole.heading}: {mail.to[0].name or mail.to[0].email}",
            effect=canonical(mail).decode(),
            then="[]",
            rationale=whole.rationale,
            path=whole.path,
            cost_micro=0,
            state=State.PROPOSED.value,
            version=1,
            digest=bound,
            key=key,
            created_at=now,
            part_of=whole.id,
            part_revision=whole.revision,
        )
    )
    await states.enter(connection, company.ledger, part, 1, State.PROPOSED, now=now, actor=_WHOLE)
    begun = await states.exact(connection, part, 1)
    approved = await states.move(
        connection, company.ledger, begun, State.APPROVED, now=now, actor=_WHOLE,
        approved_by=actor, approved_at=now, approved_digest=bound,
    )  # fmt: skip
    await states.move(
        connection, company.ledger, approved, State.HELD, now=now, actor=_WHOLE,
        hold_until=until, due_at=until,
    )  # fmt: skip


async def _end_without(
    connection: AsyncConnection, company: Company, action: Action, *, failed: bool, now: datetime
) -> Action:
    if action.state is State.AWAITING:
        to = State.REJECTED
    else:
        to = State.FAILED if failed else State.CANCELLED
    trouble = "It reached nobody." if to is State.FAILED else ""
    return await states.move(
        connection, company.ledger, action, to, now=now, actor=_WHOLE, due_at=None,
        trouble=trouble,
    )  # fmt: skip


async def _correct(
    connection: AsyncConnection, company: Company, action: Action, left: list[Action], now: datetime
) -> Action:
    """The action that answers all that left, waiting for the owner's word."""
    pairs = tuple(
        (one.effect, one.receipt)
        for one in left
        if isinstance(one.effect, MailSend) and one.receipt is not None
    )
    if not isinstance(action.effect, MailMany):
        raise Stale("There is nothing to answer.")
    return await actions.propose(
        connection,
        company,
        Suggestion(
            effect=action.effect.correction(pairs, company.zone),
            heading=f"Correction: {action.heading}",
            rationale="You took it back; what has left can't be called back.",
        ),
        (
            Verdict(
                guard="owner",
                level=Level.ASK,
                reason="a correction always waits for your word",
            ),
        ),
        action_id=derived_id("act", action.id, "undo", str(action.version)),
        origin=Origin.of(action, compensates=action.id),
        now=now,
    )


def _who_left(left: list[Action]) -> str:
    """Exactly which have left, by name."""
    names = [
        one.effect.to[0].name or one.effect.to[0].email
        for one in left
        if isinstance(one.effect, MailSend)
    ]
    if not names:
        return ""
    many = "1 mail has" if len(names) == 1 else f"{len(names)} mails have"
    return f"{many} left: {', '.join(names)}."
