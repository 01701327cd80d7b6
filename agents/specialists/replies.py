"""Replies: a draft that answers an enquiry with the owner's own price, from memory alone."""

import re

from agents import companies, enquiry
from agents.specialist import Heard, Specialist, Work
from memory import money, when
from memory.labels import Label
from memory.records.fact import Fact
from memory.records.intent import Intent
from memory.records.letter import Letter
from memory.records.mail_send import Address, MailSend
from memory.records.money import Money
from memory.records.proposal import Proposal, Question, Suggestion
from memory.records.rate import Rate

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
            return Proposal(ask=_ask_price(letter, asked, typed["price"]))
        prices = _typed_price(asked, amounts[0].money, work)
        because = f"{money.say(amounts[0].money)} is the price you typed"
    elif fitting:
        prices = " ".join(_sentence(one, work) for one in fitting)
        because = await _because(work, fitting)
    else:
        return Proposal(ask=_ask_price(letter, asked, None))
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
    signed = await _signed(work)
    first = _first_name(letter)
    lines = [f"Hi {first}," if first else "Hello,", ""]
    lines.append(f"thank you for writing. {prices}")
    if asked.wanted_by:
        lines.append(f"I have noted your date, {_day_in_words(asked, work)}.")
    lines += ["", signed]
    subject = letter.subject.strip() or asked.what
    original = letter.message_id or (letter.references[-1] if letter.references else None)
    return MailSend(
        to=(
            Address(
                email=email,
                name=letter.author.name,
                label=Label.OWNER if typed_address else Label.EXTERNAL,
                known=await _written_before(work, email),
            ),
        ),
        subject=subject if re.match(r"re\s*:", subject, re.I) else f"Re: {subject}",
        body="\n".join(lines).strip(),
        from_address=work.config.mail.from_address if work.config.mail.smtp else "",
        in_reply_to=original,
        references=tuple(one for one in letter.references if one != original),
        answers=True,
        left_open=asked.questions,
        signed=signed,
        hold_s=work.config.policy.mail_hold_s,
    )


def _sentence(rate: Rate, work: Work) -> str:
    price = money.say(rate.price, locale=work.config.owner.locale)
    what = rate.what
    if rate.unit in ("hour", "day") and len(what.split()) == 1:
        return f"My {what} rate is {price}."
    each = "" if rate.unit == "piece" else f" a{'n' if rate.unit == 'hour' else ''} {rate.unit}"
    last = what.split()[-1].lower()
    if last.endswith("s") and not last.endswith("ss"):
        return f"{what[0].upper()}{what[1:]} are {price}{each}."
    article = "An" if what[0].lower() in "aeiou" else "A"
    return f"{article} {what} is {price}{each}."


def _typed_price(asked: enquiry.Asked, price: Money, work: Work) -> str:
    return f"For {asked.what} the price is {money.say(price, locale=work.config.owner.locale)}."


async def _because(work: Work, rates: tuple[Rate, ...]) -> str:
    """Names each price with the day it is true since."""
    parts: list[str] = []
    for rate in rates:
        known = await work.memory.of(rate)
        since = ""
        if known is not None:
            day = known.valid_from.astimezone(work.zone).date()
            since = f" since {day:%-d %B}" if day < work.now.date() else ", told me today"
        price = money.say(rate.price, locale=work.config.owner.locale)
        parts.append(f"{price} is your {rate.what} price{since}")
    return " and ".join(parts)


def _day_in_words(asked: enquiry.Asked, work: Work) -> str:
    day = asked.wanted_by
    if day is None:
        return ""
    return f"{day:%-d %B}" if day.year == work.now.year else f"{day:%-d %B %Y}"


def _ask_price(letter: Letter, asked: enquiry.Asked, wrong: str | None) -> Question:
    who = _first_name(letter) or "The mail"
    if wrong is not None:
        text = f'I can\'t read a price in "{wrong}". What shall I tell {who} for "{asked.what}"?'
    else:
        text = f'{who} asks for "{asked.what}". I have no price for that. What shall I say?'
    return Question(text=text, asks="price", button="Type the price")


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


async def _signed(work: Work) -> str:
    """The name under the mail: as configured, else as the owner introduced themselves."""
    if work.config.mail.signature:
        return work.config.mail.signature
    known = await work.memory.by_key("fact", "me/name")
    name = Fact.model_validate(known.data).value if known else work.config.owner.name
    return name.split(" ")[0] if name else ""


async def _written_before(work: Work, email: str) -> bool:
    found = await work.memory.search(email, limit=20)
    return any(
        one.kind == "message"
        and one.data is not None
        and one.data.get("direction") == "out"
        and one.data.get("address") == email
        for one in found
    )


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
