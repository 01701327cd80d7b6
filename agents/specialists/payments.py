"""Payments: money that came in, and the bill it pays."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time

from agents.specialist import Heard, Specialist, Work
from memory import money, when
from memory.labels import Label
from memory.records.change import Change, Version
from memory.records.contact import Contact
from memory.records.customer import Customer
from memory.records.intent import Intent
from memory.records.invoice import Invoice
from memory.records.kept import normal
from memory.records.money import Money
from memory.records.payment import Payment
from memory.records.proposal import Choice, Proposal, Question

_KIND = "payment.record"
_LONGEST = 200
"""Characters that the owner needs to say who paid; more is somebody's letter."""
_PAID = re.compile(
    r"\s*(?P<who>[^\W\d_][\w .&'\u2019-]{0,60}?)\s+(?:(?:has|have|just|finally|already|now)\s+)*"
    r"paid\b[\s.!:]*(?P<rest>[^?]*)",
    re.IGNORECASE,
)
_CAME = re.compile(
    r"\s*(?:i\s+|we\s+)?(?:just\s+)?(?:got|received)\s+(?P<rest>[^?]*?)\s+from\s+"
    r"(?P<who>[^\W\d_][\w .&'\u2019-]{0,60}?)"
    r"(?P<more>(?:\s+(?:today|yesterday|on|this|last)\b[^?]*)?)"
    r"[\s.!]*",
    re.IGNORECASE,
)
_SETTLED = re.compile(
    r"\s*(?P<rest>(?:the\s+)?(?:invoice|bill|inv)\b[^?]{1,40}?)\s+(?:is|was|got|has\s+been)\s+"
    r"(?:finally\s+)?paid\b(?P<more>[^?]*)",
    re.IGNORECASE,
)
_NOT_A_PAYER = re.compile(
    r"(?:i|i've|we|we've|you|he|she|they|it|who|that|someone|somebody|nobody|not|this)\b"
    r"|.*\b(?:not|never|n[o']t|hasn't|haven't|isn't|if|when|until|once|invoice|bill|be|been|get|"
    r"is|was|to|i|we|remind|note)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?:\b(?:invoice|bill)\s*(?:no\.?|number|nr\.?)?|\bno\.|#)\s*(?P<said>[A-Z]{0,5}[-/]?\d[\w/-]*)"
    r"|\b(?P<code>[A-Z]{1,5}[-/]?\d{2,}[\w/-]*)\b|(?<![\d.,])(?P<zero>0\d{2,})\b",
    re.IGNORECASE,
)
_HALF = re.compile(r"\bhalf\s+of\s+(?:invoice\s+|bill\s+)?(?P<number>[\w/-]*\d[\w/-]*)", re.I)
_MORE_TO_DO = re.compile(r",(?!\d)|;|\b(?:and|but|so|then)\b", re.IGNORECASE)
"""The owner goes on to something else."""
_RECENT_DAYS = 30
_TELLING = 3
"""Digits of a bill's number that are enough to know it by inside other words."""


def recognise(heard: Heard) -> tuple[Intent, ...]:
    """Hear "Northwind paid 2,400 today", "Harbor paid INV-014 in full", "got 410 from Jo"."""
    text = heard.text.strip()
    if heard.letter is not None or len(text) > _LONGEST:
        return ()
    found = _SETTLED.fullmatch(text) or _PAID.fullmatch(text) or _CAME.fullmatch(text)
    if found is None:
        return ()
    parts = found.groupdict()
    who = (parts.get("who") or "").strip()
    if who and _NOT_A_PAYER.match(who):
        return ()
    said = f"{parts['rest']} {parts.get('more') or ''}"
    slots = {"customer": who} if who else {}
    slots |= _told(said, heard)
    is_sure = not _MORE_TO_DO.search(said) and (bool(who) or "invoice" in slots)
    return (Intent(kind=_KIND, slots=slots, confidence=0.9 if is_sure else 0.5, tier="rules"),)


