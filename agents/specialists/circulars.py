"""Circulars: the same mail to each person on a list, all on one card."""

import re
from dataclasses import dataclass

from agents import correspondence, lists
from agents.specialist import Heard, Specialist, Work
from memory.labels import Label, trusts
from memory.records.contact import Contact
from memory.records.document import Document
from memory.records.group import Group
from memory.records.intent import Intent
from memory.records.kept import normal
from memory.records.mail_many import MailMany
from memory.records.mail_send import Address, MailSend
from memory.records.note import Note
from memory.records.proposal import Choice, Proposal, Question, Suggestion

_KIND = "group.mail"
_MAIL = re.compile(
    rf"(?:please\s+)?(?:send|mail|e-?mail)\s+(?P<what>.+?)\s+to\s+{lists.LIST}", re.IGNORECASE
)
_WRITE = re.compile(
    rf"(?:please\s+)?(?:write|send|mail|e-?mail)\s+(?:to\s+)?{lists.LIST}"
    r"\s*(?::|\bthat\b)\s*(?P<text>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_FILLER = frozenset(("the", "my", "our", "a", "an", "note", "text", "mail", "message", "letter"))
_NAME_WORDS = 4
"""A list's name has no more words; more of them are a sentence."""
_HEAD = 80
"""Characters at the beginning of a note in which its name stands."""
_LONGEST = 4000
_OFFERED = 3
"""At most so many notes of one name are offered as buttons."""


@dataclass(frozen=True)
class _Text:
    """A text of the owner's own, and what it is called."""

    title: str
    body: str


def recognise(heard: Heard) -> tuple[Intent, ...]:
    """Hear "send the opening note to the newsletter list", "write to the list X: ..."."""
    text = heard.text.strip()
    if heard.letter is not None or len(text) > _LONGEST:
        return ()
    written = _WRITE.fullmatch(text)
    if written and len(written["list"].split()) <= _NAME_WORDS:
        return lists.heard(_KIND, list=written["list"], text=written["text"])
    sent = _MAIL.fullmatch(" ".join(text.split()).rstrip(".!?"))
    return lists.heard(_KIND, list=sent["list"], note=sent["what"]) if sent else ()


async def by_rule(work: Work) -> Proposal:
    """One card with every mail on it; one question where there is no text."""
    intent = work.intents[0]
    name = lists.name_of(intent)
    known = await work.memory.by_key(Group.kind, normal(name))
    if known is None:
        return Proposal(says=await lists.unknown(work, name))
    group = Group.model_validate(known.data)
    people = await lists.members(work, group)
    reached = {one.email.lower(): (record, one) for record, one in people.items() if one.email}
    if not reached:
        return Proposal(says=f"Nobody on the {group.name} list has a mail address yet.")
    what = intent.slots.get("note", "")
    text = intent.slots.get("text", "").strip()
    because = "you wrote the text"
    if not text:
        texts = await _texts(work, what)
        if len(texts) > 1:
            return Proposal(ask=_which(work, intent, texts))
        if not texts:
            return Proposal(ask=_ask_text(what, group))
        text, because = texts[0].body, f'the text is yours, "{texts[0].title}"'
    subject = _subject(what, text)
    mails = tuple(
        [await _mail(work, record, contact, subject, text) for record, contact in reached.values()]
    )
    without = [one.name for one in people.values() if not one.email]
    missing = (
        f" {lists.listed(without)} {_has(without)} no address and get none." if without else ""
    )
    return Proposal(
        suggestions=(
            Suggestion(
                effect=MailMany(
                    group=group.name,
                    mails=mails,
                    hold_s=work.config.policy.mail_hold_s,
                    pace_s=work.config.policy.pace_s,
                ),
                heading=f"{subject}, to the {group.name} list",
                rationale=f"You asked for it; {because}.{missing}"[:280],
            ),
        ),
        rationale="You asked for it.",
    )


async def _mail(work: Work, record: str, contact: Contact, subject: str, text: str) -> MailSend:
    signed = await correspondence.signed(work)
    email = (contact.email or "").lower()
    has_name = bool(signed) and normal(text).endswith(normal(signed))
    return MailSend(
        to=(
            Address(
                email=email,
                name=contact.name,
                label=await _label(work, record),
                known=await correspondence.written_before(work, email),
            ),
        ),
        subject=subject,
        body=text if has_name or not signed else f"{text}\n\n{signed}",
        from_address=correspondence.from_address(work),
        signed=signed,
        hold_s=work.config.policy.mail_hold_s,
    )


def _ask_text(what: str, group: Group) -> Question:
    named = lists.ARTICLE.sub("", what).strip()
    about = f'I have no note named "{named}" for the {group.name} list. ' if named else ""
    return Question(text=f"{about}What should it say?", asks="text", button="Type the text")


def _which(work: Work, intent: Intent, texts: list[_Text]) -> Question:
    choices = tuple(
        Choice(
            label=one.title,
            intent=Intent(
                kind=intent.kind,
                slots={"about": work.source.id, **intent.slots, "text": one.body},
                tier="owner",
            ),
        )
        for one in texts[:_OFFERED]
    )
    return Question(
        text="More than one text has that name. Which one shall I send?", choices=choices
    )


async def _texts(work: Work, what: str) -> list[_Text]:
    """The owner's own documents and notes with this name, newest first; of equal ones one."""
    words = [one for one in normal(what).split() if one not in _FILLER]
    if not words:
        return []
    found: dict[str, _Text] = {}
    kept = (*await work.memory.every(Document.kind), *await work.memory.every(Note.kind))
    for one in sorted(kept, key=lambda version: version.recorded_at, reverse=True):
        origin = one.provenance.get("text")
        # a stranger's words are never the owner's text, whatever they call themselves
        if origin is None or not trusts(origin.label, Label.CONFIRMED):
            continue
        if one.kind == Document.kind:
            document = Document.model_validate(one.data)
            name, text = document.name, _Text(document.name, document.text)
        else:
            note = Note.model_validate(one.data)
            name = _name_of(note.text) or note.text[:_HEAD]
            text = _Text(note.title(), _body(note.text))
        if set(words) <= set(normal(name).split()):
            found.setdefault(text.body, text)
    return list(found.values())


def _name_of(text: str) -> str:
    """What stands before a colon or on a first line of its own; empty when nothing does."""
    first = text.strip().split("\n")[0]
    name, colon, _ = first.partition(":")
    if colon and len(name) <= _HEAD:
        return name
    return first if "\n" in text.strip() and len(first) <= _HEAD else ""


def _body(text: str) -> str:
    """The note without its name."""
    name = _name_of(text)
    return (
        text.strip()[len(name) :].lstrip(": \n").strip() or text.strip() if name else text.strip()
    )


def _subject(what: str, text: str) -> str:
    """The note's name as a subject; without one, the text's first words."""
    words = lists.ARTICLE.sub("", what).split()
    while words and words[-1].lower() in _FILLER:
        words.pop()
    named = " ".join(words) or " ".join(text.split()[:6]).rstrip(".,:;!?")
    return named[:1].upper() + named[1:]


async def _label(work: Work, record: str) -> Label:
    known = {one.record: one for one in await work.memory.every(Contact.kind)}
    origin = known[record].provenance.get("email") if record in known else None
    return origin.label if origin else Label.GUESS


def _has(names: list[str]) -> str:
    return "has" if len(names) == 1 else "have"


SPECIALIST = Specialist(
    name="circulars",
    version="1",
    handles="one mail to each person on a list",
    takes=(_KIND,),
    needs={_KIND: ("list",)},
    reads=("group", "contact", "document", "note", "fact", "message"),
    may_propose=(MailMany,),
    recognise=recognise,
    by_rule=by_rule,
    instructions="Slots: list (its name without the word list), note (the name of the text to "
    "send), text (only words that the owner dictates).",
    examples=("send the spring opening note to the newsletter list",),
    cannot_yet="It does not yet write to each person in other words.",
)
