"""A day whose money for models is spent: the warning before, the card, and what waits for it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from jobs import marks, notices, runs
from memory import budget, history, tables
from memory.brief import many
from memory.budget import MICRO, Short
from memory.canonical import digest
from memory.company import Company
from memory.errors import Refused, Stale
from memory.records.decision import Decision, Outcome, Verb
from memory.records.intent import Intent
from memory.records.kinds import kept_of
from memory.records.notice import Notice
from memory.records.proposal import Choice, Question
from memory.records.run import Run, RunState
from memory.records.source import Source
from memory.revisions import current

WAITS = "waits for money"
"""The outcome of a run that the day's money did not reach for."""
_WARN_AT = 0.8
_SOON = timedelta(seconds=2)
"""When to look again where only calls that are being made now hold the money."""
_MORE = Decimal("1.00")
"""What one press adds, where a day has twice as much."""
_CENT = Decimal("0.01")
_MORE_TODAY, _SIMPLE, _TOMORROW = "budget.more", "budget.simple", "budget.tomorrow"
_KINDS = (_MORE_TODAY, _SIMPLE, _TOMORROW)
_CARDS = "spent:cards"
"""The day of the cards that are open, and their ids."""


@dataclass(frozen=True)
class Stopped:
    """A call that was not made for want of money."""

    tier: str
    micro: int
    """What it would have cost at worst."""
    short: Short
    customer: tuple[str, ...]


def day_of(company: Company, now: datetime) -> str:
    """The owner's day that a moment lies in, as an ISO date."""
    return now.astimezone(company.zone).date().isoformat()


async def is_simple(connection: AsyncConnection, day: str) -> bool:
    """Whether the owner wants the rest of a day's work done without the large model."""
    return await marks.recall(connection, "spent:simple") == day


async def warn(connection: AsyncConnection, company: Company, now: datetime) -> None:
    """Say once a day, silently, that four fifths of its money are gone."""
    day = day_of(company, now)
    if await marks.recall(connection, "spent:warned") == day:
        return
    gone = await budget.used(connection, company.config.budget, day)
    if gone.share < _WARN_AT:
        return
    await marks.keep(connection, "spent:warned", day)
    text = (
        f"Models have used {_amount(gone.micro)} of today's {_amount(gone.limit_micro)} "
        f"{company.config.budget.currency}. Once it is spent, I ask you before I go on."
    )
    await notices.tell(connection, company, now=now, text=text)


async def wait(
    connection: AsyncConnection,
    company: Company,
    run: Run,
    source: Source,
    stopped: tuple[Stopped, ...],
) -> None:
    """Let a message wait for tomorrow's money, and ask the owner whether it has to.

    Raises:
        Stale: Another worker has taken the run over.
    """
    now = company.clock.now()
    _, midnight = history.day_of(now, company.zone)
    soon = any(one.short.soon for one in stopped)
    due_at = now + _SOON if soon else midnight
    await runs.end_run(
        connection, company, run, RunState.PLANNED, outcome=WAITS, due_at=due_at, attempts=0
    )
    if soon:
        return
    day, first = day_of(company, now), stopped[-1]
    more = await budget.added(connection, day)
    about = [day, more, first.short.scope, *first.customer[:1]]
    name = f"spent:{digest(about)[:24]}"
    card = await marks.recall(connection, name)
    text = await _text(connection, company, stopped)
    if card is None:
        question = _question(company, text, day, max(one.micro for one in stopped))
        card = await notices.tell(
            connection, company, now=now, text=text, kind="question", question=question,
            source=source.id, rings=True,
        )  # fmt: skip
        await marks.keep(connection, name, card)
        await _remember(connection, day, card)
    elif (await notices.find(connection, card)).notice.answered:
        line = "Kept. Today's money for models is spent, so I read it tomorrow."
        await notices.tell(connection, company, now=now, text=line, source=source.id)
    else:
        await notices.reword(connection, card, text)


def asks(notice: Notice) -> bool:
    """Whether a question is about the day's money."""
    choices = notice.question.choices if notice.question else ()
    return any(one.intent.kind in _KINDS for one in choices)