def _told(said: str, heard: Heard) -> dict[str, str]:
    """Which bill, how much and when, as far as the words say so."""
    slots: dict[str, str] = {}
    if half := _HALF.search(said):
        slots |= {"invoice": half["number"], "share": "half"}
        said = said[: half.start()] + said[half.end() :]
    elif number := _NUMBER.search(said):
        slots["invoice"] = number["said"] or number["code"] or number["zero"]
        said = said[: number.start()] + said[number.end() :]
    amounts = money.numbers(said, currency=heard.currency, locale=heard.locale)
    if len(amounts) == 1 and not amounts[0].choices:
        slots["amount"] = str(amounts[0].money)
    day = when.first(said, now=heard.now, locale=heard.locale, past=True)
    if day is not None and not day.choices and day.day <= heard.now.date():
        slots["date"] = day.day.isoformat()
    return slots


@dataclass(frozen=True)
class _Books:
    """What is known about bills and who pays them."""

    bills: tuple[Version, ...]
    """Every bill the owner sent that is not void."""
    payments: tuple[Version, ...]
    names: dict[str, str]
    """Record id of a customer or contact, and its name."""
    homes: dict[str, str]
    """Record id of a contact, and that of their customer."""

    def called(self, who: str) -> frozenset[str]:
        """Customers and contacts that a name can mean."""
        asked = set(normal(who).split()) if who.strip() else set[str]()
        found = {
            record
            for record, name in self.names.items()
            if asked and (asked <= set(normal(name).split()) or set(normal(name).split()) <= asked)
        }
        return frozenset(found | {self.homes[one] for one in found if one in self.homes})


def _left_on(version: Version) -> Money:
    """What is still open of a bill."""
    bill = Invoice.model_validate(version.data)
    paid = bill.paid.minor if bill.paid else 0
    return bill.total.model_copy(update={"minor": max(bill.total.minor - paid, 0)})


