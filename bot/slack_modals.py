"""Forms on Slack: what a press of Edit opens, and what comes back from them."""

from typing import Any

from bot.slack_json import Json, part, words
from bot.slack_layout import LONGEST_PART, literal, section, sections
from bot.slack_text import length
from memory.records.action import Action
from memory.records.decision import Verb
from memory.records.notice import Shown
from memory.records.shape import Frozen

EDIT = "edit"
ANSWER = "answer"
TEXT = "text"
"""The block, and the field in it, that holds what was typed."""
TOO_LONG = "This text is too long for a form here. Reply in the card's thread with your text."
TOO_LATE = "Slack did not open the form in time. Reply in the card's thread with your text."

_LONGEST_TITLE = 24
_LONGEST_HINT = 150


class Form(Frozen):
    """What a form remembers of the button that opened it."""

    token: str
    chat: str
    message: str
    """The message the button was on; empty for one in the inbox."""


class Filled(Frozen):
    """A form as it comes back."""

    form: Form
    view: str
    text: str


def form_for(verb: Verb, shown: Shown, form: Form) -> dict[str, Any] | None:
    """The form that a press opens.

    Returns:
        None when the press needs none, or its text is too long for one.
    """
    make = _FORMS.get(verb)
    return make(shown, form) if make else None


def asks_first(verb: Verb) -> bool:
    """Whether a press opens a form instead of deciding at once."""
    return verb in _FORMS


def line(text: str) -> dict[str, Any]:
    """A sheet that says one thing; for presses in the inbox, where no line can be shown."""
    return {
        "type": "modal",
        "callback_id": "line",
        "title": literal("Steward"),
        "close": literal("Close"),
        "blocks": sections(text),
    }


def filled(view: Json) -> Filled:
    """What somebody has typed into a form of ours."""
    field = part(view, "state", "values", TEXT, TEXT)
    return Filled(
        form=Form.model_validate_json(words(view, "private_metadata")),
        view=words(view, "id"),
        text=words(field, "value"),
    )


def wrong(sentence: str) -> dict[str, Any]:
    """The answer that keeps a form open and says below the field why."""
    return {"response_action": "errors", "errors": {TEXT: sentence}}


def _edit(shown: Shown, form: Form) -> dict[str, Any] | None:
    if shown.notice.question is not None:
        return _answer(shown, form)
    text = _text_of(shown.action)
    if length(text) > LONGEST_PART:
        return None
    label = "I show it to you before it goes."
    return _form(EDIT, "Your text", form, label=label, initial=text, submit="Change")


def _answer(shown: Shown, form: Form) -> dict[str, Any]:
    question = shown.notice.question
    asked = (question.text if question else "").strip()
    hint = question.button if question and question.button else "Type your answer"
    # A label holds a line, so what is longer stands above the field, whole.
    blocks = [section(asked)] if 0 < length(asked) <= LONGEST_PART else []
    return _form(ANSWER, "Your answer", form, label=hint, submit="Answer", above=blocks)


def _form(
    name: str,
    title: str,
    form: Form,
    *,
    label: str,
    submit: str,
    initial: str = "",
    above: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    field: dict[str, Any] = {
        "type": "plain_text_input",
        "action_id": TEXT,
        "multiline": True,
        "max_length": LONGEST_PART,
        "focus_on_load": True,
    }
    if initial:
        field["initial_value"] = initial
    typed = {"type": "input", "block_id": TEXT, "label": literal(label[:_LONGEST_HINT])}
    return {
        "type": "modal",
        "callback_id": name,
        "private_metadata": form.model_dump_json(),
        "title": literal(title[:_LONGEST_TITLE]),
        "submit": literal(submit),
        "close": literal("Leave it"),
        "blocks": [*(above or ()), {**typed, "element": field}],
    }


def _text_of(action: Action | None) -> str:
    if action is None:
        return ""
    return "\n".join(one.value for one in action.effect.facts() if one.label == "Text")


_FORMS = {Verb.EDIT: _edit}
"""Which presses open a form. What has to be typed to count, such as a confirmation, joins here."""
