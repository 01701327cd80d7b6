"""Notice to Card: frame, states and buttons. Facts are the effect's own lines, never worded here."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.adapter import Button, Card
from memory.records.action import Action, State
from memory.records.decision import Verb
from memory.records.effect import Reversal
from memory.records.file_records import FileRecords
from memory.records.mail_send import MailSend
from memory.records.notice import Shown

_WHY = Button(label="Why?", verb=Verb.WHY)
_UNDO = Button(label="Undo", verb=Verb.UNDO)
_EDIT = Button(label="Edit", verb=Verb.EDIT)


def render(shown: Shown, *, zone: ZoneInfo, data: Path, stopped: bool) -> Card:
    """The card of a notice as it stands now.

    Args:
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
    if notice.question is not None:
        return _question(plain, shown)
    if shown.action is None:
        return plain
    if isinstance(shown.action.effect, FileRecords):
        return _filing(plain, shown.action)
    return _card(plain, shown, shown.action, zone, data, stopped=stopped)


def _question(card: Card, shown: Shown) -> Card:
    question = shown.notice.question
    if question is None:
        return card
    if shown.notice.answered:
        skipped = shown.notice.answered == "Skipped"
        state = "Skipped." if skipped else f"Answered: {shown.notice.answered}"
        return card.model_copy(update={"state": state})
    buttons = [
        Button(label=one.label, verb=Verb.CHOOSE, choice=index)
        for index, one in enumerate(question.choices)
    ]
    if question.asks:
        buttons.append(Button(label=question.button, verb=Verb.EDIT))
    if question.may_skip:
        buttons.append(Button(label="Skip", verb=Verb.SKIP))
    return card.model_copy(
        update={"buttons": tuple(buttons), "invites": question.button or ""}
    )


def _filing(card: Card, action: Action) -> Card:
    """Own records: one quiet line with Undo."""
    changes = action.effect.changes if isinstance(action.effect, FileRecords) else ()
    if action.state is not State.DONE:
        return card.model_copy(update={"state": "Taken back."})
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
            "title": action.heading,
            "facts": tuple((line.label, line.value) for line in action.effect.facts()),
            "says": _says(shown, action),
        }
    )
    if action.revision != shown.latest:
        return card.model_copy(update={"state": "Replaced by the newer text below."})
    if action.state is State.AWAITING:
        return _awaiting(card, action, zone)
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
        }
    )


def _says(shown: Shown, action: Action) -> str:
    why = f"Why: {action.rationale}" if action.rationale else ""
    return "\n".join(part for part in (shown.notice.text, why) if part)


def _awaiting(card: Card, action: Action, zone: ZoneInfo) -> Card:
    if action.late_since is not None:
        planned = action.late_since.astimezone(zone)
        return card.model_copy(
            update={
                "state": f"{_thing(action)} should have left at {planned:%H:%M}. It has not.",
                "buttons": (
                    Button(label="Send now", verb=Verb.SEND),
                    Button(label="Don't send", verb=Verb.REJECT),
                    Button(label="Show", verb=Verb.SHOW),
                ),
            }
        )
    if action.compensates:
        buttons = (
            Button(label="Send", verb=Verb.APPROVE),
            _EDIT,
            Button(label="Leave it", verb=Verb.REJECT),
        )
    else:
        approve = "Approve" if _leaves(action) else "Approve text"
        buttons = (
            Button(label=approve, verb=Verb.APPROVE),
            _EDIT,
            Button(label="No", verb=Verb.REJECT),
            _WHY,
        )
    return card.model_copy(
        update={"buttons": buttons, "foot": foot(action), "invites": "Write the new text"}
    )


def foot(action: Action) -> str:
    """One line in words on undo and cost."""
    return f"{_undo_in_words(action)} Cost: {cost(action)}."


def _undo_in_words(action: Action) -> str:
    if not _leaves(action):
        return "Nothing leaves: I have no mail account yet, so I only write it."
    return {
        Reversal.EXACT: "Undo restores everything exactly.",
        Reversal.HOLD: f"Undo is free for {action.effect.hold_s} s, then I can only send a "
        "correction.",
        Reversal.PROVIDER: "Undo takes it out again.",
        Reversal.COUNTER: "Undo can only send a second one that answers it.",
        Reversal.NONE: "This can't be taken back.",
    }[action.effect.reversal]


