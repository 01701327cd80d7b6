"""Intents to specialists to one proposal or answer; owns process state, does no specialist work."""

import textwrap
from dataclasses import dataclass

from pydantic import JsonValue

from agents import enquiry
from agents.edits import Replaced, corrected
from agents.ladder import Ladder, Reading
from agents.letters import bare, content_of, is_copy
from agents.purse import Purse
from agents.specialist import Heard, Specialist, specialists, steps
from memory.config import Config
from memory.recall import View
from memory.records.change import Change, Version
from memory.records.contact import Contact
from memory.records.intent import Intent
from memory.records.kinds import kept_of
from memory.records.letter import Letter
from memory.records.message import Message
from memory.records.process import Process
from memory.records.project import Project
from memory.records.proposal import Proposal
from memory.records.source import Source
from memory.records.task import Task

NAME = "coordinator"
VERSION = "1"
_ABOUT = "@source"
_AGENT = "@agent"
"""Slots of our own, which no reading of a text can fill: ladder.py drops what begins so."""
_REASON = 280
"""Characters that a reason may have."""
_UNREADABLE = (
    "I kept this just as it came, but it is no mail I can read. "
    "Please forward it once more, or paste its text."
)
_TITLE = 60
"""Characters of a letter without a subject that name it."""
_LOOKED_UP = 200
"""Characters of a letter by which its copies are looked for."""
_CANDIDATES = 10


@dataclass(frozen=True)
class Assignment:
    """A run that is to happen."""

    specialist: Specialist
    step: int
    intents: tuple[Intent, ...]


@dataclass(frozen=True)
class Plan:
    """What is to be done about one Source."""

    intents: tuple[Intent, ...]
    assignments: tuple[Assignment, ...]
    proposal: Proposal
    """What the coordinator itself has to say."""
    reading: Reading


def about(intents: tuple[Intent, ...]) -> str | None:
    """The Source that an answer is about; None when it is about nothing earlier."""
    return next((one.slots[_ABOUT] for one in intents if _ABOUT in one.slots), None)


def answered(
    intents: tuple[Intent, ...], *, slot: str, words: str, source: str, agent: str
) -> tuple[Intent, ...]:
    """The intents of whoever asked, for that agent alone, with the answer in its slot.

    Args:
        source: Id of the Source that raised the question.
    """
    return tuple(
        one.model_copy(
            update={
                "slots": {_ABOUT: source, **one.slots, _AGENT: agent, slot: words.strip()},
                "tier": "owner",
            }
        )
        for one in intents
    )


async def settled(source: Source, heard: Heard, memory: View) -> str | None:
    """A line for a letter that is filed already or that nobody can read; None for any other."""
    letter = heard.letter
    if letter is None:
        return None
    if letter.is_unreadable:
        return _UNREADABLE
    filed = await _filed(letter, memory)
    if filed is None or source.id in filed.sources:
        return None
    day = filed.recorded_at.astimezone(heard.now.tzinfo)
    title = letter.subject or textwrap.shorten(letter.text, _TITLE, placeholder=" ...")
    return f'Already filed on {day:%-d %B}: "{title}".'


async def _filed(letter: Letter, memory: View) -> Version | None:
    """The record of a letter that was filed before, however it came then."""
    found = await memory.by_key(Message.kind, content_of(letter))
    if found is not None:
        return found
    first = textwrap.shorten(letter.text, _LOOKED_UP, placeholder="")
    words = f"{bare(letter.subject)} {first}"
    for one in await memory.search(words, kind=Message.kind, limit=_CANDIDATES):
        if is_copy(letter, Message.model_validate(one.data)):
            return one
    return None


async def plan(
    typed: tuple[Intent, ...],
    *,
    heard: Heard,
    ladder: Ladder,
    purse: Purse,
    settled: str | None,
) -> Plan:
    """Who works on a Source, in which order. Asks a model where rules do not reach.

    Args:
        typed: Intents that need no reading: from a button, a command or an answer.
        settled: A line that says all there is to say; then nobody works on it.
    """
    if typed:
        reading = Reading(intents=typed, tier="typed")
    elif settled is not None:
        return Plan((), (), Proposal(says=settled), Reading((), "rules"))
    else:
        reading = await ladder.read(heard, purse)
    return Plan(reading.intents, _assign(reading.intents), Proposal(), reading)


