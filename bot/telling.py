"""What a press that only asks is told: why, the text, how to fix it, how to connect."""

from bot.adapter import shown
from memory import explain, parts
from memory.company import Company
from memory.errors import Refused
from memory.records.action import Action, State
from memory.records.decision import Decision, Verb
from memory.records.notice import Shown

_CONNECT = (
    "On the computer where I run, type steward link and open what it prints. Mail is under Menu, "
    "then Settings; I try the account there before I keep it."
)
_NO_BETTER_STEP = "I know no better step than to try again, or to copy the text and send it."


def only_asks(decision: Decision) -> bool:
    """Whether a decision decides nothing: it wants to be told something."""
    lists = decision.verb is Verb.UNDO_ONE and decision.choice is None
    return lists or decision.verb in (Verb.WHY, Verb.SHOW, Verb.COPY, Verb.CONNECT)


async def told(company: Company, about: Shown, verb: Verb) -> str:
    """The answer to a decision that only asks.

    Raises:
        Refused: There is nothing to tell about it.
    """
    if verb is Verb.CONNECT:
        return _CONNECT
    action = about.action
    if verb is Verb.SHOW and (about.standstill is not None or about.tally is not None):
        async with company.store.read() as connection:
            return "\n".join(await parts.lines(connection, action))
    if action is None:
        raise Refused("There is nothing more to tell about this one.")
    if verb is Verb.WHY:
        async with company.store.read() as connection:
            return "\n".join(await explain.why(connection, action.id, company.zone))
    if verb is Verb.UNDO_ONE:
        return _numbered(action)
    return _text_of(action) if verb is Verb.COPY else _more_about(action)


def _numbered(action: Action) -> str:
    lines = [
        f"{number}. {line.label}: {line.value}"
        for number, line in enumerate(action.effect.facts(), start=1)
    ]
    return "\n".join(["Reply to the filing with a number, and I take back just that:", *lines])


def _text_of(action: Action) -> str:
    """The text alone, to be copied."""
    texts = [line.value for line in action.effect.facts() if line.label == "Text"]
    return "\n".join(texts) or action.effect.preview()


def _more_about(action: Action) -> str:
    """How to fix what went wrong; for anything else all of what will be used."""
    if action.state in (State.RETRY_WAIT, State.FAILED):
        return action.hint or _NO_BETTER_STEP
    return "\n".join(shown(line.label, line.value) for line in action.effect.facts())