def cost(action: Action) -> str:
    """What thinking about it cost, in words."""
    if action.cost_micro == 0:
        return "nothing"
    cents = action.cost_micro / 10_000
    return f"{cents:.1f} cents" if cents >= 0.1 else "less than 0.1 cents"


def _settled(action: Action, zone: ZoneInfo, *, stopped: bool) -> tuple[str, tuple[Button, ...]]:
    """How it stands, in words, and what may be pressed."""
    thing = _thing(action)
    state = action.state
    if state in (State.APPROVED, State.HELD, State.READY, State.CLAIMED):
        if stopped:
            return "Everything is stopped. This waits; nothing was sent.", (_UNDO,)
        at = _clock(action.hold_until, zone, seconds=True)
        return (f"Leaves at {at}." if _leaves(action) else "Writing it."), (_UNDO,)
    if state is State.COMMITTING:
        return "Leaving now.", ()
    if state is State.RETRY_WAIT:
        return (
            f"{action.trouble} {thing} waits; nothing was sent.",
            (
                Button(label="Try again", verb=Verb.RETRY),
                Button(label="How to fix", verb=Verb.SHOW),
                Button(label="Copy text", verb=Verb.COPY),
                _UNDO,
            ),
        )
    if state is State.UNKNOWN:
        return _doubt(action, zone)
    if state is State.DONE:
        return _done(action, zone)
    if state is State.FAILED:
        return (
            f"Not sent. {action.trouble}",
            (
                Button(label="Try again", verb=Verb.RETRY),
                Button(label="How to fix", verb=Verb.SHOW),
                Button(label="Copy text", verb=Verb.COPY),
            ),
        )
    if state is State.CANCELLED:
        return (
            "Taken back. Nothing left.",
            (_EDIT, Button(label="Send after all", verb=Verb.SEND)),
        )
    if state is State.COMPENSATING:
        sent = _clock(action.receipt.at if action.receipt else None, zone)
        return f"Sent {sent}. You took it back; a correction waits for you below.", ()
    if state is State.COMPENSATED:
        if _outcome(action) == "written":
            return "Put away. Nothing had left.", ()
        sent = _clock(action.receipt.at if action.receipt else None, zone)
        return f"Sent {sent}, and corrected since.", (_WHY,)
    words = {
        State.REFUSED: f"Not done: {action.trouble}.",
        State.REJECTED: "Put away. Nothing was sent.",
        State.TAKEN: "Yours. I keep my hands off it.",
        State.EXPIRED: "It waited too long for your word, so I put it away. Nothing was sent.",
        State.SUPERSEDED: "Replaced by the newer text below.",
    }
    again = (Button(label="Send after all", verb=Verb.SEND),) if state is State.EXPIRED else ()
    return words.get(state, ""), (*again, _WHY)


def _done(action: Action, zone: ZoneInfo) -> tuple[str, tuple[Button, ...]]:
    receipt = action.receipt
    if receipt is None:
        return "", ()
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
    if receipt.outcome == "created":
        return "Here is the file; tap it to open your calendar.", (_UNDO, _WHY)
    return f"Done {at}.", (_UNDO, _WHY)


def _doubt(action: Action, zone: ZoneInfo) -> tuple[str, tuple[Button, ...]]:
    """The one state nobody may guess about."""
    at = _clock(action.approved_at if action.hold_until is None else action.hold_until, zone)
    to, subject = "them", action.heading
    if isinstance(action.effect, MailSend):
        to = action.effect.to[0].name or action.effect.to[0].email
        subject = action.effect.subject
    cause = "The power went" if "power" in action.trouble else "The connection broke"
    return (
        f"{cause} at {at} while I was sending to {to}. I can't tell if it left, so I won't "
        f'send it again by myself. Please look in Sent for "{subject}".',
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
        return f"The mail to {first.name or first.email}"
    return action.heading


def _leaves(action: Action) -> bool:
    """Whether anybody else will notice."""
    return not isinstance(action.effect, MailSend) or bool(action.effect.from_address)


def _outcome(action: Action) -> str:
    return action.receipt.outcome if action.receipt else ""


def _clock(moment: datetime | None, zone: ZoneInfo, *, seconds: bool = False) -> str:
    if moment is None:
        return "once"
    own = moment.astimezone(zone)
    return f"{own:%H:%M:%S}" if seconds else f"{own:%H:%M}"