async def by_rule(work: Work) -> Proposal:
    """The payment, filed, and its bill marked as paid; a question where the owner must choose."""
    books = await _books(work)
    intent = work.intents[0]
    amount = _amount(work, intent.slots.get("amount", ""))
    number = intent.slots.get("id") or f"told {work.source.id}"
    if told := _told_before(books, number, amount, work):
        return told
    fitting = _fitting(books, intent, amount, is_owner=_is_owner(work))
    if len(fitting) > 1 and _is_owner(work):
        return Proposal(ask=_which(fitting, intent, work))
    bill = fitting[0] if len(fitting) == 1 else None
    if bill is not None and amount is None:
        left = _left_on(bill)
        half = intent.slots.get("share") == "half"
        total = Invoice.model_validate(bill.data).total
        amount = total.model_copy(update={"minor": total.minor // 2}) if half else left
    if bill is None and (again := _settled_before(books, intent, amount, work)):
        return again
    if amount is None:
        return Proposal(ask=_how_much(intent))
    payment = _payment(work, books, intent, number, amount, bill)
    changes = [Change.to(payment, provenance=dict.fromkeys(payment.data(), work.seen()))]
    if bill is not None:
        changes.append(_paid(work, bill, payment))
    return Proposal(
        changes=tuple(changes),
        says=_line(work, payment, bill, is_fitting=len(fitting) < 2),
        rationale="You said so." if _is_owner(work) else "The sender's signature is right.",
    )


def _paid(work: Work, version: Version, payment: Payment) -> Change:
    """The bill with this payment counted; two that come at once can't both be counted alone."""
    bill = Invoice.model_validate(version.data)
    so_far = bill.paid.minor if bill.paid else 0
    counted = bill.changed(
        paid=payment.amount.model_copy(update={"minor": so_far + payment.amount.minor})
    )
    if payment.amount.minor >= _left_on(version).minor:
        counted = counted.changed(state="paid", paid_at=payment.paid_at or work.now)
    fields: tuple[str, ...] = ("paid", "state", "paid_at")
    return Change.to(counted, was=version, provenance=dict.fromkeys(fields, work.seen()))


def _is_owner(work: Work) -> bool:
    return work.label is Label.OWNER


async def _books(work: Work) -> _Books:
    bills = tuple(
        one
        for one in await work.memory.every("invoice")
        if (bill := Invoice.model_validate(one.data)).direction == "out" and bill.state != "void"
    )
    names: dict[str, str] = {}
    homes: dict[str, str] = {}
    for one in await work.memory.every("customer"):
        names[one.record] = Customer.model_validate(one.data).name
    for one in await work.memory.every("contact"):
        contact = Contact.model_validate(one.data)
        names[one.record] = contact.name
        if contact.customer:
            homes[one.record] = contact.customer
    return _Books(bills, await work.memory.every("payment"), names, homes)


def _amount(work: Work, said: str) -> Money | None:
    """An amount from a slot, or as the owner typed it in answer to the question."""
    figure, _, currency = said.partition(" ")
    if re.fullmatch(r"\d{1,12}(?:\.\d{1,4})?", figure) and re.fullmatch(r"[A-Z]{3}", currency):
        return Money.of(figure, currency)
    owner = work.config.owner
    found = money.numbers(said, currency=owner.currency, locale=owner.locale)
    return found[0].money if len(found) == 1 and not found[0].choices else None


def _told_before(books: _Books, number: str, amount: Money | None, work: Work) -> Proposal | None:
    """What to do about a payment that is filed under this name; None for a new one."""
    for one in books.payments:
        known = Payment.model_validate(one.data)
        if normal(number) not in (one.key, normal(known.confirmed_by or "-")):
            continue
        if amount is None or known.amount == amount:
            return Proposal(rationale="It is filed already.")
        first, second = _say(known.amount, work), _say(amount, work)
        return Proposal(
            says=f"A payment of {first} came again, as {second}. I kept the first; please look."
        )
    return None


def _fitting(
    books: _Books, intent: Intent, amount: Money | None, *, is_owner: bool
) -> tuple[Version, ...]:
    """The open bills that a payment can be for."""
    slots = intent.slots
    still_open = tuple(one for one in books.bills if one.data and one.data["state"] == "open")
    if amount is not None:
        still_open = tuple(one for one in still_open if _left_on(one).currency == amount.currency)
    named = slots.get("invoice", "")
    if named:
        found = tuple(one for one in still_open if _is_number(named, one))
        if found or is_owner:
            return found
    reference = slots.get("reference", "")
    found = tuple(one for one in still_open if reference and _is_in(reference, one))
    if found:
        return found
    people = books.called(slots.get("customer", ""))
    theirs = tuple(one for one in still_open if one.data and one.data["customer"] in people)
    exact = tuple(one for one in theirs if amount is not None and _left_on(one) == amount)
    return exact or (theirs if is_owner else ())


def _is_number(said: str, bill: Version) -> bool:
    ours, asked = normal(str((bill.data or {})["number"])), normal(said)
    return asked in (ours, ours.replace(" ", "")) or asked == ours.rpartition(" ")[2]


def _is_in(words: str, bill: Version) -> bool:
    """Whether a bill's number stands in what the payer wrote."""
    ours = normal(str((bill.data or {})["number"]))
    if normal(words) == ours:
        return True
    digits = sum(one.isdigit() for one in ours)
    tight = f" {normal(words)} "
    return digits >= _TELLING and (f" {ours} " in tight or f" {ours.replace(' ', '')} " in tight)


def _settled_before(
    books: _Books, intent: Intent, amount: Money | None, work: Work
) -> Proposal | None:
    """What to say about a bill that was paid already; None when there is no such bill."""
    people = books.called(intent.slots.get("customer", ""))
    named = intent.slots.get("invoice") or intent.slots.get("reference", "")
    for one in reversed(books.bills):
        bill = Invoice.model_validate(one.data)
        is_named = bool(named) and (_is_number(named, one) or _is_in(named, one))
        is_theirs = not named and bill.customer in people and amount in (None, bill.total)
        recent = bill.paid_at is not None and (work.now - bill.paid_at).days < _RECENT_DAYS
        if bill.state != "paid" or not (is_named or (is_theirs and recent)):
            continue
        if _is_owner(work):
            day = f" on {when.say(bill.paid_at, now=work.now)}" if bill.paid_at else ""
            return Proposal(says=f"{bill.number} was paid already{day}; nothing changes.")
        return _confirmed(books, one, intent, amount, work)
    return None


def _confirmed(
    books: _Books, bill: Version, intent: Intent, amount: Money | None, work: Work
) -> Proposal | None:
    """The provider tells of a payment that the owner had told of."""
    for one in books.payments:
        known = Payment.model_validate(one.data)
        if known.invoice != bill.record or known.amount != amount or known.confirmed_by:
            continue
        if not known.number.startswith("told "):
            continue
        sure = known.changed(confirmed_by=intent.slots["id"])
        number = Invoice.model_validate(bill.data).number
        return Proposal(
            changes=(Change.to(sure, was=one, provenance={"confirmed_by": work.seen()}),),
            says=f"{_say(known.amount, work)} for {number} is in, as you told me.",
            rationale="The sender's signature is right.",
        )
    return None


def _payment(
    work: Work, books: _Books, intent: Intent, number: str, amount: Money, bill: Version | None
) -> Payment:
    slots = intent.slots
    customer = Invoice.model_validate(bill.data).customer if bill is not None else None
    if customer is None:
        people = books.called(slots.get("customer", ""))
        found = [one for one in people if one.startswith(f"{Customer.kind}_")]
        customer = found[0] if len(found) == 1 else None
    payer = slots.get("customer", "")
    if customer is not None and (not payer or _is_owner(work)):
        payer = books.names.get(customer, payer)
    return Payment(
        number=number,
        amount=amount,
        paid_at=_moment(slots.get("paid_at") or slots.get("date", ""), work),
        payer=payer,
        customer=customer,
        invoice=bill.record if bill is not None else None,
        reference=slots.get("reference") or slots.get("invoice", ""),
        note=slots.get("note", ""),
    )


def _moment(said: str, work: Work) -> datetime:
    """A day or a moment as an aware moment; now for today, and when nobody said."""
    try:
        if len(said) == len("2026-03-10"):
            day = date.fromisoformat(said)
            at = work.now if day == work.now.date() else datetime.combine(day, time(), work.zone)
        else:
            at = datetime.fromisoformat(said)
    except ValueError:
        return work.now
    return at if at.tzinfo is not None else at.replace(tzinfo=work.zone)


def _line(work: Work, payment: Payment, bill: Version | None, *, is_fitting: bool) -> str:
    whom = f" from {payment.payer}" if payment.payer else ""
    came = f"{_say(payment.amount, work)} came in{whom}"
    if bill is None:
        fits = "I know no open invoice for it" if is_fitting else "it fits more than one invoice"
        return f"{came}; {fits}."
    number, left = Invoice.model_validate(bill.data).number, _left_on(bill)
    rest = left.minor - payment.amount.minor
    if rest > 0:
        still = _say(left.model_copy(update={"minor": rest}), work)
        return f"{came} for {number}; {still} is still open."
    more = _say(left.model_copy(update={"minor": -rest}), work)
    return f"{came}. {number} is paid{f', with {more} too much' if rest < 0 else ''}."


def _say(amount: Money, work: Work) -> str:
    return money.say(amount, locale=work.config.owner.locale)


def _which(fitting: tuple[Version, ...], intent: Intent, work: Work) -> Question:
    choices = tuple(
        Choice(
            label=f"{number}, {_say(_left_on(one), work)}",
            intent=intent.model_copy(
                update={"slots": {**intent.slots, "invoice": number}, "tier": "owner"}
            ),
        )
        for one in fitting
        if (number := Invoice.model_validate(one.data).number)
    )
    return Question(text="Which invoice was paid?", choices=choices)


def _how_much(intent: Intent) -> Question:
    who = intent.slots.get("customer") or "they"
    return Question(
        text=f"How much did {who} pay? I know no open invoice for it.",
        asks="amount",
        button="Type the amount",
    )


SPECIALIST = Specialist(
    name="payments",
    version="1",
    handles="money that came in from customers",
    takes=(_KIND,),
    needs={_KIND: ("customer",)},
    reads=("invoice", "customer", "contact", "payment"),
    writes=("payment", "invoice"),
    recognise=recognise,
    by_rule=by_rule,
    instructions="Slots: customer (who paid), invoice (its number), amount (money), date (ISO).",
    examples=("Northwind paid 2,400 today", "Harbor paid INV-014 in full"),
    cannot_yet="It does not yet read bank statements.",
)
