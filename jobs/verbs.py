"""What each of the owner's verbs does to an action."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from jobs import actions, consequences, evidence, groups, notices, reversal, states
from jobs.standing import already
from memory.company import Company
from memory.errors import Refused, Stale
from memory.records.action import Action, State
from memory.records.decision import Decision, Outcome, Verb
from memory.records.effect import Effect
from memory.records.notice import Notice
from memory.records.receipt import Receipt


@dataclass(frozen=True)
class Press:
    """One decision about one action, in the transaction that carries it out."""

    connection: AsyncConnection
    company: Company
    decision: Decision
    notice: Notice
    action: Action
    """The newest revision, which is the one the owner saw."""
    now: datetime

    @property
    def actor(self) -> str:
        """Door and person, for example "telegram 111"."""
        return f"{self.decision.door} {self.decision.actor}"

    def with_effect(self, effect: Effect) -> "Press":
        """The same decision about an action that does this instead."""
        return replace(self, action=self.action.model_copy(update={"effect": effect}))

    def too_late(self) -> Stale:
        """What to raise when the action is no longer where the verb needs it."""
        return Stale(already(self.action, self.company.zone))

    async def move(self, to: State, **fields: object) -> Action:
        """Move the action, as the owner.

        Raises:
            Stale: Somebody else moved it first.
        """
        return await states.move(
            self.connection, self.company.ledger, self.action, to, now=self.now, actor=self.actor,
            **fields,
        )  # fmt: skip


async def _approve(press: Press) -> Outcome:
    action = press.action
    if action.state is not State.AWAITING:
        raise press.too_late()
    if action.expires_at is not None and press.now >= action.expires_at:
        raise Stale("That card is too old to act on; nothing was sent.")
    return await let_go(press, action)


async def _send(press: Press) -> Outcome:
    """Send after all: a cancelled one, a late one, or one more time after doubt."""
    action = press.action
    if action.state is State.AWAITING:
        return await _approve(press)
    if action.state not in (State.CANCELLED, State.UNKNOWN, State.EXPIRED, State.FAILED):
        raise press.too_late()
    fresh = await actions.revise(
        press.connection, press.company, action, action.effect, now=press.now, actor=press.actor
    )
    await notices.point_at(press.connection, press.notice.id, fresh.revision)
    return await let_go(press, fresh)


async def _edit(press: Press) -> Outcome:
    action, text = press.action, press.decision.text
    if action.state not in (State.AWAITING, State.CANCELLED, State.EXPIRED):
        raise press.too_late()
    if not text.strip():
        raise Refused("Reply to the card with the new text, and I show it to you before it goes.")
    fresh = await actions.revise(
        press.connection,
        press.company,
        action,
        action.effect.edited(text),
        now=press.now,
        actor=press.actor,
    )
    made = await notices.tell(
        press.connection,
        press.company,
        now=press.now,
        kind="card",
        text="Your text, as you wrote it.",
        action=fresh.id,
        revision=fresh.revision,
        source=action.source,
    )
    return outcome(fresh, "Changed. Here is the new text.", notice=made)


async def _reject(press: Press) -> Outcome:
    action = press.action
    if action.state is State.UNKNOWN:
        return await _close(press)
    if action.state in (State.HELD, State.READY, State.RETRY_WAIT):
        return await _undo(press)
    if action.state is not State.AWAITING:
        raise press.too_late()
    action = await press.move(State.REJECTED, due_at=None)
    if action.compensates:
        await consequences.left_alone(
            press.connection, press.company, action.compensates, press.now, press.actor
        )
        return outcome(action, "Left as it is. Nothing more was sent.")
    return outcome(action, "Put away. Nothing was sent.")


async def _take(press: Press) -> Outcome:
    if press.action.state is not State.AWAITING:
        raise press.too_late()
    action = await press.move(State.TAKEN, due_at=None)
    return outcome(action, "Yours now. I keep my hands off it.")


async def _undo(press: Press) -> Outcome:
    undone = await reversal.undo(
        press.connection, press.company, press.action, now=press.now, actor=press.actor
    )
    return outcome(undone.action, undone.text, notice=undone.notice)


async def _undo_one(press: Press) -> Outcome:
    undone = await reversal.undo_one(
        press.connection,
        press.company,
        press.action,
        press.decision.choice or 0,
        now=press.now,
        actor=press.actor,
    )
    return outcome(undone.action, undone.text)


async def _sent(press: Press) -> Outcome:
    """The owner's own word that it left: after doubt, or sent by hand."""
    action = press.action
    written = action.state is State.DONE and action.receipt and action.receipt.outcome == "written"
    if action.state is not State.UNKNOWN and not written:
        raise press.too_late()
    receipt = Receipt(outcome="owner_sent", at=press.now, answer="the owner said so")
    action = await press.move(
        State.DONE, receipt=receipt.model_dump_json(), due_at=None, trouble="", hint=""
    )
    await consequences.settle(press.connection, press.company, action, press.now, actor=press.actor)
    return outcome(action, "Noted: it was sent.")


async def _close(press: Press) -> Outcome:
    """Leave a doubt as it is; anything else that has not left yet is taken back."""
    if press.action.state is not State.UNKNOWN:
        return await _undo(press)
    action = await press.move(
        State.FAILED,
        due_at=None,
        trouble="You closed it; whether it left was never settled.",
        hint="",
    )
    return outcome(action, "Closed. I do nothing more about it.")


async def _retry(press: Press) -> Outcome:
    if press.action.state not in (State.RETRY_WAIT, State.FAILED):
        raise press.too_late()
    proved = press.action.trouble.startswith(evidence.NOT_THERE)
    if not proved and await states.was_in_doubt(press.connection, press.action):
        raise Refused("It may have left that time, so I don't try again by myself.")
    action = await press.move(State.READY, due_at=press.now, trouble="", hint="")
    return outcome(action, "Trying again.")


async def let_go(press: Press, action: Action) -> Outcome:
    """The owner's yes to exactly this revision: the hold begins."""
    connection, company = press.connection, press.company
    action = await states.move(
        connection, company.ledger, action, State.APPROVED, now=press.now, actor=press.actor,
        approved_by=press.actor, approved_at=press.now, approved_digest=action.digest,
    )  # fmt: skip
    action = await groups.hold(connection, company, action, now=press.now, actor=press.actor)
    if action.effect.hold_s == 0 or action.hold_until is None:
        return outcome(action, "On its way.")
    return outcome(action, f"Leaves at {action.hold_until.astimezone(company.zone):%H:%M:%S}.")


def outcome(action: Action, text: str, *, notice: str | None = None) -> Outcome:
    """What became of a decision that was carried out."""
    return Outcome(
        accepted=True, text=text, action=action.id, state=action.state.value, notice=notice
    )


ACTS: dict[Verb, Callable[[Press], Awaitable[Outcome]]] = {
    Verb.APPROVE: _approve,
    Verb.SEND: _send,
    Verb.EDIT: _edit,
    Verb.REJECT: _reject,
    Verb.TAKE: _take,
    Verb.UNDO: _undo,
    Verb.UNDO_ONE: _undo_one,
    Verb.SENT: _sent,
    Verb.CANCEL: _close,
    Verb.RETRY: _retry,
}
"""What the owner may decide about an action, and what it does."""
