"""Lists: who is on one, as the owner says it."""

import re
from dataclasses import dataclass

from agents import lists
from agents.specialist import Heard, Specialist, Work
from memory.records.change import Change, Version
from memory.records.contact import Contact
from memory.records.group import Group
from memory.records.intent import Intent
from memory.records.kept import normal
from memory.records.proposal import Proposal, Question

_JOIN, _LEAVE, _SHOW = "group.join", "group.leave", "group.show"
_ADD = re.compile(
    rf"(?:please\s+)?(?:put|add)\s+(?P<who>.+?)\s+(?:on|onto|to|in|into)\s+{lists.LIST}", re.I
)
_MAKE = re.compile(
    r"(?:please\s+)?(?:make|create|start|new)\s+(?:(?:a|an|the|new|mailing)\s+)*list\s+"
    r"(?:called\s+|named\s+|for\s+)?[\"']?(?P<list>[\w&'][\w&' -]{0,40}?)[\"']?"
    r"\s*(?:with|of|:)\s+(?P<who>.+)",
    re.IGNORECASE,
)
_TAKE_OFF = re.compile(
    rf"(?:please\s+)?(?:take|remove|drop)\s+(?P<who>.+?)\s+(?:off|from|out\s+of)\s+{lists.LIST}",
    re.IGNORECASE,
)
_WHO = re.compile(
    rf"(?:(?:who\s+is|who's|who\s+are)\s+on|show(?:\s+me)?)\s+{lists.LIST}", re.IGNORECASE
)
_EMAIL = re.compile(r"[^\s<>,;:()]+@[^\s<>,;:()]+\.[^\s<>,;:().]+")
_LONGEST = 1000


def recognise(heard: Heard) -> tuple[Intent, ...]:
    """Hear "put Anna on the newsletter list", "who is on the newsletter list"."""
    text = heard.text.strip()
    if heard.letter is not None or len(text) > _LONGEST:
        return ()
    said = " ".join(text.split()).rstrip(".!?")
    for pattern, kind in ((_ADD, _JOIN), (_MAKE, _JOIN), (_TAKE_OFF, _LEAVE)):
        found = pattern.fullmatch(said)
        if found:
            new = {"new": "yes"} if pattern is _MAKE else {}
            return lists.heard(kind, list=found["list"], who=found["who"], **new)
    asked = _WHO.fullmatch(said)
    return lists.heard(_SHOW, list=asked["list"]) if asked else ()


async def by_rule(work: Work) -> Proposal:
    """The list as it will be, or who is on it."""
    intent = work.intents[0]
    name = lists.name_of(intent)
    known = await work.memory.by_key(Group.kind, normal(name))
    if intent.kind == _JOIN:
        return await _joined(work, intent, name, known)
    if known is None:
        return Proposal(says=await lists.unknown(work, name))
    if intent.kind == _LEAVE:
        return await _left(work, intent, known)
    return await _shown(work, known)


async def _joined(work: Work, intent: Intent, name: str, known: Version | None) -> Proposal:
    """Put people on a list; a list that is not there yet is made."""
    found = await _found(work, intent.slots["who"], intent.slots.get("address"))
    if found.ask is not None:
        return Proposal(ask=found.ask)
    group = Group.model_validate(known.data) if known else Group(name=name)
    members = tuple(dict.fromkeys((*group.members, *(one.record for one in found.people))))
    names = lists.listed([one.title for one in found.people])
    if members == group.members:
        return Proposal(says=f"{names} {_is(found.people)} on the {group.name} list already.")
    was = known or await work.memory.version(group)
    better = group.changed(members=members)
    change = Change.to(better, was=was, provenance={"members": work.seen(method="owner")})
    made = "" if known else " I made the list."
    return Proposal(
        changes=(*found.changes, change),
        says=f"{names} {_is(found.people)} on the {group.name} list now, "
        f"{lists.many(len(members))} in all.{made}",
        rationale="You asked for it.",
    )


