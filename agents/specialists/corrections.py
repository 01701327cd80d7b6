"""Corrections: a reply to a filed line makes a new version of what the line is about."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from agents.specialist import Heard, Specialist, Work
from memory import money, when
from memory.records.change import Change, Version
from memory.records.customer import Customer
from memory.records.intent import Intent
from memory.records.kept import Kept, normal
from memory.records.kinds import kept_of
from memory.records.money import Money
from memory.records.note import Note
from memory.records.project import Project
from memory.records.proposal import Choice, Proposal, Question

_KIND, _UNCLEAR = "record.correct", "record.unclear"
_RECORD, _NEW = "@record", "@new"
"""Slots of our own, which no reading of a text can fill."""
_LONGEST = 160
_SHOWN = 60
_OFFERED = 3
_LEAD = re.compile(
    r"^(?:(?:no|nope|not\s+quite|sorry|actually|oops|wait|i\s+meant?|correction|rather|please)\b"
    r"[\s,:;.-]*)*"
    r"(?:(?:make|move|change|set|push|put|shift)\s+(?:it|that|this)\s+(?:(?:to|for|on|at|be)\s+)?"
    r"|(?:it|that|this)(?:['’]s|\s+is|\s+should\s+be|\s+must\s+be|\s+was)\s+(?:not\s+)?"
    r"|should\s+be\s+|better\s+|only\s+)?",
    re.IGNORECASE,
)
_REST = re.compile(r"^(?:instead|please|then|rather|now|on|at|by|for|to|[\s,.;])*$", re.IGNORECASE)
_CLOCK_ONLY = re.compile(r"(?:at\s+)?\d{1,2}(?:[:.h]\d{2})?\s*(?:am|pm|h|o'clock)?", re.IGNORECASE)
_PER = re.compile(r"\s*(?:an?|per|/)\s*(?:hour|day|week|month|year|piece|h)$", re.IGNORECASE)
_FOR = re.compile(r"(?:for|about|with|belongs\s+to)\s+(?P<name>[^?.!,]+)", re.IGNORECASE)
_WORDS = re.compile(
    r"\s*(?:call\s+(?:it|that)|name\s+it|rename(?:\s+it)?(?:\s+to)?|(?:it|that)\s+should\s+(?:say|read)"
    r"|make\s+(?:it|that)\s+(?:say|read))\s*[:,]?\s*[\"“']?(?P<words>[^\"”]+?)[\"”']?\s*",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"(?:it['’]?s\s+|that['’]?s\s+|is\s+|already\s+)*(?:done|finished)|did\s+(?:it|that)(?:\s+already)?",
    re.IGNORECASE,
)
_DROPPED = re.compile(
    r"drop\s+(?:it|that)|not\s+needed(?:\s+any\s*more)?|forget\s+(?:it|that)|never\s*mind",
    re.IGNORECASE,
)
_FIELDS: dict[str, tuple[tuple[str, ...], ...]] = {
    "when": (("task", "reminder", "event"), ("project",)),
    "amount": (("rate",), ("project",)),
    "for": (("task", "project", "reminder", "note", "event"), ("contact",)),
    "words": (("task", "reminder", "event", "note"), ("project", "rate")),
    "state": (("task", "reminder"),),
}
"""What can be corrected of which kinds of record; the first group that fits is meant."""
_TEXT = {"note": "text", "project": "name"}
"""Where a kind keeps its words, when that is not "what"."""


def recognise(heard: Heard) -> tuple[Intent, ...]:
    """Hear "no, Friday week", "make it 95", "that's for Harbor" in reply to a filed line."""
    said = heard.text.strip()
    if not heard.about or heard.letter is not None or not said or len(said) > _LONGEST:
        return ()
    found = _read(said, heard)
    if found is None:
        return ()
    field, value = found
    slots = {"field": field, "value": value}
    meant = _meant(field, heard.about)
    if len(meant) == 1:
        slots[_RECORD] = meant[0].record
        return (Intent(kind=_KIND, slots=slots, confidence=0.97, tier="rules"),)
    return (Intent(kind=_UNCLEAR, slots=slots, confidence=0.97, tier="rules"),) if meant else ()


async def by_rule(work: Work) -> Proposal:
    """A new version of the record, or a question with the best guesses."""
    intent = work.intents[0]
    slots = intent.slots
    if slots.get("field") == "leave":
        return Proposal(says="Left as it is.", rationale="You chose so.")
    if intent.kind == _UNCLEAR:
        return await _asked(work, slots)
    version = await _version(work, slots.get(_RECORD, ""))
    if version is None:
        return Proposal(says="That one is taken back already, so there is nothing to change.")
    kept = kept_of(version.kind, version.data)
    if slots["field"] == "for":
        return await _linked(work, version, kept, slots)
    changed, words = _CHANGES[slots["field"]](kept, slots["value"], work)
    return _proposal(work, version, kept, changed, words)


def _proposal(
    work: Work, version: Version, kept: Kept, changed: Kept, words: str, *more: Change
) -> Proposal:
    if changed == kept and not more:
        return Proposal(says=f"{kept.title()}: it is so already; nothing changes.")
    provenance = {
        name: work.seen(method="owner")
        for name, value in changed.data().items()
        if value != kept.data()[name]
    }
    # since the same moment as before: what is corrected was a mistake, and never true
    change = Change.to(changed, was=version, valid_from=version.valid_from, provenance=provenance)
    if kept.kind == "rate":
        change = change.model_copy(update={"valid_from": None})
    return Proposal(changes=(*more, change), says=words, rationale="You corrected it.")


def _read(said: str, heard: Heard) -> tuple[str, str] | None:
    """What is to be changed and to what, if every word is understood."""
    named = _WORDS.fullmatch(said)
    if named:
        return "words", named["words"].strip()
    rest = said[_LEAD.match(said).end() :] if _LEAD.match(said) else said  # pyright: ignore[reportOptionalMemberAccess]
    bare = rest.strip(" .,;")
    if _DONE.fullmatch(bare):
        return "state", "done"
    if _DROPPED.fullmatch(bare):
        return "state", "dropped"
    moment = _moment(rest, heard)
    amount = _amount(bare, heard.currency, heard.locale)
    if moment is not None and not (amount and _meant("amount", heard.about)):
        return "when", moment
    if amount is not None:
        return "amount", amount
    owned = _FOR.fullmatch(bare)
    if owned and len(owned["name"].split()) <= 5:
        return "for", owned["name"].strip()
    return None


def _moment(rest: str, heard: Heard) -> str | None:
    """A day or a time that is all there is."""
    found = when.first(rest, now=heard.now, locale=heard.locale)
    if found is None or found.choices or found.repeats:
        return None
    if not _REST.match(rest[: found.span[0]]) or not _REST.match(rest[found.span[1] :]):
        return None
    return _iso(found)


def _iso(found: when.When) -> str:
    if not found.has_time:
        return found.day.isoformat()
    if _CLOCK_ONLY.fullmatch(found.text.strip()):
        return f"T{found.start:%H:%M}"
    return found.start.isoformat()


def _amount(bare: str, currency: str, locale: str) -> str | None:
    """A sum that is all there is; a bare number is one of the owner's currency."""
    bare = _PER.sub("", bare)
    found = money.numbers(bare, currency=currency, locale=locale)
    if len(found) == 1 and not found[0].choices:
        left = bare[: found[0].span[0]] + bare[found[0].span[1] :]
        return str(found[0].money) if not left.strip() else None
    if bare.isdecimal() and not found:
        try:
            return str(Money.of(Decimal(bare), currency))
        except InvalidOperation:
            return None
    return None


