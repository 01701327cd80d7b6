"""Named lists of people: how they are said, who is on them, and how that is told."""

import re

from agents.specialist import Work
from memory.records.contact import Contact
from memory.records.group import Group
from memory.records.intent import Intent

LIST = r"(?:the\s+|my\s+|our\s+|a\s+)?(?P<list>[\w&'][\w&' -]{0,40}?)\s+(?:mailing\s+)?list"
"""A list as it is named in a sentence."""
ARTICLE = re.compile(r"^(?:the|my|our|a|an|this)\s+", re.IGNORECASE)


def heard(kind: str, **slots: str) -> tuple[Intent, ...]:
    """One intent that the rules are sure of."""
    return (Intent(kind=kind, slots=slots, confidence=0.96, tier="rules"),)


def name_of(intent: Intent) -> str:
    """The list's name, without what stands around it."""
    return ARTICLE.sub("", intent.slots["list"]).strip()


async def members(work: Work, group: Group) -> dict[str, Contact]:
    """The contacts of a list by their record, in its order; who was taken back is left out."""
    known = {one.record: one for one in await work.memory.every(Contact.kind)}
    return {
        record: Contact.model_validate(known[record].data)
        for record in group.members
        if record in known
    }


async def unknown(work: Work, name: str) -> str:
    """What to say of a list that is not there: which are, and how to make one."""
    known = [Group.model_validate(one.data) for one in await work.memory.every(Group.kind)]
    lists = f" I have: {listed([one.name for one in known])}." if known else ""
    return (
        f'I have no list called "{name}".{lists} To make one, write for example: '
        f"put Anna on the {name} list."
    )


def listed(names: list[str]) -> str:
    """Names as they are said: "Anna, Tom and Rita"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def many(count: int) -> str:
    """So many people."""
    return "1 person" if count == 1 else f"{count} people"
