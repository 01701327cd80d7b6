"""Notice to Card: frame, states and buttons. Facts are the effect's own lines, not worded here."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import group_cards, stop_cards
from bot.adapter import Button, Card
from memory.records.action import FROM_A_COPY, Action, State
from memory.records.calendar_add import CalendarAdd
from memory.records.decision import Verb
from memory.records.effect import Reversal
from memory.records.file_records import FileRecords
from memory.records.mail_many import MailMany
from memory.records.mail_send import MailSend
from memory.records.notice import Shown
from memory.when import say_length

_WHY = Button(label="Why?", verb=Verb.WHY)
_UNDO = Button(label="Undo", verb=Verb.UNDO)
_EDIT = Button(label="Edit", verb=Verb.EDIT)
_COPY = Button(label="Copy text", verb=Verb.COPY)
_RETRY = Button(label="Try again", verb=Verb.RETRY)
_HOW = Button(label="How to fix", verb=Verb.SHOW)
_AFTER_ALL = Button(label="Send after all", verb=Verb.SEND)

_BACK = "I'm back."
"""How a card begins that tells of an absence too; then the mail is named further down."""
_NEW_TEXT = "Write the new text"
_ON_ITS_WAY = (State.APPROVED, State.HELD, State.READY, State.CLAIMED)
_EDITABLE = (State.CANCELLED, State.EXPIRED)
_NOT_SURE = ("You closed it", "It was done without")
"""How a failure begins that is no proof of nothing having left."""


def render(shown: Shown, *, zone: ZoneInfo, data: Path, stopped: bool) -> Card:
    """The card of a notice as it stands now.

    Args:
        shown: The notice with what it is about.
        zone: The owner's time zone.
        data: The data folder, where files to hand over lie.
        stopped: Whether everything that goes out is held.
    """
    notice = shown.notice
    plain = Card(
        notice=notice.id,
        seq=notice.seq,
        says=notice.text,
        file=data / notice.file if notice.file else None,
        rings=notice.rings,
        at=notice.created_at,
    )
    if shown.standstill is not None:
        return stop_cards.lay_out(plain, shown, stopped=stopped)
    if notice.question is not None:
        return _question(plain, shown)
    if shown.action is None:
        return plain
    if isinstance(shown.action.effect, FileRecords):
        return _filing(plain, shown.action)
    return _card(plain, shown, shown.action, zone, data, stopped=stopped)


def title_of(action: Action) -> str:
    """What an action is called where the owner reads of it."""
    effect = action.effect
    if action.compensates and isinstance(effect, MailSend):
        return f"Correction to {effect.to[0].name or effect.to[0].email}"
    if action.compensates and isinstance(effect, MailMany):
        return f"Correction to {len(effect.mails)} of {effect.group}"
    if action.compensates and isinstance(effect, CalendarAdd):
        return f"Out of the calendar: {effect.what}"
    return action.heading


def foot(action: Action) -> str:
    """One line in words on undo and cost."""
    return f"{_undo_in_words(action)} Cost: {cost(action)}."


def cost(action: Action) -> str:
    """What thinking about it cost, in words."""
    if action.cost_micro == 0:
        return "nothing"
    cents = action.cost_micro / 10_000
    return f"{cents:.1f} cents" if cents >= 0.1 else "less than 0.1 cents"


def _question(card: Card, shown: Shown) -> Card:
    question = shown.notice.question
    if question is None:
        return card
    if shown.notice.answered:
        skipped = shown.notice.answered == "Skipped"
        # words of the owner's own stand in the chat already; a choice does not
        said = f"Answered: {shown.notice.answered}" if question.choices else "Answered."
        state = "Skipped." if skipped else said
        return card.model_copy(update={"state": state})
    buttons = [
        Button(label=one.label, verb=Verb.CHOOSE, choice=index)
        for index, one in enumerate(question.choices)
    ]
    if question.asks:
        buttons.append(Button(label=question.button or "Type the answer", verb=Verb.EDIT))
    if question.may_skip:
        buttons.append(Button(label="Skip", verb=Verb.SKIP))
    return card.model_copy(update={"buttons": tuple(buttons), "invites": question.button})


def _filing(card: Card, action: Action) -> Card:
    """Own records: one quiet line with Undo."""
    changes = action.effect.changes if isinstance(action.effect, FileRecords) else ()
    if action.state is not State.DONE:
        return card.model_copy(update={"state": "Taken back.", "buttons": (_WHY,)})
    buttons = [_UNDO]
    if len(changes) > 1:
        buttons = [
            Button(label="Undo all", verb=Verb.UNDO),
            Button(label="Undo one", verb=Verb.UNDO_ONE),
        ]
    return card.model_copy(update={"buttons": (*buttons, _WHY)})


def _card(
    card: Card, shown: Shown, action: Action, zone: ZoneInfo, data: Path, *, stopped: bool
) -> Card:
    card = card.model_copy(
        update={
            "title": title_of(action),
            "facts": tuple((line.label, line.value) for line in action.effect.facts()),
            "says": _says(shown, action),
        }
    )
    if action.revision != shown.latest:
        state = "Replaced by the newer text below."
        return card.model_copy(update={"state": state, "buttons": (_WHY,)})
    if shown.outdone:
        return card.model_copy(update={"state": "Please look at the newer card below."})
    whole = None
    if shown.tally is not None:
        whole = group_cards.standing(action, shown.tally, zone, stopped=stopped)
    if whole is not None:
        invites = _NEW_TEXT if action.state in _EDITABLE else ""
        return card.model_copy(update={"state": whole[0], "buttons": whole[1], "invites": invites})
    if shown.again and action.state not in (State.AWAITING, *_EDITABLE):
        # what has come of it is all that is new; the card above has the rest
        card = card.model_copy(update={"facts": (), "says": ""})
    if action.state is State.AWAITING and action.late_since is not None:
        return _late(card, action, action.late_since, zone)
    if action.state is State.AWAITING:
        return _awaiting(card, action)
    state, buttons = _settled(action, zone, stopped=stopped)
    written = action.state is State.DONE and _outcome(action) == "written"
    return card.model_copy(
        update={
            "state": state,
            "buttons": buttons,
            "copy_text": action.effect.body
            if written and isinstance(action.effect, MailSend)
            else "",
            "file": data / action.receipt.path
            if action.receipt and action.receipt.path and action.kind != "mail.send"
            else card.file,
            "invites": _NEW_TEXT if action.state in _EDITABLE else "",
        }
    )


def _says(shown: Shown, action: Action) -> str:
    """What there is to tell, and why; what tells its own reason needs no second one."""
    asks_again = action.state is State.AWAITING and action.late_since is not None
    if shown.notice.text and (action.compensates or asks_again):
        return shown.notice.text
    why = f"Why: {_ended(action.rationale)}" if action.rationale else ""
    return "\n".join(part for part in (shown.notice.text, why) if part)


def _awaiting(card: Card, action: Action) -> Card:
    if action.compensates:
        buttons = (
            Button(label="Send" if action.effect.external else "Approve", verb=Verb.APPROVE),
            _EDIT,
            Button(label="Leave it", verb=Verb.REJECT),
        )
    else:
        approve = "Approve text" if _only_written(action) else "Approve"
        buttons = (
            Button(label=approve, verb=Verb.APPROVE),
            _EDIT,
            Button(label="No", verb=Verb.REJECT),
            _WHY,
        )
    if not isinstance(action.effect, MailSend | MailMany):
        buttons = tuple(one for one in buttons if one is not _EDIT)
    invites = _NEW_TEXT if _EDIT in buttons else ""
    return card.model_copy(update={"buttons": buttons, "foot": foot(action), "invites": invites})


def _late(card: Card, action: Action, planned: datetime, zone: ZoneInfo) -> Card:
    """It should have left while nobody worked, and asks again.

    The card that tells of it is short: the one that was approved shows the text, and so does Show.
    """
    verb = "been written" if _only_written(action) else "left"
    state = f"{_thing(action)} should have {verb} at {_clock(planned, zone)}. It has not."
    asks_again = card.at > planned
    return card.model_copy(
        update={
            "title": "" if asks_again and card.says.startswith(_BACK) else card.title,
            "facts": () if asks_again else card.facts,
            "state": state,
            "buttons": (
                Button(label="Send now", verb=Verb.SEND),
                Button(label="Don't send", verb=Verb.REJECT),
                Button(label="Show", verb=Verb.SHOW),
            ),
            "invites": _NEW_TEXT,
        }
    )


def _undo_in_words(action: Action) -> str:
    if _only_written(action):
        return "Nothing leaves: I have no mail account yet, so I only write it."
    hold_s = action.effect.hold_s
    hold = say_length(timedelta(seconds=hold_s))
    free = f"Undo is free for {hold}, then" if hold_s else "Once it has left,"
    return {
        Reversal.EXACT: "Undo restores everything exactly.",
        Reversal.HOLD: f"{free} I can only send a correction.",
        Reversal.PROVIDER: "Undo takes it out again.",
        Reversal.COUNTER: "Undo can only send a second one that answers it.",
        Reversal.NONE: "This can't be taken back.",
    }[action.effect.reversal]


def _settled(action: Action, zone: ZoneInfo, *, stopped: bool) -> tuple[str, tuple[Button, ...]]:
    """How it stands, in words, and what may be pressed."""
    state = action.state
    if state is State.HELD and action.trouble and not stopped:
        return action.trouble, (_UNDO, _WHY)
    if state in _ON_ITS_WAY and stopped:
        return "Everything is stopped. This waits; nothing was sent.", (_UNDO,)
    if state in _ON_ITS_WAY:
        at = _clock(action.hold_until, zone, seconds=True)
        return (f"Leaves at {at}." if _leaves(action) else "Writing it."), (_UNDO,)
    if state is State.COMMITTING:
        return ("Leaving now." if _leaves(action) else "Writing it."), (_WHY,)
    if state is State.RETRY_WAIT:
        return _waits(action)
    if state is State.UNKNOWN:
        return _doubt(action, zone)
    if state is State.DONE:
        return _done(action, zone)
    if state is State.FAILED:
        return _failed(action)
    if state is State.CANCELLED:
        return "Taken back. Nothing left.", (_EDIT, _AFTER_ALL)
    if state in (State.COMPENSATING, State.COMPENSATED):
        return _taken_back(action, zone), (_WHY,)
    sent = " Nothing was sent." if action.effect.external else ""
    if state is State.EXPIRED:
        late = f"It waited too long for your word, so I put it away.{sent}"
        return late, (_AFTER_ALL, _WHY)
    words = {
        State.REFUSED: f"Not done: {_ended(action.trouble)}",
        State.REJECTED: f"Put away.{sent}",
        State.TAKEN: "Yours. I keep my hands off it.",
        State.SUPERSEDED: "Replaced by the newer text below.",
    }
    return words.get(state, ""), (_WHY,)


def _waits(action: Action) -> tuple[str, tuple[Button, ...]]:
    """It was tried and comes again. The first line of the way out is on the card itself."""
    first, _, _ = action.hint.partition(". ")
    said = " ".join(_ended(one) for one in (action.trouble, first) if one)
    nothing = "nothing was sent" if _leaves(action) else "nothing was written"
    waits = f"{_thing(action)} waits" + ("." if nothing in said else f"; {nothing}.")
    buttons = (_RETRY, _HOW, _COPY, _UNDO) if action.hint else (_RETRY, _COPY, _UNDO)
    return f"{said}\n{waits}", buttons


def _failed(action: Action) -> tuple[str, tuple[Button, ...]]:
    if action.trouble.startswith(_NOT_SURE):
        return action.trouble, (_COPY, _WHY)
    what = "Not sent" if _leaves(action) else "Not done"
    buttons = (_RETRY, _HOW, _COPY, _WHY) if action.hint else (_RETRY, _COPY, _WHY)
    return f"{what}. {action.trouble}", buttons


def _done(action: Action, zone: ZoneInfo) -> tuple[str, tuple[Button, ...]]:
    receipt = action.receipt
    if receipt is None:
        return "", (_WHY,)
    at = _clock(receipt.at, zone)
    closed = [f'"{one.title}" is done.' for one in action.then if one.kind == "task"]
    after = f" {' '.join(closed)}" if closed else ""
    if receipt.outcome == "sent":
        return f"Sent {at}. Your mail server took it.{after}", (_UNDO, _WHY)
    if receipt.outcome == "owner_sent":
        return f"Sent by you, noted {at}.{after}", (_UNDO, _WHY)
    if receipt.outcome == "written":
        return (
            "Written, not sent: I have no mail account yet, so nothing left the house. "
            "The text is below, tap to copy.",
            (
                Button(label="Connect mail", verb=Verb.CONNECT),
                Button(label="I sent it myself", verb=Verb.SENT),
                _UNDO,
                _WHY,
            ),
        )
    if receipt.outcome == "created" and _removes(action):
        return "Here is the file; tap it, and it is out of your calendar.", (_UNDO, _WHY)
    if receipt.outcome == "created":
        return "Here is the file; tap it to open your calendar.", (_UNDO, _WHY)
    return f"Done {at}.", (_UNDO, _WHY)


def _taken_back(action: Action, zone: ZoneInfo) -> str:
    """It was done, and is being answered or has been."""
    outcome = _outcome(action)
    corrected = action.state is State.COMPENSATED
    if outcome == "written":
        return "Put away. Nothing had left."
    if outcome == "created":
        back = "back in" if _removes(action) else "out of"
        return f"Taken back. Tap the newer file, and it is {back} your calendar too."
    sent = _clock(action.receipt.at if action.receipt else None, zone)
    if corrected:
        return f"Sent {sent}, and corrected since."
    return f"Sent {sent}. You took it back; a correction waits for you below."


def _doubt(action: Action, zone: ZoneInfo) -> tuple[str, tuple[Button, ...]]:
    """The one state nobody may guess about."""
    at = _clock(action.hold_until or action.approved_at, zone)
    to, subject = "them", action.heading
    if isinstance(action.effect, MailSend):
        to = action.effect.to[0].name or action.effect.to[0].email
        subject = action.effect.subject
    if action.trouble.startswith(FROM_A_COPY):
        return (
            f"{action.trouble} I can't tell if this has left since, so I won't send it by myself."
            f'\nPlease look in Sent for "{subject}".',
            (
                Button(label="It was sent", verb=Verb.SENT),
                Button(label="Send", verb=Verb.SEND),
                Button(label="Cancel", verb=Verb.CANCEL),
            ),
        )
    cause = "The power went" if "power" in action.trouble else "The connection broke"
    return (
        f"{cause} at {at} while I was sending to {to}. I can't tell if it left, so I won't "
        f'send it again by myself.\nPlease look in Sent for "{subject}".',
        (
            Button(label="It was sent", verb=Verb.SENT),
            Button(label="Send again", verb=Verb.SEND),
            Button(label="Cancel", verb=Verb.CANCEL),
        ),
    )


def _thing(action: Action) -> str:
    """The action as the owner calls it."""
    if isinstance(action.effect, MailSend):
        first = action.effect.to[0]
        more = f" and {len(action.effect.to) - 1} more" if len(action.effect.to) > 1 else ""
        return f"The mail to {first.name or first.email}{more}"
    return title_of(action)


def _leaves(action: Action) -> bool:
    """Whether anybody else will notice."""
    return action.effect.external and not _only_written(action)


def _only_written(action: Action) -> bool:
    """Whether it is a mail that cannot be sent, for want of an account."""
    return isinstance(action.effect, MailSend | MailMany) and not action.effect.leaves()


def _removes(action: Action) -> bool:
    return isinstance(action.effect, CalendarAdd) and action.effect.removed


def _outcome(action: Action) -> str:
    return action.receipt.outcome if action.receipt else ""


def _ended(sentence: str) -> str:
    """A sentence with its full stop."""
    return sentence if sentence.endswith((".", "?", "…", '"')) else f"{sentence}."


def _clock(moment: datetime | None, zone: ZoneInfo, *, seconds: bool = False) -> str:
    if moment is None:
        return "once"
    own = moment.astimezone(zone)
    return f"{own:%H:%M:%S}" if seconds else f"{own:%H:%M}"
