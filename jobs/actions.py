"""Making actions: a suggestion, a new revision of one, and own records filed at once."""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from jobs import safe_mode, states
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


@dataclass(frozen=True)
class Origin:
    """Where an action comes from."""

    source: str
    """Id of the Source it is about."""
    run: str
    agent: str
    """agent@version that thought of it."""
    path: str
    """Who read and wrote it, for example "rules"."""
    cost_micro: int = 0
    """What thinking of it cost, in millionths of the budget's currency."""
    compensates: str | None = None
    """Id of the action that it answers."""
    part_of: str | None = None
    """Id of the action that it is one part of."""
    part_revision: int | None = None

    @classmethod
    def of(cls, action: Action, *, compensates: str | None = None) -> "Origin":
        """The origin of an action that follows from another one."""
        return cls(
            source=action.source,
            run=action.run,
            agent=action.agent,
            path=action.path,
            cost_micro=action.cost_micro,
            compensates=compensates,
        )


async def propose(
    connection: AsyncConnection,
    company: Company,
    suggestion: Suggestion,
    verdicts: tuple[Verdict, ...],
    *,
    action_id: str,
    origin: Origin,
    now: datetime,
) -> Action:
    """Write a suggestion as an action and let the guards' strictest verdict place it."""
    action = await _begin(connection, company, action_id, 1, suggestion, origin, now, origin.agent)
    await judge(connection, company, action, verdicts, "propose", now)
    verdict = strictest(verdicts)
    if verdict.level is Level.REFUSE:
        return await states.move(
            connection, company.ledger, action, State.REFUSED, now=now, actor="guards",
            trouble=verdict.reason,
        )  # fmt: skip
    waits = suggestion.effect.external and await safe_mode.is_on(connection)
    if verdict.level is Level.ALLOW and not waits:
        action = await states.move(
            connection, company.ledger, action, State.APPROVED, now=now, actor="guards",
            approved_by="a rule", approved_at=now, approved_digest=action.digest,
        )  # fmt: skip
        return await hold(connection, company, action, now=now, actor="guards")
    return await states.move(
        connection, company.ledger, action, State.AWAITING, now=now, actor="guards",
        due_at=action.expires_at,
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
    origin: Origin,
    rationale: str,
    now: datetime,
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
            source=origin.source,
            run=origin.run,
            agent=origin.agent,
            kind=effect.kind,
            heading=effect.preview(),
            effect=canonical(effect).decode(),
            then="[]",
            rationale=rationale,
            path=origin.path,
            cost_micro=origin.cost_micro,
            state=State.DONE.value,
            version=1,
            digest=binding(effect, (), key, None),
            key=key,
            compensates=origin.compensates,
            created_at=now,
            receipt=Receipt(outcome="filed", at=now).model_dump_json(),
        )
    )
    await states.enter(
        connection, company.ledger, action_id, 1, State.DONE, now=now, actor=origin.agent
    )
    for change in changes:
        await revisions.apply(
            connection,
            company.ledger,
            (change,),
            now=now,
            author=change.author or origin.agent,
            action=action_id,
            sources=(origin.source,),
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
    """A new revision of an action, waiting for the owner; the old one's buttons are dead.

    The reason for a text stays with that text: whoever wrote another one needs none.
    """
    await states.move(
        connection, company.ledger, old, State.SUPERSEDED, now=now, actor=actor, due_at=None
    )
    rationale = old.rationale if effect == old.effect else ""
    suggestion = Suggestion(effect=effect, heading=old.heading, rationale=rationale, then=old.then)
    origin = replace(
        Origin.of(old, compensates=old.compensates),
        part_of=old.part_of,
        part_revision=old.part_revision,
    )
    fresh = await _begin(
        connection, company, old.id, old.revision + 1, suggestion, origin, now, actor
    )
    return await states.move(
        connection, company.ledger, fresh, State.AWAITING, now=now, actor="guards",
        due_at=fresh.expires_at,
    )  # fmt: skip


async def judge(
    connection: AsyncConnection,
    company: Company,
    action: Action,
    verdicts: tuple[Verdict, ...],
    phase: str,
    now: datetime,
) -> None:
    """Keep what each guard said."""
    for verdict in verdicts:
        result = await connection.execute(
            insert(tables.verdict).values(
                action=action.id,
                revision=action.revision,
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
            subject=action.id,
            row=(tables.verdict, {"id": key[0] if key else None}),
            level=verdict.level.value,
        )


def binding(effect: Effect, then: tuple[Change, ...], key: str, expires_at: datetime | None) -> str:
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


async def _begin(
    connection: AsyncConnection,
    company: Company,
    action_id: str,
    revision: int,
    suggestion: Suggestion,
    origin: Origin,
    now: datetime,
    actor: str,
) -> Action:
    """Write a revision down as proposed."""
    effect, then = suggestion.effect, suggestion.then
    expires_at = now + timedelta(days=company.config.policy.approval_days)
    key = derived_id("key", action_id, str(revision))
    await connection.execute(
        insert(tables.action).values(
            id=action_id,
            revision=revision,
            source=origin.source,
            run=origin.run,
            agent=origin.agent,
            kind=effect.kind,
            heading=suggestion.heading,
            effect=canonical(effect).decode(),
            then=json.dumps([one.model_dump(mode="json") for one in then]),
            rationale=suggestion.rationale,
            path=origin.path,
            cost_micro=origin.cost_micro,
            state=State.PROPOSED.value,
            version=1,
            digest=binding(effect, then, key, expires_at),
            key=key,
            compensates=origin.compensates,
            created_at=now,
            expires_at=expires_at,
            part_of=origin.part_of,
            part_revision=origin.part_revision,
        )
    )
    await states.enter(
        connection, company.ledger, action_id, revision, State.PROPOSED, now=now, actor=actor
    )
    return await states.exact(connection, action_id, revision)
