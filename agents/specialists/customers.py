"""Customers: who writes becomes a contact, a customer and, when work is asked for, a project."""

from agents import companies, enquiry
from agents.specialist import Specialist, Work
from memory.records.change import Change
from memory.records.contact import Contact
from memory.records.customer import Customer
from memory.records.kept import Kept
from memory.records.letter import Letter
from memory.records.project import Project
from memory.records.proposal import Proposal
from memory.records.provenance import Provenance


async def by_rule(work: Work) -> Proposal:
    """Contact and customer from who wrote; a project when the letter asks for work."""
    letter = work.letter
    if letter is None or _is_own(letter, work):
        return Proposal()
    customer = _customer(letter)
    contact = _contact(letter, customer)
    header = work.seen(method="header")
    changes: list[Change | None] = []
    if customer is not None:
        changes.append(await _new(work, customer, {"name": header, "domain": header}))
    if contact is not None:
        changes.append(await _new(work, contact, {"name": header, "email": header}))
    if any(one.kind == "mail.enquiry" for one in work.intents):
        changes.append(await _project(work, letter, customer))
    return Proposal(
        changes=tuple(one for one in changes if one is not None),
        rationale="Who wrote and what about, as the letter says.",
    )


def _is_own(letter: Letter, work: Work) -> bool:
    """Whether the owner wrote it: nobody is a customer of their own."""
    own = work.config.mail.from_address.lower()
    return bool(own) and (letter.author.email or "").lower() == own


def _customer(letter: Letter) -> Customer | None:
    name = companies.company_of(letter) or letter.author.name
    if name is None:
        return None
    return Customer(name=name, domain=companies.domain_of(letter))


def _contact(letter: Letter, customer: Customer | None) -> Contact | None:
    author = letter.author
    if author.name is None and author.email is None:
        return None
    return Contact(
        name=author.name or (author.email or "").partition("@")[0],
        email=author.email.lower() if author.email else None,
        customer=customer.record_id() if customer else None,
    )


async def _project(work: Work, letter: Letter, customer: Customer | None) -> Change | None:
    owner = work.config.owner
    asked = enquiry.asked(letter, now=work.now, currency=owner.currency, locale=owner.locale)
    project = Project(
        name=asked.what,
        customer=customer.record_id() if customer else None,
        deadline=asked.wanted_by,
        budget=asked.budget,
    )
    provenance = {"name": work.seen(method="header")}
    if asked.wanted_by:
        provenance["deadline"] = work.seen(span=asked.wanted_span)
    if asked.budget:
        provenance["budget"] = work.seen(span=asked.budget_span)
    return await _new(work, project, provenance)


async def _new(work: Work, kept: Kept, provenance: dict[str, Provenance]) -> Change | None:
    """A change for what is not known yet; a stranger's words never overwrite what is."""
    known = await work.memory.version(kept)
    if known is not None and known.data is not None:
        return None
    return Change.to(kept, was=known, provenance=provenance)


SPECIALIST = Specialist(
    name="customers",
    version="1",
    handles="letters from customers and new people",
    takes=("mail.enquiry", "mail.other"),
    reads=("contact", "customer", "project"),
    writes=("contact", "customer", "project"),
    by_rule=by_rule,
    instructions="Name the writer, their company and the work they ask for.",
    examples=("A forwarded mail that asks for a landing page",),
    cannot_yet="It does not yet see that two addresses belong to one person.",
)
