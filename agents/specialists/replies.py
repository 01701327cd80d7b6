"""Replies: a draft that answers an enquiry with the owner's own price, from memory alone."""

import re
from datetime import date

from agents import companies, correspondence, enquiry
from agents.specialist import Heard, Specialist, Work
from memory import money, when
from memory.labels import Label
from memory.records.intent import Intent
from memory.records.letter import Letter
from memory.records.mail_send import Address, MailSend
from memory.records.proposal import Choice, Proposal, Question, Suggestion
from memory.records.rate import Rate

_TIMES = ("hourly", "daily", "weekly", "monthly", "yearly")
"""Names of prices that are a rate for the owner's time."""
_NO_ARTICLE = re.compile(
    r"(?:ing|ography|design|support|maintenance|advice|work|copy|consultancy)$", re.IGNORECASE
)
"""Endings of what is sold by no particular piece: "consulting is 85 EUR an hour"."""
_OFFERED = 3
"""At most so many known prices are offered as buttons."""
_ADDRESS = re.compile(r"[^\s<>,;]+@[^\s<>,;]+\.[^\s<>,;]+")


def recognise(heard: Heard) -> tuple[Intent, ...]:
    """A letter that asks for work or its price; any other letter is filed."""
    if heard.letter is None:
        return ()
    if enquiry.is_enquiry(heard.letter):
        return (Intent(kind="mail.enquiry", confidence=0.9, tier="rules"),)
    return (Intent(kind="mail.other", confidence=0.85, tier="rules"),)


async def by_rule(work: Work) -> Proposal:
    """A reply on a card; a question where the price or the address is not known."""
    letter = work.letter
    intent = next((one for one in work.intents if one.kind == "mail.enquiry"), None)
    if letter is None or intent is None:
        return Proposal()
    typed = intent.slots
    email = typed.get("address") or _reply_address(letter)
    if email is None or not _ADDRESS.fullmatch(email):
        return Proposal(ask=_ask_address(letter, wrong=typed.get("address")))
    rates = tuple(
        Rate.model_validate(one.data) for one in await work.memory.every("rate", at=work.now)
    )
    fitting = enquiry.fitting(rates, letter)
    if "rate" in typed:
        fitting = tuple(one for one in rates if one.what == typed["rate"])
    asked = enquiry.asked(
        letter,
        now=work.now,
        currency=work.config.owner.currency,
        locale=work.config.owner.locale,
    )
    if "price" in typed:
        amounts = money.numbers(
            typed["price"], currency=work.config.owner.currency, locale=work.config.owner.locale
        )
        if not amounts or amounts[0].choices:
            return Proposal(ask=_ask_price(work, intent, rates, asked, wrong=typed["price"]))
        price = money.say(amounts[0].money, locale=work.config.owner.locale)
        prices = f"My price for that is {price}."
        because = f"{price} is the price you typed"
    elif fitting:
        prices = " ".join(_sentence(one, work) for one in fitting)
        because = await _because(work, fitting)
    else:
        return Proposal(ask=_ask_price(work, intent, rates, asked))
    effect = await _mail(work, letter, email, asked, prices, typed_address="address" in typed)
    company = companies.company_of(letter)
    name = letter.author.name or email
    heading = f"Reply to {name}" + (f", {company}" if company and company != name else "")
    due = f" by {when.say(asked.quote_due, now=work.now)}" if asked.quote_due else ""
    rationale = f"{_first_name(letter) or 'The mail'} asks for a price{due}; {because}."
    return Proposal(
        suggestions=(
            Suggestion(
                effect=effect,
                heading=heading,
                rationale=rationale[:280],
            ),
        ),
        rationale=rationale[:280],
    )


async def _mail(
    work: Work,
    letter: Letter,
    email: str,
    asked: enquiry.Asked,
    prices: str,
    *,
    typed_address: bool,
) -> MailSend:
    signed = await correspondence.signed(work)
    first = _first_name(letter)
    words = ["thank you for writing.", prices]
    if asked.wanted_by:
        words.append(f"I have noted your date, {_day_in_words(asked.wanted_by, work)}.")
    greeting = f"Hi {first}," if first else "Hello,"
    body = "\n\n".join((greeting, " ".join(words), signed)).strip()
    subject = letter.subject.strip() or asked.what
    original = letter.message_id or (letter.references[-1] if letter.references else None)
    return MailSend(
        to=(
            Address(
                email=email,
                name=letter.author.name,
                label=Label.OWNER if typed_address else Label.EXTERNAL,
                known=await correspondence.written_before(work, email),
            ),
        ),
        subject=subject if re.match(r"re\s*:", subject, re.I) else f"Re: {subject}",
        body=body,
        from_address=correspondence.from_address(work),
        in_reply_to=original,
        references=tuple(one for one in letter.references if one != original),
        answers=True,
        left_open=asked.questions,
        signed=signed,
        hold_s=work.config.policy.mail_hold_s,
    )


