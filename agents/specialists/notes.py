"""Notes: what is worth keeping as it was said."""

import re

from agents.specialist import Heard, Specialist, Work
from memory import when
from memory.records.change import Change
from memory.records.intent import Intent
from memory.records.note import Note
from memory.records.proposal import Choice, Proposal, Question

_NOTE = re.compile(
    r"\s*(?:note(?:\s+to\s+self)?|keep\s+(?:in\s+mind|this)|idea|remember)\b\s*(?:that\s+)?[:,]?\s*",
    re.IGNORECASE,
)
_SHOWN = 80
"""Characters of the owner's words that a question quotes."""


def recognise(heard: Heard) -> tuple[Intent, ...]:
    """Hear "note: the printer likes thicker paper"."""
    found = _NOTE.match(heard.text) if heard.letter is None else None
    if found is None or not heard.text[found.end() :].strip() or heard.text.rstrip().endswith("?"):
        return ()
    text = heard.text[found.end() :].strip()
    return (Intent(kind="note.capture", slots={"text": text}, confidence=0.9, tier="rules"),)


async def by_rule(work: Work) -> Proposal:
    """The words, kept; with two best guesses as buttons where nobody understood them."""
    intent = work.intents[0]
    if intent.kind == "note.kept":
        return Proposal(says="It stays a note.", rationale="You chose so.")
    # only a door knows what a web hook sent; no reading of a text can claim to
    came_by_hook = work.source.channel == "hooks"
    if intent.kind == "hook.unusable" and came_by_hook:
        return Proposal(rationale="It is kept as it came.")
    text = intent.slots.get("text") or work.source.text
    if not text.strip():
        return Proposal(says="I kept that, but I can't read it yet.")
    note = Note(text=text, origin=work.source.id)
    known = await work.memory.version(note)
    change = Change.to(note, was=known, provenance={"text": work.seen()})
    if intent.kind == "unknown":
        return Proposal(changes=(change,), ask=_guesses(work, text))
    if intent.kind == "hook.note" and came_by_hook:
        says = f'The web hook "{work.source.sender}" sent something. I kept it as a note.'
        return Proposal(changes=(change,), says=says, rationale="Its sender is known by a secret.")
    return Proposal(changes=(change,), says=f"Kept: {note.title()}", rationale="You asked for it.")


def _guesses(work: Work, text: str) -> Question:
    """Never a silent guess, never a dead end."""
    text = " ".join(text.split())
    moment = when.first(text, now=work.now, locale=work.config.owner.locale)
    choices: list[Choice] = []
    if moment is not None and not moment.choices and not moment.repeats:
        what = f"{text[: moment.span[0]].strip()} {text[moment.span[1] :].strip()}".strip(" ,.")
        what = what or text
        said = when.say(moment.day, now=work.now, locale=work.config.owner.locale)
        day = moment.day.isoformat()
        choices.append(_choice(f"Task for {said}", "task.create", title=what, due=day))
        choices.append(_choice(f"Remind me {said}", "reminder.set", what=what, at=day))
    else:
        choices.append(_choice("Make it a task", "task.create", title=text))
    choices.append(_choice("Just the note", "note.kept"))
    shown = text if len(text) <= _SHOWN else text[: _SHOWN - 4].rsplit(" ", 1)[0] + " ..."
    return Question(
        text=f'I\'m not sure what you want with "{shown}". I kept it as a note, nothing is lost.',
        choices=tuple(choices),
    )


def _choice(label: str, kind: str, **slots: str) -> Choice:
    return Choice(label=label, intent=Intent(kind=kind, slots=slots, tier="owner"))


SPECIALIST = Specialist(
    name="notes",
    version="1",
    handles="notes and ideas",
    takes=("note.capture", "note.kept", "unknown", "hook.note", "hook.unusable"),
    needs={"note.capture": ("text",)},
    reads=("note",),
    writes=("note",),
    recognise=recognise,
    by_rule=by_rule,
    instructions="Keep the words as they are in the slot text.",
    examples=("note: the printer likes thicker paper",),
    cannot_yet="It does not yet read tasks out of meeting notes.",
)
