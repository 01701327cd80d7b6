"""What a typed word means without a reply: the one card it can be about, else a question which."""

from bot.cards import title_of
from jobs.outbox import Outbox
from memory.errors import Refused
from memory.records.action import State
from memory.records.decision import Verb
from memory.records.intent import Intent
from memory.records.notice import Shown
from memory.records.proposal import Choice

DECIDES = "decide"
"""Kind of the choices that say which card a typed decision meant."""
_RECENT = 50
"""How many of the newest notices a word like "undo" can mean."""

_WAITING = (State.AWAITING,)
_MEANS: dict[Verb, tuple[State, ...]] = {
    Verb.APPROVE: _WAITING,
    Verb.REJECT: _WAITING,
    Verb.TAKE: _WAITING,
    Verb.SENT: (State.UNKNOWN,),
}
"""What a word without a reply can mean: the only action in these states."""
_MEANS_LATEST: dict[Verb, tuple[State, ...]] = {
    Verb.SEND: (State.AWAITING, State.CANCELLED, State.EXPIRED),
    Verb.RETRY: (State.RETRY_WAIT, State.FAILED),
    # what is leaving or in doubt is the last thing too: to take back an older one is worse
    Verb.UNDO: (
        *(State.APPROVED, State.HELD, State.READY, State.CLAIMED, State.COMMITTING),
        *(State.RETRY_WAIT, State.UNKNOWN, State.DONE, State.COMPENSATING),
    ),
    Verb.WHY: tuple(State),
}
"""What else it can mean: the action in these states that moved last."""


async def of(outbox: Outbox, verb: Verb) -> tuple[Shown, ...]:
    """What a word can mean, newest notice of each."""
    if verb in _MEANS:
        found = [
            await outbox.shown_for_action(action.id)
            for state in _MEANS[verb]
            for action in await outbox.actions(state)
        ]
        return tuple(one for one in found if one is not None)
    recent = [
        one
        for one in await outbox.all_shown(last=_RECENT)
        if one.action
        and one.action.revision == one.latest
        and one.action.state in _MEANS_LATEST[verb]
    ]
    return (max(recent, key=lambda one: one.notice.stamp),) if recent else ()


def choice(one: Shown, verb: Verb) -> Choice:
    """A button for one of the cards that a word may have meant, bound to what it shows."""
    action = one.action
    if action is None:
        raise Refused("There is nothing to decide about this one.")
    slots = {
        "notice": one.notice.id,
        "verb": verb.value,
        "revision": str(action.revision),
        "digest": action.digest,
    }
    return Choice(label=title_of(action), intent=Intent(kind=DECIDES, slots=slots))
