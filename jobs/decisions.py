"""The owner's decisions: one function, one authority, once per revision, from whichever door."""

from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from jobs import allowance, group_verbs, notices, safe_mode, sources, standstill
from jobs.standing import elsewhere, last_word
from jobs.verbs import Press
from memory import tables
from memory.company import Company
from memory.errors import Refused, Stale, Trouble
from memory.records.decision import Decision, Outcome
from memory.records.notice import Shown

_SUPERSEDED = "That text was superseded by a newer one; please use the newer card."


async def decide(connection: AsyncConnection, company: Company, decision: Decision) -> Outcome:
    """Carry out a decision in the caller's transaction, or say why not.

    The caller has checked that the person is the owner. The same press delivered twice is
    answered from the first. A decision that is refused has changed nothing.
    """
    now = company.clock.now()
    known = await _already(connection, decision)
    if known is not None:
        return known
    action: str | None = None
    try:
        shown = await notices.find(connection, decision.notice)
        action = shown.notice.action
        async with connection.begin_nested():
            outcome = await _carry_out(connection, company, decision, shown, now)
    except Stale as trouble:
        word = await last_word(connection, action) if action else None
        text = elsewhere(trouble.sentence, word, decision, company.zone)
        outcome = Outcome(accepted=False, text=text, action=action)
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
    if decision.verb in standstill.VERBS or shown.standstill is not None:
        return await standstill.decide(connection, company, decision, shown, now)
    if allowance.asks(shown.notice):
        return await allowance.answer(connection, company, decision, shown.notice, now)
    if await safe_mode.asks(connection, shown.notice.id):
        return await safe_mode.answer(connection, company, decision, now)
    if shown.notice.question is not None:
        return await sources.answer_question(connection, company, decision, shown.notice, now)
    action = shown.action
    if action is None:
        raise Refused("There is nothing to decide about this one.")
    if action.revision != shown.latest or decision.revision not in (None, shown.latest):
        raise Stale(_SUPERSEDED)
    if decision.digest is not None and decision.digest != action.digest:
        raise Stale("That card no longer shows what would happen; please look at the newer one.")
    press = Press(connection, company, decision, shown.notice, action, now)
    act = group_verbs.act_for(press)
    if act is None:
        raise Refused("That can't be decided here.")
    return await act(press)


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
        actor=f"{decision.door} {decision.actor}",
        subject=outcome.action or decision.notice,
        row=(tables.decision, {"id": key[0] if key else None}),
        verb=decision.verb.value,
    )
