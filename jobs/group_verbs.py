"""What the owner's verbs do to an action with parts, where that differs from any other."""

from collections.abc import Awaitable, Callable

from jobs import actions, groups, notices, states, verbs
from jobs.verbs import Press, outcome
from memory.errors import Refused, Stale
from memory.records.action import State
from memory.records.decision import Outcome, Verb
from memory.records.mail_many import MailMany

_TAKES_BACK = (State.HELD, State.READY, State.DONE)


async def _undo(press: Press) -> Outcome:
    if press.action.state not in _TAKES_BACK:
        return await verbs.ACTS[Verb.UNDO](press)
    undone = await groups.undo(
        press.connection, press.company, press.action, now=press.now, actor=press.actor
    )
    return outcome(undone.action, undone.text, notice=undone.notice)


async def _cancel(press: Press) -> Outcome:
    """Cancel exactly those that have not left, and leave the others as they are."""
    action = press.action
    cancelled = await groups.cancel(
        press.connection, press.company, action, now=press.now, actor=press.actor
    )
    if not cancelled:
        raise Stale("There is nothing left to cancel; what was to leave has left.")
    now = await states.exact(press.connection, action.id, action.revision)
    return outcome(now, f"{cancelled} cancelled.")


async def _send(press: Press) -> Outcome:
    """Send after all, to everybody it has not reached by any version of it."""
    action = press.action
    if action.state is State.AWAITING:
        return await verbs.ACTS[Verb.APPROVE](press)
    if action.state not in (State.CANCELLED, State.EXPIRED, State.FAILED):
        raise press.too_late()
    effect = await groups.remaining(press.connection, action)
    fresh = await actions.revise(
        press.connection, press.company, action, effect, now=press.now, actor=press.actor
    )
    await notices.point_at(press.connection, press.notice.id, fresh.revision)
    return await verbs.let_go(press, fresh)


async def _edit(press: Press) -> Outcome:
    """Other words, to everybody it has not reached yet."""
    action = press.action
    if action.state in (State.AWAITING, State.CANCELLED, State.EXPIRED):
        effect = await groups.remaining(press.connection, action)
        press = press.with_effect(effect)
    return await verbs.ACTS[Verb.EDIT](press)


async def _reject(press: Press) -> Outcome:
    """No to a whole whose parts ask again: what has left stays as it is."""
    late = press.action.state is State.AWAITING and await groups.parts(
        press.connection, press.action
    )
    if not late:
        if press.action.state in (State.HELD, State.READY):
            return await _undo(press)
        return await verbs.ACTS[Verb.REJECT](press)
    await groups.cancel(
        press.connection, press.company, press.action, now=press.now, actor=press.actor
    )
    now = await states.exact(press.connection, press.action.id, press.action.revision)
    return outcome(now, "Put away. Nothing more is sent.")


async def _retry(press: Press) -> Outcome:
    """Try every part again that waits for another try, or was refused without doubt."""
    tried = 0
    for one in await groups.parts(press.connection, press.action, State.RETRY_WAIT, State.FAILED):
        if await states.was_in_doubt(press.connection, one):
            continue
        await states.move(
            press.connection, press.company.ledger, one, State.READY, now=press.now,
            actor=press.actor, due_at=press.now, trouble="", hint="",
        )  # fmt: skip
        tried += 1
    if not tried:
        raise Refused("There is nothing to try again.")
    if press.action.state is State.FAILED:
        await press.move(State.READY, due_at=None, trouble="", hint="")
    return outcome(press.action, "Trying again.")


ACTS: dict[Verb, Callable[[Press], Awaitable[Outcome]]] = {
    Verb.UNDO: _undo,
    Verb.CANCEL: _cancel,
    Verb.SEND: _send,
    Verb.EDIT: _edit,
    Verb.REJECT: _reject,
    Verb.RETRY: _retry,
}
"""What takes the place of the act for any other action."""


def act_for(press: Press) -> Callable[[Press], Awaitable[Outcome]] | None:
    """What a verb does to the action of a press; None when it does nothing."""
    verb = press.decision.verb
    if isinstance(press.action.effect, MailMany) and verb in ACTS:
        return ACTS[verb]
    return verbs.ACTS.get(verb)
