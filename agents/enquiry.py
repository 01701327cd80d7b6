"""What a letter that asks for work says: what is asked, by when, for how much."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from memory import money, when
from memory.records.kept import normal
from memory.records.letter import Letter
from memory.records.money import Money
from memory.records.rate import Rate

_ASKS_PRICE = (
    r"\bquot(?:e|ation)s?\b",
    r"\bestimates?\b",
    r"\bhow much\b",
    r"\b(?:your|the|a|any) (?:price|prices|rates?|fees?|pricing|offer|proposal)\b",
    r"\bwhat (?:would|do|does|will|is|are).{0,50}\b(?:cost|charge|price|fee|rate)\b",
    r"\bprice (?:for|of|list)\b",
    r"\boffer for\b",
)
_ASKS_WORK = (
    r"\b(?:we|i)(?:'d| would) (?:like|love|need)\b",
    r"\b(?:we|i)(?:'re| are| am|'m) (?:looking for|interested in|planning)\b",
    r"\b(?:could|can|would) you (?:do|make|design|build|take|write|shoot|help|translate)\b",
    r"\bare you (?:free|available)\b",
    r"\bdo you (?:offer|do|make|have time)\b",
    r"\b(?:we|i) need\b",
)
_BUDGET = r"\b(?:budget|spend|afford|at most|no more than|up to|around|about|maximum)\b"
_PRICE_WORD = re.compile("|".join(_ASKS_PRICE), re.IGNORECASE)
_WORK_WORD = re.compile("|".join(_ASKS_WORK), re.IGNORECASE)
_ASKS_QUOTE = re.compile(
    r"\b(?:quot(?:e|ation)|estimate|offer|proposal|price list|prices?)s?\b|\blet (?:me|us) know\b",
    re.IGNORECASE,
)
"""A sentence that asks for an answer, which may have its own date."""
_SAYS_NOTHING = re.compile(
    r"(?:(?:a|an|my|the|quick|new|your) )*"
    r"(?:enquir(?:y|ies)|inquir(?:y|ies)|quotes?|quotations?|questions?|prices?|pricing|rates?|"
    r"hi|hello|hey|request|info(?:rmation)?|availability|estimate|offer|work|project)?",
    re.IGNORECASE,
)
"""A subject that does not name the work."""
_WORK_NAMED = re.compile(
    r"\b(?:how much (?:is|are|for|would|does|do you (?:charge|take|ask) for)|"
    r"(?:charge|price|quote|quotation|estimate|offer) for|looking for|interested in|"
    r"(?:we|i) need|(?:would|'d) (?:like|love)|what (?:would|does|do|will))\s+"
    r"(?:(?:a|an|the|your|our|some)\s+)*(?!(?:you|it|that|this|we|i|to)\b)"
    r"(?P<work>[^\W\d_][\w'-]*(?:\s+(?!(?:on|by|in|at|for|and|or|with|from|to|of|cost|be|please|"
    r"before|until|this|next|that|which|who)\b)[^\W\d_][\w'-]*){0,4})",
    re.IGNORECASE,
)
_SMALL_TALK = re.compile(r"\b(?:how are you|hope|all well)\b", re.IGNORECASE)
_FILLER_WORDS = """
a an and are at be by can could do for from have how i in is it me my need new of on one or our
please quote re site so that the this to us we what when with would you your
"""
_FILLER = frozenset(_FILLER_WORDS.split())


@dataclass(frozen=True)
class Asked:
    """What one enquiry asks."""

    what: str
    """The work, named like a project."""
    quote_due: date | None
    """When the writer wants the price by."""
    wanted_by: date | None
    """The writer's own date for the work."""
    wanted_span: tuple[int, int] | None
    due_span: tuple[int, int] | None
    budget: Money | None
    budget_span: tuple[int, int] | None
    questions: tuple[str, ...]
    """Questions other than for the price."""


def is_enquiry(letter: Letter) -> bool:
    """Whether a person asks the owner for work or for its price."""
    if letter.automatic:
        return False
    text = f"{letter.subject}\n{letter.text}"
    return bool(_PRICE_WORD.search(text)) or bool(
        _WORK_WORD.search(letter.text) and "?" in letter.text
    )


def asked(letter: Letter, *, now: datetime, currency: str, locale: str) -> Asked:
    """What the letter asks. Dates count from the day the words were written."""
    written = _written(letter, now)
    quote_due = wanted_by = due_span = wanted_span = None
    for start, sentence in sentences(letter.text):
        for found in when.find(sentence, now=written, locale=locale):
            if found.choices or found.repeats:
                continue
            span = (start + found.span[0], start + found.span[1])
            if quote_due is None and _is_due(sentence, found):
                quote_due, due_span = found.day, span
            elif wanted_by is None and found.day >= written.date():
                wanted_by, wanted_span = found.day, span
    budget, budget_span = _budget(letter.text, currency, locale)
    return Asked(
        what=work_named(letter),
        quote_due=quote_due,
        due_span=due_span,
        wanted_by=wanted_by,
        wanted_span=wanted_span,
        budget=budget,
        budget_span=budget_span,
        questions=_questions(letter.text),
    )


