"""Intents to specialists to one proposal or answer; owns process state, does no specialist work."""

import re
from dataclasses import dataclass, replace

from agents import enquiry
from agents.ladder import Ladder, Purse, Reading
from agents.readers import mail, notes
from agents.specialist import Heard, Specialist, Work, named, specialists, steps
from memory.canonical import digest
from memory.config import Config
from memory.labels import Label
from memory.recall import View
from memory.records.change import Change
from memory.records.contact import Contact
from memory.records.intent import Intent
from memory.records.kept import normal
from memory.records.kinds import kept_of
from memory.records.letter import Letter
from memory.records.message import Message
from memory.records.process import Process
from memory.records.project import Project
from memory.records.proposal import Proposal, Suggestion
from memory.records.source import Source
from memory.records.task import Task

NAME = "coordinator"
VERSION = "1"
_SHORT = 80
_LONG = 1500
"""Characters above which typed text is taken for somebody else's."""
_GREETING = re.compile(r"\s*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening))\b[^\n]{0,40}\n", re.I)
_CLOSING = re.compile(
    r"\n\s*(?:thanks|thank you|many thanks|best|best wishes|kind regards|regards|cheers|sincerely|"
    r"warmly|greetings|yours|love)\b[^\n]{0,40}(?:\n[^\n]{0,60}){0,6}\s*$",
    re.IGNORECASE,
)
_ONE_LINE = re.compile(
    r"\s*(?:hi|hello|hey|dear)\b[ \w.'-]{0,30}[,!][^\n]+"
    r"\b(?:thanks|thank you|best|regards|cheers|sincerely|yours|love)\b[^\n.?!]{0,40}[.!]?\s*$",
    re.IGNORECASE,
)
"""A letter whose line breaks were lost on the way."""
_HEADER = re.compile(r"^(?:from|von|de)\s*:\s*\S.*$", re.IGNORECASE | re.MULTILINE)


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


def letter_of(source: Source, raw: bytes | None) -> Letter | None:
    """The letter inside a Source; None when it is the owner's own words.

    Args:
        raw: Bytes of the mail that came with it, if one did.
    """
    if raw is not None:
        return mail.read(raw)
    if source.forwarded or is_pasted(source.text):
        return notes.read(source.text)
    return None


def is_pasted(text: str) -> bool:
    """Whether typed text is a letter somebody else wrote: it has a header block, or greets and
    closes, or is longer than anybody types on a phone."""
    if len(text) > _LONG or (_HEADER.search(text) and "\n" in text.strip()):
        return True
    if len(text) >= _SHORT and _ONE_LINE.match(text):
        return True
    return bool(_GREETING.match(text) and (_CLOSING.search(text) or text.count("\n") > 2))


def content_of(letter: Letter) -> str:
    """What makes two forwards the same letter: author, subject and words, however wrapped."""
    subject = re.sub(r"^(?:(?:re|fwd?|aw|wg|tr|rv|enc)\s*:\s*)+", "", letter.subject, flags=re.I)
    author = letter.author.email or letter.author.name or ""
    return digest([author.lower(), normal(subject), normal(letter.text)])


def relabelled(source: Source, letter: Letter | None) -> Source:
    """The Source with the label its content deserves: a letter is never the owner's word."""
    if letter is not None and source.label is Label.OWNER:
        return source.model_copy(update={"label": Label.EXTERNAL})
    return source


async def plan(
    source: Source,
    letter: Letter | None,
    typed: tuple[Intent, ...],
    *,
    heard: Heard,
    ladder: Ladder,
    purse: Purse,
    memory: View,
) -> Plan:
    """Who works on a Source, in which order.

    Args:
        typed: Intents that need no reading: from a button, a command or an answer.
    """
    if typed:
        reading = Reading(intents=typed, tier="typed", path="rules")
    elif letter is not None:
        known = await _known(letter, memory)
        if known is not None:
            return Plan((), (), Proposal(says=known), Reading((), "rules"))
        reading = await ladder.read(heard, purse)
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
) -> Proposal:
    """One proposal out of all, with the process they move."""
    changes: list[Change] = []
    for proposal in proposals:
        changes += proposal.changes
    suggestions = [one for proposal in proposals for one in proposal.suggestions]
    if letter is not None and await _known(letter, memory) is None:
        changes.append(await _remembered(letter, memory, changes))
    if letter is not None and any(one.kind == "mail.enquiry" for one in intents):
        opened = await _opened(letter, changes, heard, config, memory)
        if opened is not None:
            changes.append(opened)
        suggestions = [
            await _with_follow_ups(one, source, letter, changes, heard, memory)
            for one in suggestions
        ]
    says = " ".join(one.says for one in proposals if one.says)
    ask = next((one.ask for one in proposals if one.ask), None)
    rationale = " ".join(dict.fromkeys(one.rationale for one in proposals if one.rationale))
    return Proposal(
        changes=tuple(changes),
        suggestions=tuple(suggestions),
        says=says,
        ask=ask,
        rationale=rationale[:280],
    )


