"""How the card of many under one yes stands: exact counts, from the first to the last."""

from zoneinfo import ZoneInfo

from bot.adapter import Button
from bot.stop_cards import RESUME, SHOW, cancels
from memory.records.action import Action, State
from memory.records.decision import Verb
from memory.records.mail_many import MailMany
from memory.records.tally import Tally

_WHY = Button(label="Why?", verb=Verb.WHY)
_UNDO = Button(label="Undo", verb=Verb.UNDO)
_EDIT = Button(label="Edit", verb=Verb.EDIT)
_STOP = Button(label="Stop", verb=Verb.STOP)
_RETRY = Button(label="Try again", verb=Verb.RETRY)
_AFTER_ALL = Button(label="Send after all", verb=Verb.SEND)

Standing = tuple[str, tuple[Button, ...]]
"""How it stands, in words, and what may be pressed."""


def standing(action: Action, tally: Tally, zone: ZoneInfo, *, stopped: bool) -> Standing | None:
    """How the whole stands; None where it stands like any other action.

    Args:
        action: The whole.
        tally: How far its parts are.
        zone: The owner's zone, for times in words.
        stopped: Whether everything that goes out is held.
    """
    if action.state in (State.HELD, State.READY):
        return _under_way(action, tally, zone, stopped=stopped)
    if action.state is State.AWAITING and action.late_since is not None and tally.done:
        return _late(action, tally, zone)
    if action.state in (State.DONE, State.COMPENSATING, State.COMPENSATED):
        return _over(action, tally, zone)
    if action.state is State.CANCELLED:
        return f"{_counts(tally, 'held')} Taken back. Nothing left.", (_EDIT, _AFTER_ALL)
    if action.state is State.FAILED:
        return f"{_counts(tally, 'held')} {action.trouble}".strip(), (_RETRY, SHOW, _WHY)
    return None


def _under_way(action: Action, tally: Tally, zone: ZoneInfo, *, stopped: bool) -> Standing:
    if stopped:
        state = f"{_counts(tally, 'held')} Everything is stopped."
        return state, (RESUME, *cancels(tally.waiting), SHOW)
    if action.state is State.HELD and tally.waiting == tally.total:
        at = action.hold_until.astimezone(zone).strftime("%H:%M:%S") if action.hold_until else ""
        every = action.effect.pace_s if isinstance(action.effect, MailMany) else 0
        pace = f", one every {every} s" if every and tally.total > 1 else ""
        return f"The first of {tally.total} leaves at {at}{pace}.", (_UNDO, SHOW)
    # one that is leaving is not sent yet: a moment later its receipt says so
    to_go = tally.model_copy(update={"waiting": tally.waiting + tally.leaving, "leaving": 0})
    state = _counts(to_go, "to go")
    if tally.trouble:
        state = f"{state}\n{tally.trouble}"
    retry = (_RETRY,) if tally.trouble or tally.failed else ()
    return state, (_STOP, *retry, _UNDO, SHOW)


def _late(action: Action, tally: Tally, zone: ZoneInfo) -> Standing:
    at = action.late_since.astimezone(zone).strftime("%H:%M") if action.late_since else ""
    many = "1 mail" if tally.asking == 1 else f"{tally.asking} mails"
    state = (
        f"{tally.done} {'sent' if tally.sent else 'written'}. {many} more should have left from "
        f"{at} on. Nothing of that has."
    )
    return state, (
        Button(label="Send now", verb=Verb.SEND),
        Button(label="Don't send", verb=Verb.REJECT),
        SHOW,
    )


def _over(action: Action, tally: Tally, zone: ZoneInfo) -> Standing:
    at = f" {tally.last_at.astimezone(zone):%H:%M}" if tally.last_at else ""
    said = _counts(tally, "held").rstrip(".")
    if tally.done == tally.total:
        said = f"{said}{at}"
    elif at:
        said = f"{said}. The last left at{at}" if tally.sent else said
    if action.state is State.COMPENSATING:
        return f"{said}. You took it back; a correction waits for you below.", (_WHY,)
    if action.state is State.COMPENSATED:
        return f"{said}. Corrected since." if tally.sent else f"{said}. Put away.", (_WHY,)
    retry = (_RETRY,) if tally.failed else ()
    if tally.written:
        said = f"{said}. I have no mail account yet, so nothing left the house"
        connect = Button(label="Connect mail", verb=Verb.CONNECT)
        return f"{said}.", (connect, _UNDO, SHOW, _WHY)
    return f"{said}.", (*retry, _UNDO, SHOW, _WHY)


def _counts(tally: Tally, waiting: str) -> str:
    """The counts from the first on: what has not begun is none sent."""
    said = tally.text(waiting)
    none = "" if tally.done else "0 sent, "
    return f"{none}{said}." if said else "0 sent."
