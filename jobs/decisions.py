"""The owner's decisions: one function, one authority, once per revision, from whichever door."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from jobs import actions, notices, reversal, sources, states
from memory import revisions, tables
from memory.company import Company
from memory.errors import NotFound, Refused, Stale, Trouble
from memory.records.action import Action, State
from memory.records.decision import Decision, Outcome, Verb
from memory.records.notice import Shown
from memory.records.receipt import Receipt


async def decide(connection: AsyncConnection, company: Company, decision: Decision) -> Outcome:
    """Carry out a decision in the caller's transaction, or say why not.

    The caller has checked that the person is the owner. The same press delivered twice is
    answered from the first.
    """
    now = company.clock.now()
    known = await _already(connection, decision)
    if known is not None:
        return known
    action: str | None = None
    try:
        shown = await notices.find(connection, decision.notice)
        action = shown.notice.action
        outcome = await _carry_out(connection, company, decision, shown, now)
    except Trouble as trouble:
        outcome = Outcome(accepted=False, text=trouble.sentence, action=action)
    await _remember(connection, company, decision, outcome, now)
    return outcome


async def _carry_out(
    connection: AsyncConnection,
    company: Company,
    decision: Decision,
    shown: Shown,
    now: datetime,
) -> Outcome:
    if shown.notice.question is not None:
        return await sources.answer_question(connection, company, decision, shown.notice, now)
    if shown.action is None:
        raise Refused("There is nothing to decide about this one.")
    if decision.revision is not None and decision.revision != shown.latest:
        raise Stale("That text was superseded by a newer one; please use the newer card.")
    if shown.action.revision != shown.latest:
        raise Stale("That text was superseded by a newer one; please use the newer card.")
    if decision.digest is not None and decision.digest != shown.action.digest:
        raise Stale("That card no longer shows what would happen; please look at the newer one.")
    act = _ACTS.get(decision.verb)
    if act is None:
        raise Refused("That can't be decided here.")
    return await act(connection, company, decision, shown, shown.action, now)


async def _approve(
    connection: AsyncConnection,
    company: Company,
    decision: Decision,
    shown: Shown,
    action: Action,
    now: datetime,
) -> Outcome:
    if action.state is not State.AWAITING:
        raise Stale(already(action, company))
    if action.expires_at is not None and now >= action.expires_at:
        raise Stale("That card is too old to act on; nothing was sent.")
    action = await _approved(connection, company, action, decision, now)
    action = await actions.hold(connection, company, action, now=now, actor=_actor(decision))
    until = action.hold_until or now
    if action.effect.hold_s == 0:
        return _outcome(action, "On its way.")
    return _outcome(action, f"Leaves at {until.astimezone(company.zone):%H:%M:%S}.")


async def _send(
    connection: AsyncConnection,
    company: Company,
    decision: Decision,
    shown: Shown,
    action: Action,
    now: datetime,
) -> Outcome:
    """Send after all: a cancelled one, a late one, or one more time after doubt."""
    if action.state is State.AWAITING:
        return await _approve(connection, company, decision, shown, action, now)
    if action.state not in (State.CANCELLED, State.UNKNOWN, State.EXPIRED, State.FAILED):
        raise Stale(already(action, company))
    actor = _actor(decision)
    fresh = await actions.revise(connection, company, action, action.effect, now=now, actor=actor)
    fresh = await states.move(
        connection, company.ledger, fresh, State.AWAITING, now=now, actor="guards"
    )
    await notices.point_at(connection, shown.notice.id, fresh.revision)
    fresh = await _approved(connection, company, fresh, decision, now)
    fresh = await actions.hold(connection, company, fresh, now=now, actor=actor)
    until = fresh.hold_until or now
    return _outcome(fresh, f"Leaves at {until.astimezone(company.zone):%H:%M:%S}.")


async def _edit(
    connection: AsyncConnection,
    company: Company,
    decision: Decision,
    shown: Shown,
    action: Action,
    now: datetime,
) -> Outcome:
    if action.state not in (State.AWAITING, State.CANCELLED, State.EXPIRED):
        raise Stale(already(action, company))
    if not decision.text.strip():
        raise Refused("Reply to the card with the new text, and I show it to you before it goes.")
    actor = _actor(decision)
    effect = action.effect.edited(decision.text)
    fresh = await actions.revise(connection, company, action, effect, now=now, actor=actor)
    fresh = await states.move(
        connection, company.ledger, fresh, State.AWAITING, now=now, actor="guards",
        due_at=fresh.expires_at,
    )  # fmt: skip
    made = await notices.tell(
        connection,
        now=now,
        kind="card",
        text="Your text, as you wrote it.",
        action=fresh.id,
        revision=fresh.revision,
        source=action.source,
    )
    return _outcome(fresh, "Changed. Here is the new text.", notice=made)


async def _reject(
    connection: AsyncConnection,
    company: Company,
    decision: Decision,
    shown: Shown,
    action: Action,
    now: datetime,
) -> Outcome:
    if action.state is State.UNKNOWN:
        return await _give_up(connection, company, decision, shown, action, now)
    if action.state in (State.HELD, State.READY, State.RETRY_WAIT):
        return await _undo(connection, company, decision, shown, action, now)
    if action.state is not State.AWAITING:
        raise Stale(already(action, company))
    action = await states.move(
        connection, company.ledger, action, State.REJECTED, now=now, actor=_actor(decision),
        due_at=None,
    )  # fmt: skip
    if action.compensates:
        await reversal.left_alone(connection, company, action.compensates, now, _actor(decision))
        return _outcome(action, "Left as it is. Nothing more was sent.")
    return _outcome(action, "Put away. Nothing was sent.")


async def _take(
    connection: AsyncConnection,
    company: Company,
    decision: Decision,
    shown: Shown,
    action: Action,
    now: datetime,
) -> Outcome:
    if action.state is not State.AWAITING:
        raise Stale(already(action, company))
    action = await states.move(
        connection, company.ledger, action, State.TAKEN, now=now, actor=_actor(decision),
        due_at=None,
    )  # fmt: skip
    return _outcome(action, "Yours now. I keep my hands off it.")


async def _undo(
    connection: AsyncConnection,
    company: Company,
    decision: Decision,
    shown: Shown,
    action: Action,
    now: datetime,
) -> Outcome:
    undone = await reversal.undo(connection, company, action, now=now, actor=_actor(decision))
    return _outcome(undone.action, undone.text, notice=undone.notice)


async def _undo_one(
    connection: AsyncConnection,
    company: Company,
    decision: Decision,
    shown: Shown,
    action: Action,
    now: datetime,
) -> Outcome:
    undone = await reversal.undo_one(
        connection, company, action, decision.choice or 0, now=now, actor=_actor(decision)
    )
    return _outcome(undone.action, undone.text)


async def _sent(
    connection: AsyncConnection,
    company: Company,
    decision: Decision,
    shown: Shown,
    action: Action,
    now: datetime,
) -> Outcome:
    """The owner's own word that it left: after doubt, or sent by hand."""
    written = action.state is State.DONE and action.receipt and action.receipt.outcome == "written"
    if action.state is not State.UNKNOWN and not written:
        raise Stale(already(action, company))
    receipt = Receipt(outcome="owner_sent", at=now, answer="the owner said so")
    action = await states.move(
        connection, company.ledger, action, State.DONE, now=now, actor=_actor(decision),
        receipt=receipt.model_dump_json(), due_at=None, trouble="", hint="",
    )  # fmt: skip
    await settle(connection, company, action, now)
    return _outcome(action, "Noted: it was sent.")


