"""The line that tells of a stop: what is held, counted, and what can be done about it."""

from bot.adapter import Button, Card
from memory.records.decision import Verb
from memory.records.notice import Shown

RESUME = Button(label="Resume", verb=Verb.RESUME)
SHOW = Button(label="Show", verb=Verb.SHOW)
_OVER = ("Going on since", "Please look at")
"""What a line ends with that was overtaken."""


def lay_out(card: Card, shown: Shown, *, stopped: bool) -> Card:
    """The line as it stands now.

    Args:
        card: Its frame, with the words that the stop was said with.
        shown: The notice with what is held.
        stopped: Whether everything that goes out is held.
    """
    answered = shown.notice.answered
    if any(over in answered for over in _OVER) or not stopped:
        return card.model_copy(update={"state": answered})
    if answered:
        state = f"{answered} Everything is still stopped."
        return card.model_copy(update={"state": state, "buttons": (RESUME,)})
    tally = shown.standstill.tally if shown.standstill else None
    said = tally.text("held") if tally else ""
    if tally is None or not said:
        state = "Nothing was on its way."
        return card.model_copy(update={"state": state, "buttons": (RESUME,)})
    buttons = (RESUME, *cancels(tally.waiting), SHOW)
    return card.model_copy(update={"state": f"{said}.", "buttons": buttons})


def cancels(count: int) -> tuple[Button, ...]:
    """The button that cancels so many; none for none."""
    return (Button(label=f"Cancel {count}", verb=Verb.CANCEL),) if count else ()
