"""Questions that code can answer: from records, with the source, without a model."""

import re
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from memory import money, recall, when
from memory.records.change import Version
from memory.records.event import Event
from memory.records.fact import Fact
from memory.records.invoice import Invoice
from memory.records.kept import normal
from memory.records.kinds import kept_of
from memory.records.rate import Rate
from memory.records.reminder import Reminder
from memory.records.task import Task


def what_is(
    about: str,
    rates: tuple[Version, ...],
    facts: tuple[Version, ...],
    *,
    now: datetime,
    locale: str,
) -> str | None:
    """What something costs or is, and since when; None when no price or fact has that name."""
    asked = set(normal(re.sub(r"\b(?:rate|price|fee|cost)s?\b", "", about)).split())
    for version in rates:
        rate = Rate.model_validate(version.data)
        named = set(normal(rate.what).split()) - {"rate", "price", "fee"}
        if asked and asked <= named | {"rate"}:
            article = "an" if rate.unit == "hour" else "a"
            each = "" if rate.unit == "piece" else f" {article} {rate.unit}"
            amount = money.say(rate.price, locale=locale)
            return f"{_first_up(rate.what)}: {amount}{each}, {_since(version, now)}."
    for version in facts:
        fact = Fact.model_validate(version.data)
        if fact.subject == "me" and asked and asked <= set(normal(fact.field).split()):
            return f"Your {fact.field}: {fact.value}, {_since(version, now)}."
    return None


def today_lines(
    tasks: tuple[Version, ...],
    reminders: tuple[Version, ...],
    events: tuple[Version, ...],
    invoices: tuple[Version, ...],
    *,
    now: datetime,
    locale: str,
) -> list[str]:
    """What is late, what is today and what comes next, one line each."""
    lines = [f"{now:%A, %-d %B}."]
    zone = now.tzinfo
    for version in invoices:
        bill = Invoice.model_validate(version.data)
        if bill.state == "open" and bill.direction == "out" and bill.due and bill.due < now.date():
            days = (now.date() - bill.due).days
            amount = money.say(bill.total, locale=locale)
            lines.append(f"Late: {bill.number}, {amount}, {days} {'day' if days == 1 else 'days'}.")
    open_tasks = [Task.model_validate(one.data) for one in tasks]
    open_tasks = [one for one in open_tasks if one.state == "open"]
    for task in sorted(open_tasks, key=lambda one: (one.due is None, one.due, one.what)):
        due = "" if task.due is None else f", {when.say(task.due, now=now, locale=locale)}"
        late = "Late: " if task.due is not None and task.due < now.date() else ""
        whose = "" if task.owner == "me" else f"{task.owner}: "
        lines.append(f"{late}{whose}{task.what}{due}.")
    for version in events:
        event = Event.model_validate(version.data)
        start = event.start.astimezone(zone)
        if not event.cancelled and start >= now and (start.date() - now.date()).days <= 1:
            lines.append(f"{when.say(start, now=now, locale=locale)}: {event.what}.")
    for version in reminders:
        reminder = Reminder.model_validate(version.data)
        if reminder.state == "waiting":
            at = reminder.at.astimezone(zone)
            said = when.say(at.date() if reminder.all_day else at, now=now, locale=locale)
            lines.append(f"Reminder {said}: {reminder.what}.")
    if len(lines) == 1:
        lines.append("Nothing is due. A good day.")
    return lines


def found_lines(found: tuple[Version, ...], words: str) -> str:
    """What was found, one line each, with the day it was recorded."""
    if not found:
        return f'I have nothing about "{words}".'
    return "\n".join(
        f"{one.kind.capitalize()}: {kept_of(one.kind, one.data).title()} "
        f"({one.recorded_at:%-d %b %Y})"
        for one in found
    )


async def find(connection: AsyncConnection, words: str) -> str:
    """What the company knows about some words."""
    return found_lines(await recall.search(connection, words), words)


def _since(version: Version, now: datetime) -> str:
    day = version.valid_from.astimezone(now.tzinfo).date()
    told = "you told me" if version.author.startswith(("owner", "rates", "profile")) else "filed"
    if day == now.date():
        return f"since today ({told})"
    year = "" if day.year == now.year else f" {day.year}"
    return f"since {day:%-d %B}{year} ({told})"


def _first_up(words: str) -> str:
    return words[:1].upper() + words[1:]