async def _give_up(
    connection: AsyncConnection,
    company: Company,
    decision: Decision,
    shown: Shown,
    action: Action,
    now: datetime,
) -> Outcome:
    if action.state is not State.UNKNOWN:
        return await _undo(connection, company, decision, shown, action, now)
    action = await states.move(
        connection, company.ledger, action, State.FAILED, now=now, actor=_actor(decision),
        due_at=None, trouble="You closed it; whether it left was never settled.", hint="",
    )  # fmt: skip
    return _outcome(action, "Closed. I do nothing more about it.")


async def _retry(
    connection: AsyncConnection,
    company: Company,
    decision: Decision,
    shown: Shown,
    action: Action,
    now: datetime,
) -> Outcome:
    if action.state not in (State.RETRY_WAIT, State.FAILED):
        raise Stale(already(action, company))
    action = await states.move(
        connection, company.ledger, action, State.READY, now=now, actor=_actor(decision),
        due_at=now, trouble="", hint="",
    )  # fmt: skip
    return _outcome(action, "Trying again.")


_Act = Callable[
    [AsyncConnection, Company, Decision, Shown, Action, datetime], Awaitable[Outcome]
]
_ACTS: dict[Verb, _Act] = {
    Verb.APPROVE: _approve,
    Verb.SEND: _send,
    Verb.EDIT: _edit,
    Verb.REJECT: _reject,
    Verb.TAKE: _take,
    Verb.UNDO: _undo,
    Verb.UNDO_ONE: _undo_one,
    Verb.SENT: _sent,
    Verb.CANCEL: _give_up,
    Verb.RETRY: _retry,
}


