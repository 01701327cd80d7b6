"""Making actions: a suggestion, a new revision of one, and own records filed at once."""

import json
from datetime import datetime, timedelta

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from jobs import states
from memory import revisions, tables
from memory.canonical import canonical, digest
from memory.company import Company
from memory.ids import derived_id
from memory.records.action import Action, State
from memory.records.change import Change
from memory.records.effect import Effect
from memory.records.file_records import FileRecords
from memory.records.proposal import Suggestion
from memory.records.receipt import Receipt
from memory.records.verdict import Level, Verdict, strictest


async def propose(
    connection: AsyncConnection,
    company: Company,
    suggestion: Suggestion,
    verdicts: tuple[Verdict, ...],
    *,
    action_id: str,
    source: str,
    run: str,
    agent: str,
    path: str,
    cost_micro: int = 0,
    revision: int = 1,
    compensates: str | None = None,
    now: datetime,
) -> Action:
    """Write a suggestion as an action and let the guards' strictest verdict place it."""
    expires_at = now + timedelta(days=company.config.policy.approval_days)
    key = derived_id("key", action_id, str(revision))
    bound = binding(suggestion.effect, suggestion.then, key, expires_at)
    await connection.execute(
        insert(tables.action).values(
            id=action_id,
            revision=revision,
            source=source,
            run=run,
            agent=agent,
            kind=suggestion.effect.kind,
            heading=suggestion.heading,
            effect=canonical(suggestion.effect).decode(),
            then=json.dumps([one.model_dump(mode="json") for one in suggestion.then]),
            rationale=suggestion.rationale,
            path=path,
            cost_micro=cost_micro,
            state=State.PROPOSED.value,
            version=1,
            digest=bound,
            key=key,
            compensates=compensates,
            created_at=now,
            expires_at=expires_at,
        )
    )
    await states.enter(
        connection, company.ledger, action_id, revision, State.PROPOSED, now=now, actor=agent
    )
    await judge(connection, company, action_id, revision, verdicts, "propose", now)
    action = await states.exact(connection, action_id, revision)
    level = strictest(verdicts).level
    if level is Level.REFUSE:
        return await states.move(
            connection,
            company.ledger,
            action,
            State.REFUSED,
            now=now,
            actor="guards",
            trouble=strictest(verdicts).reason,
        )
    if level is Level.ALLOW:
        action = await states.move(
            connection, company.ledger, action, State.APPROVED, now=now, actor="guards",
            approved_by="a rule", approved_at=now, approved_digest=action.digest,
        )  # fmt: skip
        return await hold(connection, company, action, now=now, actor="guards")
    return await states.move(
        connection, company.ledger, action, State.AWAITING, now=now, actor="guards",
        due_at=expires_at,
    )  # fmt: skip


async def hold(
    connection: AsyncConnection, company: Company, action: Action, *, now: datetime, actor: str
) -> Action:
    """Start the time in which undo is free."""
    until = now + timedelta(seconds=action.effect.hold_s)
    return await states.move(
        connection, company.ledger, action, State.HELD, now=now, actor=actor,
        hold_until=until, due_at=until, trouble="", hint="", late_since=None,
    )  # fmt: skip


async def file(
    connection: AsyncConnection,
    company: Company,
    changes: tuple[Change, ...],
    *,
    action_id: str,
    source: str,
    run: str,
    agent: str,
    rationale: str,
    path: str,
    now: datetime,
    compensates: str | None = None,
) -> Action:
    """Apply own records at once, as one action that is done in this same transaction.

    Raises:
        Stale: A record has moved on since the changes were thought of.
    """
    effect = FileRecords(changes=changes)
    key = derived_id("key", action_id, "1")
    await connection.execute(
        insert(tables.action).values(
            id=action_id,
            revision=1,
            source=source,
            run=run,
            agent=agent,
            kind=effect.kind,
            heading=effect.preview(),
            effect=canonical(effect).decode(),
            then="[]",
            rationale=rationale,
            path=path,
            cost_micro=0,
            state=State.DONE.value,
            version=1,
            digest=binding(effect, (), key, None),
            key=key,
            compensates=compensates,
            created_at=now,
            receipt=Receipt(outcome="filed", at=now).model_dump_json(),
        )
    )
    await states.enter(connection, company.ledger, action_id, 1, State.DONE, now=now, actor=agent)
    for change in changes:
        await revisions.apply(
            connection,
            company.ledger,
            (change,),
            now=now,
            author=change.author or agent,
            action=action_id,
            sources=(source,),
            rationale=rationale,
        )
    return await states.exact(connection, action_id, 1)


async def revise(
    connection: AsyncConnection,
    company: Company,
    old: Action,
    effect: Effect,
    *,
    now: datetime,
    actor: str,
) -> Action:
    """A new revision of an action; the old one is superseded and its buttons are dead.

    It starts as PROPOSED: the caller decides whether it waits or was asked for just now.
    """
    await states.move(
        connection, company.ledger, old, State.SUPERSEDED, now=now, actor=actor, due_at=None
    )
    revision = old.revision + 1
    expires_at = now + timedelta(days=company.config.policy.approval_days)
    key = derived_id("key", old.id, str(revision))
    await connection.execute(
        insert(tables.action).values(
            id=old.id,
            revision=revision,
            source=old.source,
            run=old.run,
            agent=old.agent,
            kind=effect.kind,
            heading=old.heading,
            effect=canonical(effect).decode(),
            then=json.dumps([one.model_dump(mode="json") for one in old.then]),
            rationale=old.rationale,
            path=old.path,
            cost_micro=old.cost_micro,
            state=State.PROPOSED.value,
            version=1,
            digest=binding(effect, old.then, key, expires_at),
            key=key,
            compensates=old.compensates,
            created_at=now,
            expires_at=expires_at,
        )
    )
    await states.enter(
        connection, company.ledger, old.id, revision, State.PROPOSED, now=now, actor=actor
    )
    return await states.exact(connection, old.id, revision)


async def judge(
    connection: AsyncConnection,
    company: Company,
    action: str,
    revision: int,
    verdicts: tuple[Verdict, ...],
    phase: str,
    now: datetime,
) -> None:
    """Keep what each guard said."""
    for verdict in verdicts:
        result = await connection.execute(
            insert(tables.verdict).values(
                action=action,
                revision=revision,
                phase=phase,
                guard=verdict.guard,
                level=verdict.level.value,
                reason=verdict.reason,
                at=now,
            )
        )
        key = result.inserted_primary_key
        await company.ledger.add(
            connection,
            "guard_spoke",
            at=now,
            actor=f"guard {verdict.guard}",
            subject=action,
            row=(tables.verdict, {"id": key[0] if key else None}),
            level=verdict.level.value,
        )


def binding(
    effect: Effect, then: tuple[Change, ...], key: str, expires_at: datetime | None
) -> str:
    """What an approval binds: everything that will happen and everything that was shown."""
    return digest(
        {
            "effect": effect.model_dump(mode="json"),
            "then": [one.model_dump(mode="json") for one in then],
            "key": key,
            "reversal": effect.reversal.value,
            "expires_at": expires_at.isoformat() if expires_at else None,
            "lines": [line.model_dump() for line in effect.facts()],
        }
    )
