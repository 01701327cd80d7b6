"""Contacts: people the owner wants kept, from an address book or in so many words."""

import re

from agents.specialist import Heard, Specialist, Work
from memory.labels import Label, trusts
from memory.records.change import Change, Version
from memory.records.contact import Contact
from memory.records.customer import Customer
from memory.records.intent import Intent
from memory.records.kept import normal
from memory.records.proposal import Proposal

_KIND = "contact.save"
_LEAD = re.compile(
    r"\s*(?:please\s+)?(?:save|add|new|keep|create)\s+(?:(?:the|an?|this|as|to|my)\s+)*"
    r"contacts?\b\s*[:,]?\s*(?:for\s+)?",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[^\s<>,;:()]+@[^\s<>,;:()]+\.[^\s<>,;:().]+")
_PHONE = re.compile(r"\+?\(?\d[\d\s()./-]{5,}\d")
_LABELS = re.compile(r"\b(?:e-?mail|mail|phone|tel|mobile|cell|number)\b\s*[.:]?", re.IGNORECASE)
_COMPANY = re.compile(r"^(?P<name>.+?)\s+(?:from|at|of)\s+(?P<company>\S.*)$", re.IGNORECASE)
_LONGEST = 200
_DIGITS = 8
"""So many last digits make two numbers the same, however the country is written."""


def recognise(heard: Heard) -> tuple[Intent, ...]:
    """Hear "save contact Marta Silva, marta@bluefincafe.example, +351 210 000 010"."""
    text = heard.text.strip()
    found = _LEAD.match(text)
    if heard.letter is not None or found is None or len(text) > _LONGEST:
        return ()
    rest = text[found.end() :]
    email, phone = _EMAIL.search(rest), _PHONE.search(rest)
    for one in (email, phone):
        rest = rest.replace(one.group(), " ", 1) if one else rest
    rest = " ".join(_LABELS.sub(" ", rest).split())
    parts = [part for one in re.split(r"[,;\n]", rest) if (part := one.strip(" .<>"))]
    if not parts:
        return ()
    works = _COMPANY.match(parts[0])
    slots = {
        "name": works["name"] if works else parts[0],
        "email": email.group() if email else "",
        "phone": phone.group().strip() if phone else "",
        "company": works["company"] if works else (parts[1] if len(parts) > 1 else ""),
    }
    slots = {name: value for name, value in slots.items() if value}
    sure = len(parts) <= 2 and len(slots) > 1
    return (Intent(kind=_KIND, slots=slots, confidence=0.92 if sure else 0.5, tier="rules"),)


async def by_rule(work: Work) -> Proposal:
    """A new contact, or what is new about a known one."""
    changes: dict[str, Change] = {}
    says: list[str] = []
    customers = await work.memory.every(Customer.kind)
    for intent in work.intents:
        if intent.kind != _KIND:
            continue
        wanted = _wanted(intent, customers)
        known = await _known(work, wanted)
        if known is None:
            was = await work.memory.version(wanted)
            change = Change.to(wanted, was=was, provenance=_seen(work, wanted))
            changes[change.record] = change
            says.append(f"Contact saved: {_line(wanted)}.")
            continue
        kept = Contact.model_validate(known.data)
        better, left = _better(kept, wanted, work.label)
        if better != kept:
            change = Change.to(better, was=known, provenance=_seen(work, better))
            changes[change.record] = change
            says.append(f"Contact updated: {_line(better)}.")
        elif not left:
            says.append(f"I have {_line(kept)} already; nothing changes.")
        if left:
            says.append(f"I keep {' and '.join(left)} for {kept.name}; this one says otherwise.")
    rationale = "You shared a contact." if changes else ""
    return Proposal(changes=tuple(changes.values()), says="\n".join(says), rationale=rationale)


def _wanted(intent: Intent, customers: tuple[Version, ...]) -> Contact:
    slots = intent.slots
    company = normal(slots.get("company", ""))
    customer = next((one.record for one in customers if company and one.key == company), None)
    return Contact(
        name=slots["name"],
        email=slots["email"].lower() if slots.get("email") else None,
        phone=slots.get("phone"),
        customer=customer,
    )


async def _known(work: Work, wanted: Contact) -> Version | None:
    """The same person: by mail address, by number, else by name where no address differs."""
    people = [(one, Contact.model_validate(one.data)) for one in await work.memory.every("contact")]
    for same in (_same_email, _same_phone, _same_name):
        for version, contact in people:
            if same(contact, wanted):
                return version
    return None


def _same_email(one: Contact, other: Contact) -> bool:
    return bool(one.email) and one.email == other.email


def _same_phone(one: Contact, other: Contact) -> bool:
    digits = [re.sub(r"\D", "", two.phone or "")[-_DIGITS:] for two in (one, other)]
    return len(digits[0]) == _DIGITS and digits[0] == digits[1]


def _same_name(one: Contact, other: Contact) -> bool:
    named = normal(one.name) == normal(other.name)
    return named and not (one.email and other.email and one.email != other.email)


def _better(kept: Contact, wanted: Contact, label: Label) -> tuple[Contact, list[str]]:
    """The contact with what is new, and what a stranger's card says otherwise of."""
    may_replace = trusts(label, Label.CONFIRMED)
    new: dict[str, object] = {}
    left: list[str] = []
    for field in ("phone", "email", "customer"):
        had, said = getattr(kept, field), getattr(wanted, field)
        if not said or said == had or (field == "phone" and _same_phone(kept, wanted)):
            continue
        if had is None or (may_replace and field != "customer"):
            new[field] = said
        elif field != "customer":
            left.append(str(had))
    return kept.changed(**new), left


def _seen(work: Work, contact: Contact):
    given = (name for name in ("name", "email", "phone") if getattr(contact, name))
    return {name: work.seen(method="owner") for name in given}


def _line(contact: Contact) -> str:
    # a number is read in one go, so no line may break within it
    phone = (contact.phone or "").replace(" ", "\N{NO-BREAK SPACE}")
    return ", ".join(part for part in (contact.name, phone, contact.email) if part)


SPECIALIST = Specialist(
    name="contacts",
    version="1",
    handles="people and numbers to keep",
    takes=(_KIND,),
    needs={_KIND: ("name",)},
    reads=("contact", "customer"),
    writes=("contact",),
    recognise=recognise,
    by_rule=by_rule,
    instructions="Slots: name, email, phone, company (only what is said).",
    examples=("save contact Marta Silva, marta@bluefincafe.example",),
    cannot_yet="It does not yet join two contacts that turn out to be one person.",
)