async def settle(
    connection: AsyncConnection, company: Company, action: Action, now: datetime
) -> None:
    """What follows once an action is done: the own records that were to change, and a correction
    closes what it corrected."""
    if action.then:
        await revisions.apply(
            connection,
            company.ledger,
            await rebased(connection, action),
            now=now,
            author=action.agent,
            action=action.id,
            sources=(action.source,),
            rationale=action.rationale,
        )
    if action.compensates:
        await reversal.corrected(connection, company, action.compensates, now)


async def rebased(connection: AsyncConnection, action: Action) -> tuple[object, ...]:
    """The consequences on the records as they are now, leaving out what was taken back."""
    found: list[object] = []
    for change in action.then:
        present = await revisions.current(connection, change.record)
        if present is None and change.base == 0:
            found.append(change)
        elif present is not None and present.data is not None and present.data != change.data:
            found.append(
                change.model_copy(update={"base": present.version, "before": present.data})
            )
    return tuple(found)


async def _approved(
    connection: AsyncConnection,
    company: Company,
    action: Action,
    decision: Decision,
    now: datetime,
) -> Action:
    return await states.move(
        connection, company.ledger, action, State.APPROVED, now=now, actor=_actor(decision),
        approved_by=_actor(decision), approved_at=now, approved_digest=action.digest,
    )  # fmt: skip


def already(action: Action, company: Company) -> str:
    """Where an action stands, for somebody who pressed too late."""
    when = action.approved_at.astimezone(company.zone) if action.approved_at else None
    door = (action.approved_by or "").split(" ")[0]
    approved = f"Already approved {when:%H:%M} on {door.capitalize()}." if when else ""
    done = action.receipt.at.astimezone(company.zone) if action.receipt else None
    return {
        State.HELD: approved,
        State.READY: approved,
        State.CLAIMED: approved,
        State.COMMITTING: "It is leaving right now.",
        State.RETRY_WAIT: approved,
        State.DONE: f"Already done at {done:%H:%M}." if done else "Already done.",
        State.CANCELLED: "Already taken back. Nothing left.",
        State.REJECTED: "You already said no to this one. Nothing was sent.",
        State.TAKEN: "You took this one yourself.",
        State.EXPIRED: "That card is too old to act on; nothing was sent.",
        State.SUPERSEDED: "That text was superseded by a newer one; please use the newer card.",
        State.UNKNOWN: "I can't tell yet whether it left.",
        State.COMPENSATING: "A correction already waits for you.",
        State.COMPENSATED: "Already taken back.",
    }.get(action.state, "That can't be decided any more.")


def _actor(decision: Decision) -> str:
    return f"{decision.door} {decision.actor}"


def _outcome(action: Action, text: str, *, notice: str | None = None) -> Outcome:
    return Outcome(
        accepted=True, text=text, action=action.id, state=action.state.value, notice=notice
    )


async def _already(connection: AsyncConnection, decision: Decision) -> Outcome | None:
    if not decision.native_id:
        return None
    query = select(tables.decision).where(
        tables.decision.c.door == decision.door,
        tables.decision.c.native_id == decision.native_id,
    )
    row = (await connection.execute(query)).first()
    if row is None:
        return None
    return Outcome(accepted=row.accepted, text=row.answer, action=row.action)


async def _remember(
    connection: AsyncConnection,
    company: Company,
    decision: Decision,
    outcome: Outcome,
    now: datetime,
) -> None:
    result = await connection.execute(
        insert(tables.decision).values(
            notice=decision.notice,
            action=outcome.action,
            revision=decision.revision,
            verb=decision.verb.value,
            door=decision.door,
            actor=decision.actor,
            native_id=decision.native_id,
            text=decision.text,
            accepted=outcome.accepted,
            answer=outcome.text,
            at=now,
        )
    )
    key = result.inserted_primary_key
    await company.ledger.add(
        connection,
        "owner_decided" if outcome.accepted else "decision_refused",
        at=now,
        actor=_actor(decision),
        subject=outcome.action or decision.notice,
        row=(tables.decision, {"id": key[0] if key else None}),
        verb=decision.verb.value,
    )


__all__ = ["NotFound", "decide", "settle"]