async def answer(
    connection: AsyncConnection,
    company: Company,
    decision: Decision,
    notice: Notice,
    now: datetime,
) -> Outcome:
    """What the owner wants done about a day whose money is spent."""
    question = notice.question
    if question is None or decision.verb is not Verb.CHOOSE or decision.choice is None:
        raise Refused("Please press one of its buttons.")
    if notice.answered:
        raise Stale("That question is answered already.")
    if decision.choice >= len(question.choices):
        raise Refused("There is no such choice on this card.")
    chosen = question.choices[decision.choice]
    kind, slots = chosen.intent.kind, chosen.intent.slots
    today = day_of(company, now)
    if slots["day"] != today and kind != _TOMORROW:
        over = "That day is over, and this one has money of its own."
        await notices.answer(connection, notice.id, over)
        return Outcome(accepted=False, text=over, notice=notice.id)
    await notices.answer(connection, notice.id, chosen.label)
    if kind == _TOMORROW:
        text = "Until tomorrow, then. Nothing is lost."
        return Outcome(accepted=True, text=text, notice=notice.id)
    if kind == _MORE_TODAY:
        micro = int(slots["micro"])
        await budget.add(
            connection, company.ledger, day=today, micro=micro, subject=notice.id,
            actor=f"{decision.door} {decision.actor}", now=now,
        )  # fmt: skip
        did = f"{_amount(micro)} {company.config.budget.currency} more for today."
    else:
        await marks.keep(connection, "spent:simple", today)
        did = "Simple drafts for the rest of today."
    going = await release(connection, now)
    return Outcome(accepted=True, text=f"{did} I go on with {going}.", notice=notice.id)


async def release(connection: AsyncConnection, now: datetime) -> str:
    """Let everything that waits for money go on; what it is, in words."""
    what = await _waiting(connection)
    run = tables.run
    await connection.execute(
        update(run)
        .where(run.c.state == RunState.PLANNED.value, run.c.outcome == WAITS)
        .values(due_at=now)
    )
    return what


async def close_old(company: Company, now: datetime) -> None:
    """A card about the money of a day that is over asks nothing any more."""
    today = day_of(company, now)
    async with company.store.read() as connection:
        kept = await marks.recall(connection, _CARDS)
    if not kept or kept.startswith(today):
        return

    async def work(connection: AsyncConnection) -> None:
        for card in (await marks.recall(connection, _CARDS) or "").split()[1:]:
            if not (await notices.find(connection, card)).notice.answered:
                await notices.answer(connection, card, "That day is over")
        await marks.keep(connection, _CARDS, "")

    await company.store.write(work)


async def _remember(connection: AsyncConnection, day: str, card: str) -> None:
    kept = (await marks.recall(connection, _CARDS) or "").split()
    cards = kept[1:] if kept[:1] == [day] else []
    await marks.keep(connection, _CARDS, " ".join([day, *cards, card]))


async def _text(connection: AsyncConnection, company: Company, stopped: tuple[Stopped, ...]) -> str:
    first = stopped[-1]
    amount = f"{_amount(first.short.limit_micro)} {company.config.budget.currency}"
    what = "models" if len(stopped) > 1 else f"the {first.tier} model"
    spent = {
        "day": f"Today's {amount} for {what} is spent.",
        "agent": f"Today's {amount} for reading with {what} is spent.",
        "customer": f"Today's {amount} for {await _name(connection, first.customer)} is spent.",
    }[first.short.scope]
    return f"{spent} {await _waiting(connection, kept=True)}"


async def _name(connection: AsyncConnection, customer: tuple[str, ...]) -> str:
    """Whom it is for; nobody's name yet where the first letter of somebody is being read."""
    for record in customer:
        version = await current(connection, record)
        if version is not None and version.data is not None:
            return kept_of(version.kind, version.data).title()
    return "one customer"


async def _waiting(connection: AsyncConnection, *, kept: bool = False) -> str:
    """What waits for money: "2 mails"; as a sentence where it is kept."""
    run, source = tables.run, tables.source
    query = (
        select(source.c.forwarded, func.count())
        .join(source, source.c.id == run.c.source)
        .where(run.c.state == RunState.PLANNED.value, run.c.outcome == WAITS)
        .group_by(source.c.forwarded)
    )
    count = {bool(row[0]): int(row[1]) for row in await connection.execute(query)}
    total = sum(count.values())
    only_mails = bool(total) and not count.get(False)
    what = many(total, "mail" if only_mails else "message")
    if not kept:
        return what
    verb = "is" if total == 1 else "are"
    whose = "its reply is" if total == 1 else "their replies are"
    rest = f"{whose} not drafted" if only_mails else "not worked on yet"
    return f"{what} {verb} kept, {rest}."


def _question(company: Company, text: str, day: str, micro: int) -> Question:
    """The card's question; what one press adds is enough for the call that was not made."""
    half = (company.config.budget.per_day / 2).quantize(_CENT)
    enough = (Decimal(micro) / MICRO).quantize(_CENT, rounding=ROUND_CEILING)
    more = int(max(min(_MORE, half), enough) * MICRO)
    labels: tuple[tuple[str, str, dict[str, str]], ...] = (
        (f"{_amount(more)} more today", _MORE_TODAY, {"micro": str(more)}),
        ("Simple drafts", _SIMPLE, {}),
        ("Tomorrow", _TOMORROW, {}),
    )
    return Question(
        text=text,
        choices=tuple(
            Choice(label=label, intent=Intent(kind=kind, slots={"day": day, **slots}))
            for label, kind, slots in labels
        ),
    )


def _amount(micro: int) -> str:
    return f"{Decimal(micro) / MICRO:.2f}"
