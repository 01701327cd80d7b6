"""Tasks: what somebody has to do, and what the owner wants to be reminded of."""

import re
from datetime import date, datetime, time

from agents import enquiry
from agents.companies import named
from agents.specialist import Heard, Specialist, Work
from memory import when
from memory.records.change import Change
from memory.records.customer import Customer
from memory.records.intent import Intent
from memory.records.project import Project
from memory.records.proposal import Proposal
from memory.records.reminder import Reminder
from memory.records.task import Task

_REMIND = re.compile(r"\s*(?:please\s+)?remind me\b[:,]?\s*", re.IGNORECASE)
_TASK = re.compile(
    r"\s*(?:(?:add|new|make)\s+(?:a\s+)?)?(?:task|to-?do)\b\s*[:,]?\s*(?:to\s+)?"
    r"|\s*(?:i\s+(?:need|have)\s+to|don'?t\s+let\s+me\s+forget\s+to)\s+",
    re.IGNORECASE,
)
_JOINTS = re.compile(
    r"^(?:to|that|about|of|and|by|on|at|for)\b\s*|\s*\b(?:to|by|on|at|for|and)$", re.I
)
_WHOSE = re.compile(r",?\s+for\s+(?P<name>[^,]+)$", re.IGNORECASE)
_MORNING = time(8, 0)


def recognise(heard: Heard) -> tuple[Intent, ...]:
    """Hear "remind me Friday to call Marta", "task: send the plan by Monday"."""
    if heard.letter is not None:
        return ()
    found = _REMIND.match(heard.text)
    if found:
        return _reminder(heard, heard.text[found.end() :])
    found = _TASK.match(heard.text)
    if found and found.end() > 0:
        return _task(heard, heard.text[found.end() :])
    return ()


def _reminder(heard: Heard, rest: str) -> tuple[Intent, ...]:
    moment = when.first(rest, now=heard.now, locale=heard.locale)
    what = _without(rest, moment)
    if moment is None or moment.choices or moment.repeats or not what:
        return (Intent(kind="reminder.set", slots={"what": what}, confidence=0.4, tier="rules"),)
    at = moment.start.isoformat() if moment.has_time else moment.day.isoformat()
    return (
        Intent(kind="reminder.set", slots={"what": what, "at": at}, confidence=0.95, tier="rules"),
    )


def _task(heard: Heard, rest: str) -> tuple[Intent, ...]:
    moment = when.first(rest, now=heard.now, locale=heard.locale)
    what = _without(rest, moment)
    if not what or (moment is not None and (moment.choices or moment.repeats)):
        return (Intent(kind="task.create", slots={"title": what}, confidence=0.4, tier="rules"),)
    slots = {"title": what}
    if moment is not None:
        slots["due"] = moment.day.isoformat()
    return (Intent(kind="task.create", slots=slots, confidence=0.95, tier="rules"),)


def _without(text: str, moment: when.When | None) -> str:
    """The words without the time expression and the joints around it."""
    if moment is not None:
        before, after = text[: moment.span[0]], text[moment.span[1] :]
        before = re.sub(r"\b(?:by|on|at|for|until|before)\s*$", "", before, flags=re.IGNORECASE)
        text = f"{before.strip()} {after.strip()}"
    text = re.sub(r"\s+([,.;:])", r"\1", " ".join(text.split())).strip(" .,:;-")
    for _ in range(2):
        text = _JOINTS.sub("", text).strip(" .,:;-")
    return text[:1].upper() + text[1:]


async def by_rule(work: Work) -> Proposal:
    """Records for each wish; for an enquiry, the task to answer it."""
    changes: list[Change] = []
    says: list[str] = []
    for intent in work.intents:
        if intent.kind == "mail.enquiry":
            changes += await _answer_enquiry(work)
        elif intent.kind == "task.create":
            task, whose = await _kept_task(work, intent)
            changes.append(Change.to(task, provenance={"what": work.seen(), "due": work.seen()}))
            due = f", by {when.say(task.due, now=work.now)}" if task.due else ""
            says.append(f"Task: {task.what}{due}{whose}.")
        elif intent.kind == "reminder.set":
            reminder = _kept_reminder(work, intent)
            changes.append(Change.to(reminder, provenance={"what": work.seen(), "at": work.seen()}))
            moment = reminder.at.date() if reminder.all_day else reminder.at
            says.append(f"I remind you {when.say(moment, now=work.now)}: {reminder.what}.")
    rationale = "You asked for it." if says else ""
    return Proposal(changes=tuple(changes), says=" ".join(says), rationale=rationale)


async def _answer_enquiry(work: Work) -> list[Change]:
    letter = work.letter
    if letter is None:
        return []
    owner = work.config.owner
    asked = enquiry.asked(letter, now=work.now, currency=owner.currency, locale=owner.locale)
    task = Task(
        what="Send quote",
        due=asked.quote_due,
        origin=work.source.id,
        customer=_filed(work, Customer.kind),
        project=_filed(work, Project.kind),
    )
    provenance = {"what": work.seen()}
    if asked.quote_due:
        provenance["due"] = work.seen(span=asked.due_span)
    known = await work.memory.version(task)
    if known is not None and known.data is not None:
        return []
    return [Change.to(task, was=known, provenance=provenance)]


def _filed(work: Work, kind: str) -> str | None:
    """The record of a kind that an earlier run files about the same letter."""
    for proposal in work.earlier:
        for change in proposal.changes:
            if change.kind == kind:
                return change.record
    return None


async def _kept_task(work: Work, intent: Intent) -> tuple[Task, str]:
    """The task, and for which known customer it is, in words."""
    task = Task(
        what=intent.slots["title"], due=_day(intent.slots.get("due")), origin=work.source.id
    )
    found = _WHOSE.search(task.what)
    if not found:
        return task, ""
    known = named(found["name"], await work.memory.every(Customer.kind))
    if len(known) != 1:
        return task, ""
    customer = Customer.model_validate(known[0].data)
    what = task.what[: found.start()]
    return task.changed(what=what, customer=known[0].record), f", for {customer.name}"


def _kept_reminder(work: Work, intent: Intent) -> Reminder:
    at = intent.slots["at"]
    all_day = "T" not in at
    moment = datetime.fromisoformat(at)
    if all_day:
        moment = datetime.combine(moment.date(), _MORNING)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=work.zone)
    return Reminder(what=intent.slots["what"], at=moment, all_day=all_day, origin=work.source.id)


def _day(iso: str | None) -> date | None:
    return date.fromisoformat(iso[:10]) if iso else None


SPECIALIST = Specialist(
    name="tasks",
    version="1",
    handles="things to do and reminders",
    takes=("task.create", "reminder.set", "mail.enquiry"),
    needs={"task.create": ("title",), "reminder.set": ("what", "at")},
    reads=("task", "reminder", "customer"),
    writes=("task", "reminder"),
    after=("customers",),
    recognise=recognise,
    by_rule=by_rule,
    instructions="Find what has to be done, by whom and by when.",
    examples=("remind me Friday to call Marta", "task: send the plan by Monday"),
    cannot_yet="It does not yet read several tasks from one long note.",
)
