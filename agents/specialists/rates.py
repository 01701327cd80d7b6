"""Rates: what the owner charges, as the owner says it."""

import re
from datetime import date, datetime, time

from agents.specialist import Heard, Specialist, Work
from memory import money, when
from memory.records.change import Change
from memory.records.intent import Intent
from memory.records.money import Money
from memory.records.proposal import Proposal
from memory.records.rate import Rate, Unit

_KIND = "rate.set"
_NOTED = "Noted:"
_LONGEST = 400
"""Characters a statement of prices may have; more is somebody's letter."""
_VERB = re.compile(
    r"\s*(?:\b(?:costs?|is|are|now|goes?\s+up\s+to|goes?\s+to|at|for)\b|[:=-])\s*$", re.IGNORECASE
)
_STATED = re.compile(
    r"\b(?:costs?|rates?|price[sd]?|charge|hourly|daily|package|fee|per\s+\w+|an?\s+(?:hour|day))\b"
    r"|\s(?:is|are)\s+[^\w\s]?\d|:\s*[^\w\s]?\d",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^\s*(?:and|or|also|then|so|from\s+now\s+on|i\s+(?:sell|charge|do|take|offer)|we\s+(?:sell|"
    r"charge)|my|our|the|an?|for|it'?s|one)\b\s*",
    re.IGNORECASE,
)
_UNIT_WORDS: dict[str, Unit] = {
    "hourly": "hour",
    "hour": "hour",
    "daily": "day",
    "day rate": "day",
    "weekly": "week",
    "monthly": "month",
    "yearly": "year",
}
_BY_TIME: dict[Unit, str] = {
    "hour": "hourly",
    "day": "daily",
    "week": "weekly",
    "month": "monthly",
    "year": "yearly",
}
_NOBODY_SELLS = ("", "rate", "price", "fee", "time", "work", "hour", "day", "week", "month", "year")
"""Words that do not say what is sold; then it is the owner's time."""
_NOT_PRICES = re.compile(
    r"\?|\b(?:paid|spent|owes?|invoice|bill|remind|budget|received|bought|hosting|refund|got|get|put|"
    r"chase|late|call|meet|book|was|let|tell|send|mail|email|log|add|cash|today|yesterday|another)\b",
    re.IGNORECASE,
)


def recognise(heard: Heard) -> tuple[Intent, ...]:
    """Hear "My logo package costs 900", "hourly is 85", "landing page 1,200, hourly 85 EUR"."""
    text = heard.text
    asked_for = heard.expects == _KIND
    if heard.letter is not None or len(text) > _LONGEST:
        return ()
    if _NOT_PRICES.search(text) and not (asked_for and "?" not in text):
        return ()
    found = _prices(text, heard.currency, heard.locale)
    if not found:
        return ()
    since = when.first(text, now=heard.now, locale=heard.locale)
    if since is not None and since.choices:
        return ()
    certain = asked_for or bool(_STATED.search(text)) or len(found) > 1
    intents: list[Intent] = []
    for what, price, unit in found:
        slots = {"subject": what, "field": "rate", "value": str(price), "unit": unit}
        if since is not None:
            slots["valid_from"] = since.day.isoformat()
        intents.append(
            Intent(kind=_KIND, slots=slots, confidence=0.92 if certain else 0.5, tier="rules")
        )
    return tuple(intents)


def _prices(text: str, currency: str, locale: str) -> list[tuple[str, Money, Unit]]:
    """What is sold and for how much, one for each amount; empty when any part is unclear."""
    found: list[tuple[str, Money, Unit]] = []
    start = 0
    amounts = money.numbers(text, currency=currency, locale=locale)
    for amount in amounts:
        if amount.choices:
            return []
        before = text[start : amount.span[0]]
        start = amount.span[1]
        what = _named(before)
        unit: Unit = amount.per or _unit(what)
        if what.lower() in _NOBODY_SELLS:
            what = _BY_TIME.get(unit, "")
        if not what:
            return []
        found.append((what, amount.money, unit))
    return found


def _named(words: str) -> str:
    """What is sold, from the words before its price."""
    words = re.sub(r"^[\s,;.&+]+|\n", " ", words).strip()
    words = _VERB.sub("", words.rstrip(" ,")).strip(" ,:;=-–")
    words = _VERB.sub("", words).strip(" ,:;=-–")
    while True:
        shorter = _LEAD.sub("", words)
        if shorter == words:
            break
        words = shorter
    words = re.sub(r"\s+(?:rate|price|fee)$", "", words, flags=re.IGNORECASE).strip()
    return words if len(words.split()) <= 6 else ""


def _unit(what: str) -> Unit:
    for word, unit in _UNIT_WORDS.items():
        if re.search(rf"\b{word}\b", what, re.IGNORECASE):
            return unit
    return "piece"


async def by_rule(work: Work) -> Proposal:
    """One record for each price; a price that is known becomes a new version of it."""
    changes: dict[str, Change] = {}
    says: list[str] = []
    for intent in work.intents:
        amount, _, currency = intent.slots["value"].partition(" ")
        rate = Rate.model_validate(
            {
                "what": intent.slots["subject"],
                "price": Money.of(amount, currency),
                "unit": intent.slots.get("unit", "piece"),
            }
        )
        known = await work.memory.version(rate)
        since = intent.slots.get("valid_from")
        if known and known.data == rate.data() and not since:
            price = priced(rate, work.config.owner.locale)
            says.append(f"{rate.what.capitalize()} is {price} already; nothing changes.")
            continue
        change = Change.to(
            rate,
            was=known,
            valid_from=_midnight(since, work) if since else None,
            provenance={"price": work.seen(), "what": work.seen()},
        )
        changes[change.record] = change
        says.append(f"{_NOTED} {_said(work, rate, change)}")
    if len(says) > 1 and all(one.startswith(_NOTED) for one in says):
        says = [_NOTED, *(one.removeprefix(_NOTED).strip(" .") for one in says)]
    words = "\n".join(says)
    return Proposal(changes=tuple(changes.values()), says=words, rationale="You said so.")


def _said(work: Work, rate: Rate, change: Change) -> str:
    locale = work.config.owner.locale
    first = change.valid_from
    since = f" from {when.say(first.date(), now=work.now, locale=locale)}" if first else ""
    noted = f"{rate.what}, {priced(rate, locale)}{since}"
    if change.before is None:
        return f"{noted}."
    was = Rate.model_validate(change.before)
    return f"{noted}; before, {money.say(was.price, locale=locale)}."


def _midnight(day: str, work: Work) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(), work.zone)


def priced(rate: Rate, locale: str) -> str:
    """Put a price as one says it: "85 EUR an hour", "1,200 EUR"."""
    amount = money.say(rate.price, locale=locale)
    if rate.unit == "piece":
        return amount
    return f"{amount} {'an' if rate.unit == 'hour' else 'a'} {rate.unit}"


SPECIALIST = Specialist(
    name="rates",
    version="1",
    handles="what the owner charges",
    takes=(_KIND,),
    needs={"rate.set": ("subject", "value")},
    reads=("rate",),
    writes=("rate",),
    recognise=recognise,
    by_rule=by_rule,
    instructions="Slots: subject (what is sold), value (money), unit (hour, day, piece ...), "
    "valid_from when the owner names a day.",
    examples=("My logo package costs 900", "hourly is 85"),
    cannot_yet="It does not yet read price lists with ranges.",
)