def work_named(letter: Letter) -> str:
    """The work, named like a project: "Landing page for our menu" is a "Menu landing page"."""
    subject = re.sub(r"^(?:(?:re|fwd?|aw|wg)\s*:\s*)+", "", letter.subject, flags=re.IGNORECASE)
    subject = " ".join(subject.split()).strip(" .!?")
    if _SAYS_NOTHING.fullmatch(subject):
        asked_for = _WORK_NAMED.search(" ".join(letter.text.split()))
        if asked_for:
            return asked_for["work"][0].upper() + asked_for["work"][1:]
    turned = re.fullmatch(
        r"(?P<work>.{3,40}?) for (?:our|my|the|a|an) (?P<whose>.{3,40})", subject, re.IGNORECASE
    )
    if turned:
        whose, work = turned["whose"], turned["work"]
        return f"{whose[0].upper()}{whose[1:]} {work[0].lower()}{work[1:]}"
    return subject or "Enquiry"


def fitting(rates: tuple[Rate, ...], letter: Letter) -> tuple[Rate, ...]:
    """The owner's prices for what the letter names, in the order it names them.

    A price fits when all the words that name it occur in one sentence or in the subject; of two
    that overlap the more exact one wins.
    """
    places = [letter.subject, *(one for _, one in sentences(letter.text))]
    found: list[tuple[int, Rate]] = []
    for rate in rates:
        words = _stems(rate.what)
        position = next(
            (index for index, place in enumerate(places) if words and words <= _stems(place)), None
        )
        if position is not None:
            found.append((position, rate))
    exact = [
        (position, rate)
        for position, rate in found
        if not any(_stems(rate.what) < _stems(other.what) for _, other in found)
    ]
    return tuple(rate for _, rate in sorted(exact, key=lambda one: one[0]))


def sentences(text: str) -> tuple[tuple[int, str], ...]:
    """Each sentence with its offset; a line break inside a paragraph does not end one."""
    found: list[tuple[int, str]] = []
    for match in re.finditer(r"[^.!?\n](?:[^.!?\n]|[.](?=\S)|\n(?!\s*\n))*[.!?]*", text):
        sentence = match.group()
        if sentence.strip():
            found.append((match.start(), sentence))
    return tuple(found)


def _is_due(sentence: str, found: when.When) -> bool:
    """Whether a date is when the writer wants the price by, and not the date of the work.

    "Send me a quote by Friday" is; "how much is a shoot on Friday" and "a quote for a shoot on
    Friday" are not.
    """
    asks = _ASKS_QUOTE.search(sentence)
    if asks is None:
        return False
    between = sentence[asks.end() : found.span[0]]
    return found.lead in ("by", "before", "until") or not re.search(r"\bfor\b", between)


def _written(letter: Letter, now: datetime) -> datetime:
    """The moment the words were written, in the owner's zone; now when the letter does not say."""
    zone = now.tzinfo if isinstance(now.tzinfo, ZoneInfo) else ZoneInfo("UTC")
    if letter.written_at is None:
        return now
    if letter.written_at.tzinfo is None:
        return letter.written_at.replace(tzinfo=zone)
    return letter.written_at.astimezone(zone)


def _budget(text: str, currency: str, locale: str) -> tuple[Money | None, tuple[int, int] | None]:
    for start, sentence in sentences(text):
        if not re.search(_BUDGET, sentence, re.IGNORECASE):
            continue
        for amount in money.find(sentence, currency=currency, locale=locale):
            if not amount.choices:
                return amount.money, (start + amount.span[0], start + amount.span[1])
    return None, None


def _questions(text: str) -> tuple[str, ...]:
    """Questions that a price alone does not answer."""
    return tuple(
        " ".join(sentence.split())
        for _, sentence in sentences(text)
        if sentence.rstrip().endswith("?")
        and not _PRICE_WORD.search(sentence)
        and not _SMALL_TALK.search(sentence)
        and not re.match(r"\s*(?:could|can|would) you (?:do|make|design|build)\b", sentence, re.I)
    )


def _stems(words: str) -> frozenset[str]:
    """The words that carry meaning, without plural and common endings."""
    found: set[str] = set()
    for word in normal(words).split():
        if word in _FILLER or len(word) < 3:
            continue
        for ending in ("ies", "es", "s"):
            if word.endswith(ending) and len(word) > len(ending) + 2 and not word.endswith("ss"):
                word = word.removesuffix(ending) + ("y" if ending == "ies" else "")
                break
        found.add(word.removesuffix("e"))
    return frozenset(found)