async def conclude(
    source: Source,
    letter: Letter | None,
    intents: tuple[Intent, ...],
    proposals: tuple[Proposal, ...],
    *,
    heard: Heard,
    config: Config,
    memory: View,
    replaced: Replaced = (),
) -> Proposal:
    """One proposal out of all, with the process they move.

    Args:
        replaced: What the same message had filed before the owner edited it.
    """
    line = await settled(source, heard, memory)
    if line is not None:
        return Proposal(says=line)
    changes = [change for proposal in proposals for change in proposal.changes]
    suggestions = [one for proposal in proposals for one in proposal.suggestions]
    if letter is not None and any(one.kind.startswith("mail.") for one in intents):
        changes += await _remembered(letter, memory, changes)
    if letter is not None and any(one.kind == "mail.enquiry" for one in intents):
        changes += await _opened(letter, changes, heard, config, memory)
        following = await _following(source, letter, changes, memory)
        suggestions = [
            one.model_copy(update={"then": (*one.then, *following)}) for one in suggestions
        ]
    rationale = " ".join(dict.fromkeys(one.rationale for one in proposals if one.rationale))
    whole = Proposal(
        changes=tuple(changes),
        suggestions=tuple(suggestions),
        says=" ".join(one.says for one in proposals if one.says),
        ask=next((one.ask for one in proposals if one.ask), None),
        rationale=_short(rationale),
    )
    return corrected(whole, replaced)


def checked(specialist: Specialist, proposal: Proposal) -> Proposal:
    """A proposal that stays within its specialist's contract.

    Raises:
        PermissionError: It proposes an effect or a record that it may not.
    """
    for suggestion in proposal.suggestions:
        if not isinstance(suggestion.effect, specialist.may_propose):
            message = f"{specialist.name} may not propose {suggestion.effect.kind}"
            raise PermissionError(message)
    for change in proposal.changes:
        if change.kind not in specialist.writes:
            message = f"{specialist.name} may not write {change.kind}"
            raise PermissionError(message)
    return proposal


def _assign(intents: tuple[Intent, ...]) -> tuple[Assignment, ...]:
    order = steps()
    only = {intent.slots[_AGENT] for intent in intents if _AGENT in intent.slots}
    found: list[Assignment] = []
    for one in specialists():
        taken = tuple(intent for intent in intents if intent.kind in one.takes)
        if taken and (not only or one.name in only):
            found.append(Assignment(one, order[one.name], taken))
    return tuple(sorted(found, key=lambda one: (one.step, one.specialist.name)))


async def _remembered(letter: Letter, memory: View, changes: list[Change]) -> list[Change]:
    """The letter itself, unless it is filed already."""
    contact = next((one.record for one in changes if one.kind == Contact.kind), None)
    written_at = letter.written_at
    message = Message(
        direction="in",
        subject=letter.subject,
        text=letter.text,
        contact=contact,
        address=letter.author.email,
        message_id=letter.message_id,
        content=content_of(letter),
        written_at=written_at if written_at is not None and written_at.tzinfo is not None else None,
    )
    was = await memory.version(message)
    return [] if was is not None and was.data is not None else [Change.to(message, was=was)]


async def _opened(
    letter: Letter, changes: list[Change], heard: Heard, config: Config, memory: View
) -> list[Change]:
    """The process that an enquiry opens, unless it is open already."""
    project = next((one for one in changes if one.kind == Project.kind), None)
    if project is None:
        return []
    owner = config.owner
    asked = enquiry.asked(letter, now=heard.now, currency=owner.currency, locale=owner.locale)
    process = Process(
        subject=project.record,
        name=project.title,
        next_step=f"Answer {_writer(letter)}",
        due=asked.quote_due,
    )
    was = await memory.version(process)
    return [] if was is not None and was.data is not None else [Change.to(process, was=was)]


async def _following(
    source: Source, letter: Letter, changes: list[Change], memory: View
) -> tuple[Change, ...]:
    """Once the answer is sent, it is the customer's turn and the task to answer is done."""
    who = _writer(letter)
    task = Task(what="Send quote", origin=source.id)
    following: list[Change] = []
    for change in (*changes, *await _standing(memory, task, enquiry.work_named(letter))):
        if change.kind == Task.kind:
            done = Task.model_validate(change.data).changed(state="done")
            following.append(_after(change, done.data()))
        elif change.kind == Process.kind:
            moved = Process.model_validate(change.data).changed(
                stage="quote", waiting_for=who, next_step=f"Hear from {who}", due=None
            )
            following.append(_after(change, moved.data()))
    return tuple(following)


async def _standing(memory: View, task: Task, name: str) -> tuple[Change, ...]:
    """Task and process of an enquiry that were filed before, as changes that leave them alone."""
    found = [await memory.version(task)]
    for version in await memory.every(Process.kind):
        process = Process.model_validate(version.data)
        if process.name == name and process.stage == "enquiry":
            found.append(version)
    return tuple(
        Change.to(kept_of(one.kind, one.data), was=one).model_copy(update={"base": one.version - 1})
        for one in found
        if one is not None and one.data is not None
    )


def _after(change: Change, data: dict[str, JsonValue]) -> Change:
    """The change that follows another one on the same record."""
    update = {"data": data, "before": change.data, "base": change.base + 1}
    return change.model_copy(update=update)


def _writer(letter: Letter) -> str:
    return letter.author.name or letter.author.email or "them"


def _short(text: str) -> str:
    """Whole sentences, as many as a card's reason may hold."""
    if len(text) <= _REASON:
        return text
    return text[:_REASON].rpartition(". ")[0] + "."
