"""Answers: questions about the owner's own records, answered by code with the source."""

import re

from agents.specialist import Heard, Specialist, Work
from memory import answers
from memory.records.intent import Intent
from memory.records.proposal import Proposal

_RATE = re.compile(
    r"\s*(?:what(?:'?s|\s+is|\s+are|\s+was|\s+will\s+be)|how\s+much\s+(?:is|do\s+i\s+charge\s+for|"
    r"does)|tell\s+me)\s+(?:my|the|our|an?)?\s*(?P<about>[^?]+?)(?:\s+cost)?\s*\??\s*",
    re.IGNORECASE,
)
_SHORT = 5
"""Words that a question about one record may have."""
_ELSEWHERE = re.compile(
    r"\b(?:your?|on|today|tomorrow|yesterday|and|or|mon|tues|wednes|thurs|fri|satur|sun)(?:day)?\b|,",
    re.IGNORECASE,
)
_TODAY = re.compile(
    r"\s*(?:what(?:'?s|\s+is)?\s+(?:on|up|there)?\s*(?:for\s+)?today|today|agenda|what'?s\s+on)\s*\??\s*",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"\s*(?:thanks?(?:\s+(?:you|a\s+lot|so\s+much))?|thx|ty|great|perfect|cool|nice|ok(?:ay)?|"
    r"good\s+(?:morning|night|evening)|hi|hello|hey)(?:\s+steward)?\s*[.!]*\s*",
    re.IGNORECASE,
)


def recognise(heard: Heard) -> tuple[Intent, ...]:
    """Hear "what is my hourly rate?", "what's on today", "thanks"."""
    if heard.letter is not None:
        return ()
    if _THANKS.fullmatch(heard.text):
        return (Intent(kind="chat.smalltalk", confidence=0.95, tier="rules"),)
    if _TODAY.fullmatch(heard.text):
        return (Intent(kind="agenda.show", confidence=0.95, tier="rules"),)
    found = _RATE.fullmatch(heard.text)
    if found and len(found["about"].split()) <= _SHORT and not _ELSEWHERE.search(found["about"]):
        slots = {"about": found["about"].strip()}
        return (Intent(kind="question.ask", slots=slots, confidence=0.85, tier="rules"),)
    return ()


async def by_rule(work: Work) -> Proposal:
    """The answer and where it comes from."""
    intent = work.intents[0]
    if intent.kind == "chat.smalltalk":
        return Proposal(says="At your service.", rationale="Small talk costs nothing.")
    if intent.kind == "agenda.show":
        lines = answers.today_lines(
            await _every(work, "task"),
            await _every(work, "reminder"),
            await _every(work, "event"),
            await _every(work, "invoice"),
            now=work.now,
            locale=work.config.owner.locale,
        )
        return Proposal(says="\n".join(lines), rationale="From your records.")
    about = intent.slots.get("about", "")
    said = answers.what_is(
        about,
        await _every(work, "rate"),
        await _every(work, "fact"),
        now=work.now,
        locale=work.config.owner.locale,
    )
    if said is None:
        found = await work.memory.search(about, limit=5)
        said = answers.found_lines(found, about)
    return Proposal(says=said, rationale="From your records.")


async def _every(work: Work, kind: str) -> tuple[answers.Version, ...]:
    at = work.now if kind in ("rate", "fact") else None
    return await work.memory.every(kind, at=at)


SPECIALIST = Specialist(
    name="answers",
    version="1",
    handles="questions about the owner's own records",
    takes=("question.ask", "agenda.show", "chat.smalltalk"),
    needs={"question.ask": ("about",)},
    reads=(
        *("rate", "fact", "task", "reminder", "event", "invoice", "customer", "contact"),
        *("project", "process", "note", "message", "payment"),
    ),
    recognise=recognise,
    by_rule=by_rule,
    instructions="Slots: about (what is asked for).",
    examples=("what is my hourly rate?", "what's on today"),
    cannot_yet="It does not yet answer what was true at another time.",
)