def _meant(field: str, about: tuple[Version, ...]) -> list[Version]:
    """Which of the records a correction can mean."""
    for kinds in _FIELDS[field]:
        found = [one for one in about if one.kind in kinds]
        if found:
            return found
    return []


async def _version(work: Work, record: str) -> Version | None:
    kinds = {kind for groups in _FIELDS.values() for group in groups for kind in group}
    for kind in sorted(kinds):
        for version in await work.memory.every(kind):
            if version.record == record:
                return version
    return None


def _moved(kept: Kept, value: str, work: Work) -> tuple[Kept, str]:
    """Another day or another time."""
    fields, before, after = _MOVES[kept.kind](kept.model_copy(), value, work)
    by = "by " if kept.kind in ("task", "project") else ""
    was = f" (was {_said(before, work)})" if before else ""
    return kept.changed(**fields), f"Changed: {kept.title()}, {by}{_said(after, work)}{was}."


def _said(moment: date | datetime, work: Work) -> str:
    if isinstance(moment, datetime):
        moment = moment.astimezone(work.zone)
    return when.say(moment, now=work.now, locale=work.config.owner.locale)


Moved = tuple[dict[str, object], date | datetime | None, date | datetime]
"""The fields that change; the moment before, in words; the moment after."""


def _due(kept: Kept, value: str, work: Work) -> Moved:
    name = "deadline" if kept.kind == "project" else "due"
    before = kept.data()[name]
    was = date.fromisoformat(str(before)) if before else None
    day = (was or work.now.date()) if value.startswith("T") else date.fromisoformat(value[:10])
    return {name: day}, was, day