def _sentence(rate: Rate, work: Work) -> str:
    """One price in one sentence: "A landing page is 1,200 EUR."."""
    price = money.say(rate.price, locale=work.config.owner.locale)
    what = rate.what
    if what.lower() in _TIMES:
        return f"My {what.lower()} rate is {price}."
    each = {"piece": "", "hour": " an hour"}.get(rate.unit, f" a {rate.unit}")
    last = what.split()[-1].lower()
    if last.endswith("s") and not last.endswith("ss"):
        return f"{what[0].upper()}{what[1:]} are {price}{each}."
    if _NO_ARTICLE.search(what):
        return f"{what[0].upper()}{what[1:]} is {price}{each}."
    return f"{_article(what)} {what} is {price}{each}."


def _article(what: str) -> str:
    """A or An, by how the word sounds."""
    first = what.split()[0]
    if first.isupper() and len(first) > 1:
        return "An" if first[0] in "AEFHILMNORSX" else "A"
    if re.match(r"(?:uni|use|usa|eu|one\b|ubi)", first, re.IGNORECASE):
        return "A"
    return "An" if re.match(r"[aeiou]|hour|honest|heir", first, re.IGNORECASE) else "A"


async def _because(work: Work, rates: tuple[Rate, ...]) -> str:
    """Names each price with the day it is true since."""
    parts: list[str] = []
    for rate in rates:
        price = money.say(rate.price, locale=work.config.owner.locale)
        named = f"{rate.what} rate" if rate.what.lower() in _TIMES else f"{rate.what} price"
        parts.append(f"{price} is your {named}{await _since(work, rate)}")
    return " and ".join(parts)


async def _since(work: Work, rate: Rate) -> str:
    known = await work.memory.of(rate)
    if known is None:
        return ""
    day = known.valid_from.astimezone(work.zone).date()
    if day >= work.now.date():
        return ", as you told me today"
    return f" since {_day_in_words(day, work)}"


def _day_in_words(day: date, work: Work) -> str:
    """A day that stays right whenever it is read, with the year when it is another one."""
    if work.config.owner.locale == "en-US":
        words, year = f"{day:%B} {day.day}", f", {day.year}"
    else:
        words, year = f"{day.day} {day:%B}", f" {day.year}"
    return words if day.year == work.now.year else words + year


def _ask_price(
    work: Work, intent: Intent, rates: tuple[Rate, ...], asked: enquiry.Asked, *, wrong: str = ""
) -> Question:
    """Ask rather than invent; the prices that exist are one press away."""
    who = (_first_name(work.letter) if work.letter else "") or "The mail"
    if wrong:
        text = f'I can\'t read a price in "{wrong}". What shall I tell {who} for "{asked.what}"?'
    else:
        text = f'{who} asks for "{asked.what}". I have no price for that. What shall I say?'
    slots = {"agent": "replies", "about": work.source.id, **intent.slots}
    slots.pop("price", None)
    choices = tuple(
        Choice(
            label=f"{one.what} {money.say(one.price, locale=work.config.owner.locale)}",
            intent=Intent(kind=intent.kind, slots={**slots, "rate": one.what}, tier="owner"),
        )
        for one in rates[:_OFFERED]
    )
    return Question(text=text, asks="price", button="Type the price", choices=choices)


def _ask_address(letter: Letter, *, wrong: str | None) -> Question:
    who = letter.author.name or "the writer"
    if wrong is not None:
        text = f'"{wrong}" is not a mail address. Where shall the answer to {who} go?'
    else:
        text = f"I found no mail address of {who} in the text. Where shall the answer go?"
    return Question(text=text, asks="address", button="Type the address")


def _reply_address(letter: Letter) -> str | None:
    """Where an answer goes: the author's own address; another one only if it has no other."""
    if letter.author.email:
        return letter.author.email.lower()
    return letter.reply_to.email if letter.reply_to else None


def _first_name(letter: Letter) -> str:
    return (letter.author.name or "").split(" ")[0]


SPECIALIST = Specialist(
    name="replies",
    version="1",
    handles="answers to letters, as drafts",
    takes=("mail.enquiry",),
    reads=("rate", "fact", "message", "contact"),
    may_propose=(MailSend,),
    after=("customers", "tasks"),
    recognise=recognise,
    by_rule=by_rule,
    instructions="Draft a short, warm answer from the records given. Promise no date and name no "
    "price that is not in a record.",
    examples=("A mail that asks for a quote",),
    cannot_yet="It does not yet answer questions other than for the price.",
)
