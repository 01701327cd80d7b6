"""Profile: who the owner is, as the owner says it."""

import re

from agents.specialist import Heard, Specialist, Work
from memory.records.change import Change
from memory.records.fact import Fact
from memory.records.intent import Intent
from memory.records.proposal import Proposal

_NAMED = re.compile(
    r"\s*(?i:hi|hello|hey)?[\s,!.]*(?i:i['’]?m|i am|my name is|this is|name['’]?s)\s+"
    r"(?P<name>[A-Z][\w'’-]*(?:\s+[A-Z][\w'’-]*){0,2})"
    r"(?:\s*[,.]?\s*(?:and\s+)?(?i:i['’]?m|i am)?\s*(?:an?\s+)?(?P<trade>[a-z][^,.\n]*?))?"
    r"(?:\s*,?\s*\b(?:in|from|based in)\s+(?P<place>[A-Z][^,.!\n]{1,40}))?\s*[.!]*\s*",
)
_FIELDS = {"name": "name", "trade": "trade", "place": "place"}


def recognise(heard: Heard) -> tuple[Intent, ...]:
    """Hear "I'm Lena, brand designer in Porto"."""
    if heard.letter is not None:
        return ()
    found = _NAMED.fullmatch(heard.text)
    if not found:
        return ()
    told = {field: found[field].strip() for field in _FIELDS if found[field]}
    return tuple(
        Intent(
            kind="profile.set",
            slots={"subject": "me", "field": field, "value": value},
            confidence=0.9 if len(told) > 1 else 0.8,
            tier="rules",
        )
        for field, value in told.items()
    )


async def by_rule(work: Work) -> Proposal:
    """One fact for each thing the owner said about themselves."""
    changes: list[Change] = []
    for intent in work.intents:
        fact = Fact(subject="me", field=intent.slots["field"], value=intent.slots["value"])
        changes.append(
            Change.to(
                fact,
                was=await work.memory.version(fact),
                provenance={"value": work.seen()},
            )
        )
    told = {one.slots["field"]: one.slots["value"] for one in work.intents}
    name = told.get("name", "").split(" ")[0]
    rest = " in ".join(told[field] for field in ("trade", "place") if field in told)
    return Proposal(
        changes=tuple(changes),
        says=_said(name, rest),
        rationale="You told me about yourself.",
    )


def _said(name: str, rest: str) -> str:
    noted = f"Noted: {rest}." if rest else ""
    signed = f"I sign your mails as {name}." if name else ""
    return " ".join(part for part in (f"Hello {name}." if name else "", noted, signed) if part)


SPECIALIST = Specialist(
    name="profile",
    version="1",
    handles="who the owner is",
    takes=("profile.set",),
    needs={"profile.set": ("field", "value")},
    reads=("fact",),
    writes=("fact",),
    recognise=recognise,
    by_rule=by_rule,
    instructions='Slots: subject ("me"), field (name, trade, place), value.',
    examples=("I'm Lena, brand designer in Porto",),
    cannot_yet="It does not yet set the clock from the place; that is in config.toml.",
)