def _at(kept: Kept, value: str, work: Work) -> Moved:
    was = datetime.fromisoformat(str(kept.data()["at"])).astimezone(work.zone)
    all_day = bool(kept.data()["all_day"])
    at = _placed(was, value, work)
    only_day = all_day and "T" not in value
    before = was.date() if all_day else was
    fields: dict[str, object] = {"at": at, "all_day": only_day, "state": "waiting"}
    return fields, before, at.date() if only_day else at


def _start(kept: Kept, value: str, work: Work) -> Moved:
    was = datetime.fromisoformat(str(kept.data()["start"])).astimezone(work.zone)
    start = _placed(was, value, work)
    end = kept.data()["end"]
    fields: dict[str, object] = {"start": start}
    if end:
        fields["end"] = start + (datetime.fromisoformat(str(end)) - was)
    return fields, was, start


def _placed(was: datetime, value: str, work: Work) -> datetime:
    """The moment moved: a day keeps the time, a time keeps the day."""
    if value.startswith("T"):
        return datetime.combine(was.date(), time.fromisoformat(value[1:]), work.zone)
    if "T" not in value:
        return datetime.combine(date.fromisoformat(value), was.time(), work.zone)
    moment = datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=work.zone)


_MOVES: dict[str, Callable[[Kept, str, Work], Moved]] = {
    "task": _due,
    "project": _due,
    "reminder": _at,
    "event": _start,
}


def _priced(kept: Kept, value: str, work: Work) -> tuple[Kept, str]:
    """Another sum."""
    name = "price" if kept.kind == "rate" else "budget"
    was = kept.data()[name]
    amount, _, currency = value.partition(" ")
    price = Money.of(amount, currency or work.config.owner.currency)
    locale = work.config.owner.locale
    before = f" (was {money.say(Money.model_validate(was), locale=locale)})" if was else ""
    said = money.say(price, locale=locale)
    return kept.changed(**{name: price}), f"Changed: {kept.title()}, {said}{before}."


def _reworded(kept: Kept, value: str, _work: Work) -> tuple[Kept, str]:
    """Other words."""
    changed = kept.changed(**{_TEXT.get(kept.kind, "what"): value})
    return changed, f'Changed: "{changed.title()}" (was "{kept.title()}").'


def _ended(kept: Kept, value: str, _work: Work) -> tuple[Kept, str]:
    """It is done, or not wanted any more."""
    over = "told" if kept.kind == "reminder" and value == "done" else value
    said = "Done" if value == "done" else "Dropped"
    return kept.changed(state=over), f"{said}: {kept.title()}."


_CHANGES: dict[str, Callable[[Kept, str, Work], tuple[Kept, str]]] = {
    "when": _moved,
    "amount": _priced,
    "words": _reworded,
    "state": _ended,
}


@dataclass(frozen=True)
class _Owner:
    """Whose something is."""

    name: str
    customer: str | None
    project: str | None = None


async def _linked(work: Work, version: Version, kept: Kept, slots: dict[str, str]) -> Proposal:
    """Whose it is: a customer or a project that is known, else a question."""
    name = slots["value"]
    if slots.get(_NEW):
        fresh = Customer(name=name)
        filed = Change.to(
            fresh, was=await work.memory.version(fresh), provenance={"name": work.seen()}
        )
        changed, words = _owned(kept, _Owner(name, filed.record))
        return _proposal(work, version, kept, changed, words, filed)
    owners = await _owners(work, name)
    if len(owners) == 1:
        changed, words = _owned(kept, owners[0], before=await _customer_of(work, kept))
        return _proposal(work, version, kept, changed, words)
    leave = Choice(
        label="Leave it", intent=Intent(kind=_KIND, slots={"field": "leave"}, tier="owner")
    )
    if owners:
        choices = [_choice(one.name, version.record, "for", one.name) for one in owners[:_OFFERED]]
        text = f'Which "{name}" is {kept.title()} for?'
    else:
        choices = [_choice(f"New customer {name}", version.record, "for", name, new=True)]
        text = f'I know no customer or project called "{name}", so I changed nothing yet.'
    return Proposal(ask=Question(text=text, choices=(*choices, leave)))