async def _left(work: Work, intent: Intent, known: Version) -> Proposal:
    group = Group.model_validate(known.data)
    people = await lists.members(work, group)
    wanted = [normal(one) for one in _names_in(intent.slots["who"])]
    gone = {
        record
        for record, contact in people.items()
        if normal(contact.name) in wanted
        or (contact.email or "") in wanted
        or normal(contact.name.split(" ")[0]) in wanted
    }
    if not gone:
        return Proposal(says=f"{intent.slots['who']} is not on the {group.name} list.")
    better = group.changed(members=tuple(one for one in group.members if one not in gone))
    change = Change.to(better, was=known, provenance={"members": work.seen(method="owner")})
    names = lists.listed([people[one].name for one in group.members if one in gone])
    return Proposal(
        changes=(change,),
        says=f"{names} {'is' if len(gone) == 1 else 'are'} off the {group.name} list, "
        f"{lists.many(len(better.members))} left.",
        rationale="You asked for it.",
    )


async def _shown(work: Work, known: Version) -> Proposal:
    group = Group.model_validate(known.data)
    people = (await lists.members(work, group)).values()
    lines = [f"- {one.name}" + (f", {one.email}" if one.email else "") for one in people]
    return Proposal(
        says="\n".join([f"On the {group.name} list, {lists.many(len(lines))}:", *lines])
    )


@dataclass(frozen=True)
class _Found:
    """Who was meant, and what has to be filed or asked first."""

    people: tuple[Change, ...] = ()
    changes: tuple[Change, ...] = ()
    ask: Question | None = None


async def _found(work: Work, who: str, address: str | None) -> _Found:
    """The contacts that the words name; somebody new needs an address."""
    contacts = [
        (one, Contact.model_validate(one.data)) for one in await work.memory.every(Contact.kind)
    ]
    people: list[Change] = []
    changes: list[Change] = []
    for name in _names_in(who):
        email = _EMAIL.search(name)
        said = email.group().lower() if email else None
        bare = " ".join(_EMAIL.sub(" ", name).split()).strip(" <>()")
        same = [one for one in contacts if _is_meant(one[1], bare, said)]
        if len(same) > 1:
            return _Found(ask=_ask_who(name, [one for _, one in same]))
        if same:
            people.append(Change.to(same[0][1], was=same[0][0]))
            continue
        typed = _EMAIL.search(address or "")
        said = said or (typed.group().lower() if typed else None)
        if said is None:
            return _Found(ask=_ask_address(bare, wrong=address))
        contact = Contact(name=bare or said, email=said)
        was = await work.memory.version(contact)
        seen = work.seen(method="owner")
        change = Change.to(contact, was=was, provenance={"name": seen, "email": seen})
        people.append(change)
        changes.append(change)
    return _Found(tuple(people), tuple(changes))


def _is_meant(contact: Contact, name: str, email: str | None) -> bool:
    if email is not None:
        return contact.email == email
    whole, said = normal(contact.name), normal(name)
    return bool(said) and (said == whole or said in (whole.split(" ")[0], contact.email))


def _ask_who(name: str, people: list[Contact]) -> Question:
    said = ", ".join(f"{one.name} ({one.email or one.phone or 'no address'})" for one in people)
    return Question(
        text=f"Which {name} do you mean: {said}? Type the whole name or the address.",
        asks="who",
        button="Type the name",
    )


def _ask_address(name: str, *, wrong: str | None) -> Question:
    text = f"I don't know {name} yet. What is the mail address?"
    if wrong:
        text = f'"{wrong}" is not a mail address. What is the mail address of {name}?'
    return Question(text=text, asks="address", button="Type the address")


def _names_in(who: str) -> list[str]:
    parts = re.split(r"\s*(?:,|;|\band\b|&)\s*", who)
    return [one.strip(" .\"'") for one in parts if one.strip(" .\"'")]


def _is(people: tuple[Change, ...]) -> str:
    return "is" if len(people) == 1 else "are"


SPECIALIST = Specialist(
    name="lists",
    version="1",
    handles="lists of people: who is on them",
    takes=(_JOIN, _LEAVE, _SHOW),
    needs={_JOIN: ("list", "who"), _LEAVE: ("list", "who"), _SHOW: ("list",)},
    reads=("group", "contact"),
    writes=("group", "contact"),
    recognise=recognise,
    by_rule=by_rule,
    instructions="Slots: list (its name without the word list), who (names as they are said).",
    examples=("put Anna on the newsletter list", "who is on the newsletter list"),
    cannot_yet="It does not yet put people on a list by what they have in common.",
)
