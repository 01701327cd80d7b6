"""Calendar: appointments the owner names, with a file to tap."""

import re
from datetime import timedelta

from agents.specialist import Heard, Specialist, Work
from memory import when
from memory.records.calendar_add import CalendarAdd
from memory.records.change import Change
from memory.records.event import Event
from memory.records.intent import Intent
from memory.records.proposal import Proposal, Suggestion

_MEETING = re.compile(
    r"\b(?:lunch|dinner|breakfast|coffee|call|meeting|meet|kick-?off|appointment|workshop|visit|"
    r"shoot|session|interview|drinks|demo|review)\b",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:remind|tell|move|cancel|push|make it|can'?t|answer|reply|nudge|then|before|after|block|"
    r"email|mail)\b|,.*\band\b|\band\b.*,",
    re.IGNORECASE,
)
"""Words that make it something else, or more than an appointment."""
_LEAD = re.compile(
    r"^\s*(?:(?:please\s+)?(?:book|schedule|put|add|plan|set\s+up)\s+)?(?:(?:an?|the|in|my)\s+)*",
    re.IGNORECASE,
)
_HOUR = timedelta(hours=1)


def recognise(heard: Heard) -> tuple[Intent, ...]:
    """Hear "lunch with Anna Friday 1pm"."""
    text = heard.text
    if heard.letter is not None or len(text) > 160 or "?" in text or not _MEETING.search(text):
        return ()
    moment = when.first(text, now=heard.now, locale=heard.locale)
    if moment is None or not moment.has_time or moment.choices or moment.repeats:
        return ()
    what = f"{text[: moment.span[0]].strip()} {text[moment.span[1] :].strip()}"
    what = re.sub(r"\b(?:on|at|for|by)\s*$", "", _LEAD.sub("", what).strip()).strip(" ,.")
    if not what or _OTHER.search(text):
        return ()
    slots = {"title": what[0].upper() + what[1:], "start": moment.start.isoformat()}
    if moment.end is not None:
        slots["end"] = moment.end.isoformat()
    return (Intent(kind="event.create", slots=slots, confidence=0.88, tier="rules"),)


async def by_rule(work: Work) -> Proposal:
    """The appointment as a record, and as a file for the owner's calendar."""
    slots = work.intents[0].slots
    event = Event.model_validate(
        {
            "what": slots["title"],
            "start": slots["start"],
            "end": slots.get("end"),
            "origin": work.source.id,
        }
    )
    start = event.start if event.start.tzinfo else event.start.replace(tzinfo=work.zone)
    event = event.changed(start=start)
    file = CalendarAdd(
        what=event.what,
        start=event.start,
        end=event.end or event.start + _HOUR,
        zone=str(work.zone),
        entry=f"{event.record_id()}@steward",
    )
    said = when.say(event.start.astimezone(work.zone), now=work.now)
    return Proposal(
        changes=(Change.to(event, provenance={"what": work.seen(), "start": work.seen()}),),
        suggestions=(
            Suggestion(
                effect=file,
                heading=f"Calendar: {event.what}",
                rationale="You named an appointment; tap the file to have it in your calendar.",
            ),
        ),
        says=f"{event.what}, {said}.",
        rationale="You named an appointment.",
    )


SPECIALIST = Specialist(
    name="calendar",
    version="1",
    handles="appointments",
    takes=("event.create",),
    needs={"event.create": ("title", "start")},
    reads=("event",),
    writes=("event",),
    may_propose=(CalendarAdd,),
    recognise=recognise,
    by_rule=by_rule,
    instructions="Slots: title, start and end as ISO times.",
    examples=("lunch with Anna Friday 1pm",),
    cannot_yet="It does not yet move or cancel appointments.",
)