def _assign(intents: tuple[Intent, ...]) -> tuple[Assignment, ...]:
    order = steps()
    found: list[Assignment] = []
    for one in specialists():
        only = {intent.slots["agent"] for intent in intents if "agent" in intent.slots}
        if only and one.name not in only:
            continue
        taken = tuple(intent for intent in intents if intent.kind in one.takes)
        if taken:
            found.append(Assignment(one, order[one.name], taken))
    return tuple(sorted(found, key=lambda one: (one.step, one.specialist.name)))


async def _known(letter: Letter, memory: View) -> str | None:
    """A line for a letter that is filed already; None for a new one."""
    known = await memory.by_key("message", content_of(letter))
    if known is None:
        return None
    return f'Already filed on {known.recorded_at:%-d %B}: "{letter.subject or letter.text[:40]}".'


async def _remembered(letter: Letter, memory: View, changes: list[Change]) -> Change:
    contact = next((one.record for one in changes if one.kind == Contact.kind), None)
    message = Message(
        direction="in",
        subject=letter.subject,
        text=letter.text,
        contact=contact,
        address=letter.author.email,
        message_id=letter.message_id,
        content=content_of(letter),
        written_at=letter.written_at
        if letter.written_at is not None and letter.written_at.tzinfo is not None
        else None,
    )
    return Change.to(message, was=await memory.version(message))


async def _opened(
    letter: Letter, changes: list[Change], heard: Heard, config: Config, memory: View
) -> Change | None:
    """The process that an enquiry opens."""
    project = next((one for one in changes if one.kind == Project.kind), None)
    if project is None:
        return None
    owner = config.owner
    asked = enquiry.asked(letter, now=heard.now, currency=owner.currency, locale=owner.locale)
    who = letter.author.name or letter.author.email or "them"
    process = Process(
        subject=project.record,
        name=project.title,
        next_step=f"Answer {who}",
        due=asked.quote_due,
    )
    known = await memory.version(process)
    if known is not None and known.data is not None:
        return None
    return Change.to(process, was=known)


async def _with_follow_ups(
    suggestion: Suggestion,
    source: Source,
    letter: Letter,
    changes: list[Change],
    heard: Heard,
    memory: View,
) -> Suggestion:
    """Once the answer is sent, it is the customer's turn and the task to answer is done."""
    who = letter.author.name or letter.author.email or "them"
    then = list(suggestion.then)
    task = Task(what="Send quote", origin=source.id)
    for change in (*changes, *await _standing(memory, task, enquiry.work_named(letter))):
        if change.kind == Task.kind:
            done = Task.model_validate(change.data).changed(state="done")
            then.append(_following(change, done.data()))
        elif change.kind == Process.kind:
            moved = Process.model_validate(change.data).changed(
                stage="quote", waiting_for=who, next_step=f"Hear from {who}", due=None
            )
            then.append(_following(change, moved.data()))
    return suggestion.model_copy(update={"then": tuple(then)})


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


def _following(change: Change, data: dict[str, object]) -> Change:
    return Change.model_validate(
        {**change.model_dump(), "data": data, "before": change.data, "base": change.base + 1}
    )


def work_for(
    specialist: Specialist, work: Work, proposals: tuple[Proposal, ...]
) -> Work:
    """The work as one specialist may see it: only the intents it takes."""
    return replace(
        work,
        intents=tuple(one for one in work.intents if one.kind in specialist.takes),
        earlier=proposals,
    )


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


__all__ = ["NAME", "VERSION", "Assignment", "Plan", "conclude", "named", "plan"]