async def _owners(work: Work, name: str) -> list[_Owner]:
    """Customers and projects with these words in their name; the exact one alone if there is."""
    asked = set(normal(name).split())
    found = [
        _Owner(Customer.model_validate(one.data).name, one.record)
        for one in await work.memory.every(Customer.kind)
    ]
    for one in await work.memory.every(Project.kind):
        project = Project.model_validate(one.data)
        found.append(_Owner(project.name, project.customer, one.record))
    exact = [one for one in found if normal(one.name) == normal(name)]
    return exact[:1] or [one for one in found if asked <= set(normal(one.name).split())]


async def _customer_of(work: Work, kept: Kept) -> str:
    """The name of the customer it is for now; empty when it is for none."""
    for one in await work.memory.every(Customer.kind):
        if one.record == kept.data().get("customer"):
            return Customer.model_validate(one.data).name
    return ""


def _owned(kept: Kept, owner: _Owner, *, before: str = "") -> tuple[Kept, str]:
    fields = type(kept).model_fields
    was = f" (was {before})" if before and before != owner.name else ""
    told = f"Changed: {kept.title()}, for {owner.name}{was}."
    links = {
        name: link
        for name, link in (("customer", owner.customer), ("project", owner.project))
        if name in fields and link is not None
    }
    if links:
        return kept.changed(**links), told
    words = _TEXT.get(kept.kind, "what")
    if normal(owner.name) in normal(kept.title()):
        return kept, told
    return kept.changed(**{words: f"{kept.data()[words]} ({owner.name})"}), told


async def _asked(work: Work, slots: dict[str, str]) -> Proposal:
    """Never a silent guess, never a dead end."""
    about = [one for one in work.about if one.data is not None]
    if "field" in slots:
        meant = _meant(slots["field"], tuple(about))[:_OFFERED]
        choices = [
            _choice(_title(one), one.record, slots["field"], slots["value"]) for one in meant
        ]
        return Proposal(
            ask=Question(text="Which one do you want to change?", choices=tuple(choices))
        )
    text = " ".join(work.source.text.split())
    note = Note(text=text, origin=work.source.id)
    change = Change.to(note, was=await work.memory.version(note), provenance={"text": work.seen()})
    guesses = _guesses(work, text, tuple(about))
    keep = Choice(label="Just the note", intent=Intent(kind="note.kept", tier="owner"))
    shown = text if len(text) <= _SHOWN else text[: _SHOWN - 4].rsplit(" ", 1)[0] + " ..."
    title = _title(about[0]) if len(about) == 1 else "what I filed"
    return Proposal(
        changes=(change,),
        ask=Question(
            text=f'I\'m not sure what to change in "{title}" with "{shown}". '
            "I kept it as a note, nothing is lost.",
            choices=(*guesses[:2], keep),
        ),
    )


def _guesses(work: Work, text: str, about: tuple[Version, ...]) -> list[Choice]:
    """What it may mean: a day or a sum in it, else the words themselves."""
    found: list[Choice] = []
    owner = work.config.owner
    moment = when.first(text, now=work.now, locale=owner.locale)
    if moment is not None and not moment.choices and not moment.repeats:
        said = when.say(moment.start if moment.has_time else moment.day, now=work.now)
        found += [
            _choice(f"Move it to {said}", one.record, "when", _iso(moment))
            for one in _meant("when", about)[:1]
        ]
    for amount in money.numbers(text, currency=owner.currency, locale=owner.locale)[:1]:
        said = money.say(amount.money, locale=owner.locale)
        found += [
            _choice(f"Make it {said}", one.record, "amount", str(amount.money))
            for one in _meant("amount", about)[:1]
        ]
    words = _meant("words", about)[:1]
    return found + [_choice("Make it read so", one.record, "words", text) for one in words]


def _choice(label: str, record: str, field: str, value: str, *, new: bool = False) -> Choice:
    slots = {_RECORD: record, "field": field, "value": value, **({_NEW: "1"} if new else {})}
    return Choice(label=label, intent=Intent(kind=_KIND, slots=slots, tier="owner"))


def _title(version: Version) -> str:
    return kept_of(version.kind, version.data).title()


_TOUCHED = ("task", "reminder", "event", "project", "rate", "note", "contact", "customer")

SPECIALIST = Specialist(
    name="corrections",
    version="1",
    handles="corrections of what was filed",
    takes=(_KIND, _UNCLEAR),
    # a model can't say which record: only a reply to its line does
    needs={_KIND: (_RECORD,), _UNCLEAR: (_RECORD,)},
    reads=_TOUCHED,
    writes=_TOUCHED,
    recognise=recognise,
    by_rule=by_rule,
    instructions="Never: the line that is answered says what is corrected.",
    examples=("no, make it 95 EUR",),
    cannot_yet="It does not yet correct two things with one reply.",
)
