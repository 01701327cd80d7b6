"""The morning brief: what is late, what is today, who waits for whom, and how yesterday went."""

from datetime import date, datetime, time, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from memory import history, money, revisions
from memory.config import Config
from memory.records.contact import Contact
from memory.records.customer import Customer
from memory.records.event import Event
from memory.records.fact import Fact
from memory.records.invoice import Invoice
from memory.records.process import Process
from memory.records.reminder import Reminder
from memory.records.shape import Frozen
from memory.records.task import Task
from memory.wording.date_words import MONTH_FIRST

_LINE = 40
"""Characters of a line on a phone."""
_MOST = 5
"""Entries under one heading before the rest is counted."""
_WEEK = 7
_NOON, _EVENING = 12, 18
_CENT_MICRO = 10_000


class Brief(Frozen):
    """What there is to say about a day."""

    greeting: str
    lines: tuple[str, ...]
    """What is late, due or waiting; empty on a free day."""
    coming: tuple[str, ...]
    """What comes next, and what has no day: no reason to ring."""
    yesterday: str
    """How the last working day went; empty when nothing happened."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing at all to say."""
        return not self.lines and not self.yesterday

    def text(self, *more: str) -> str:
        """All of it; with `more` after the greeting."""
        lines = self.lines or (() if more else ("Nothing is due. A good day.",))
        said = (self.greeting, *more, *lines, *self.coming, self.yesterday)
        return "\n".join(line for line in said if line)


async def today(connection: AsyncConnection, config: Config, now: datetime) -> Brief:
    """The brief of a moment.

    Args:
        now: Aware, in the owner's zone.
    """
    locale = config.owner.locale
    money_lines = await _money_lines(connection, now, locale)
    due = _listed("Today", await _due_today(connection, await _names(connection), now, locale))
    return Brief(
        greeting=await _greeting(connection, config, now),
        lines=(*money_lines, *due, *await _waiting_lines(connection, now, locale)),
        coming=tuple(_listed("Next", await _coming(connection, now, config.owner.locale), most=3)),
        yesterday=await _yesterday(connection, config, now),
    )


async def open_lines(connection: AsyncConnection, config: Config, now: datetime) -> tuple[str, ...]:
    """What is late and who waits for whom, whatever the day brings."""
    locale = config.owner.locale
    late = await _money_lines(connection, now, locale)
    return (*late, *await _waiting_lines(connection, now, locale))


async def _money_lines(connection: AsyncConnection, now: datetime, locale: str) -> list[str]:
    names = await _names(connection)
    late = _listed("Late", await _late(connection, names, now, locale))
    return late + _listed("Pay", await _bills(connection, names, now, locale))


async def _waiting_lines(connection: AsyncConnection, now: datetime, locale: str) -> list[str]:
    yours = _listed("You", _yours(await history.waiting(connection)), apart=", ")
    return yours + _listed("Waiting", await _owed(connection, now, locale))


def cost_in_words(micro: int, currency: str) -> str:
    """Millionths of a currency as an owner says them: "4 cents"; empty for nothing."""
    if micro == 0:
        return ""
    cents = micro / _CENT_MICRO
    if cents < 1:
        return "less than a cent"
    if cents < 100:
        return f"{cents:.0f} {'cent' if round(cents) == 1 else 'cents'}"
    return f"{cents / 100:.2f} {currency}"


def day_in_words(day: date, locale: str) -> str:
    """A day of this year: "13 March", or "March 13" where people write so."""
    return f"{day:%B} {day.day}" if locale in MONTH_FIRST else f"{day.day} {day:%B}"


def many(number: int, one: str, several: str = "") -> str:
    """A number with its noun: "1 draft", "2 drafts"."""
    return f"{number} {one if number == 1 else several or one + 's'}"


def _listed(label: str, found: list[str], apart: str = ". ", *, most: int = _MOST) -> list[str]:
    """One line while it fits a phone, else one line for each."""
    if not found:
        return []
    joined = f"{label}: {apart.join(found)}."
    if len(found) == 1 or len(joined) <= _LINE:
        return [joined]
    shown = found if len(found) <= most + 1 else found[:most]
    more = [f"- and {len(found) - len(shown)} more"] if len(shown) < len(found) else []
    return [f"{label}:", *(f"- {one}" for one in shown), *more]


async def _greeting(connection: AsyncConnection, config: Config, now: datetime) -> str:
    name = config.owner.name
    if not name:
        for one in await revisions.every(connection, Fact.kind):
            fact = Fact.model_validate(one.data)
            if fact.subject == "me" and fact.field == "name":
                name = str(fact.value)
    part = "morning" if now.hour < _NOON else "afternoon" if now.hour < _EVENING else "evening"
    hello = f"Good {part}, {name.split()[0]}." if name.split() else f"Good {part}."
    return f"{hello} {now:%A}, {day_in_words(now.date(), config.owner.locale)}."


async def _names(connection: AsyncConnection) -> dict[str, str]:
    """Names of customers and contacts by their record."""
    found: dict[str, str] = {}
    for kept in (Customer, Contact):
        for one in await revisions.every(connection, kept.kind):
            found[one.record] = kept.model_validate(one.data).title()
    return found


async def _late(
    connection: AsyncConnection, names: dict[str, str], now: datetime, locale: str
) -> list[str]:
    """Money that should be here, and tasks whose day is over; the latest first."""
    found: list[tuple[date, str]] = []
    for one in await revisions.every(connection, Invoice.kind):
        bill = Invoice.model_validate(one.data)
        if _is_overdue(bill, "out", now.date()) and bill.due is not None:
            who = names.get(bill.customer, bill.number)
            found.append((bill.due, f"{who}, {money.say(bill.total, locale=locale)}"))
    for one in await revisions.every(connection, Task.kind):
        task = Task.model_validate(one.data)
        if task.state == "open" and task.owner == "me" and task.due and task.due < now.date():
            found.append((task.due, _task(task, names)))
    return [f"{what}, {many((now.date() - due).days, 'day')}" for due, what in sorted(found)]


async def _bills(
    connection: AsyncConnection, names: dict[str, str], now: datetime, locale: str
) -> list[str]:
    """What the owner has to pay by today."""
    found: list[tuple[date, str]] = []
    for one in await revisions.every(connection, Invoice.kind):
        bill = Invoice.model_validate(one.data)
        if _is_overdue(bill, "in", now.date() + timedelta(days=1)) and bill.due is not None:
            days = (now.date() - bill.due).days
            late = f"{many(days, 'day')} late" if days else "due today"
            who = names.get(bill.customer, bill.number)
            found.append((bill.due, f"{who}, {money.say(bill.total, locale=locale)}, {late}"))
    return [text for _, text in sorted(found)]


async def _due_today(
    connection: AsyncConnection, names: dict[str, str], now: datetime, locale: str
) -> list[str]:
    """What has no time first, then by the clock."""
    found: list[tuple[str, str]] = []
    for one in await revisions.every(connection, Task.kind):
        task = Task.model_validate(one.data)
        if task.state == "open" and task.owner == "me" and task.due == now.date():
            found.append(("", _task(task, names)))
    for one in await revisions.every(connection, Event.kind):
        event = Event.model_validate(one.data)
        start = event.start.astimezone(now.tzinfo)
        if not event.cancelled and start.date() == now.date() and (event.end or start) >= now:
            found.append((f"{start:%H:%M}", f"{_clock(start, locale)} {event.what}"))
    for one in await revisions.every(connection, Reminder.kind):
        reminder = Reminder.model_validate(one.data)
        at = reminder.at.astimezone(now.tzinfo)
        if reminder.state == "waiting" and at.date() == now.date():
            timed = "" if reminder.all_day else f"{at:%H:%M}"
            said = reminder.what if reminder.all_day else f"{_clock(at, locale)} {reminder.what}"
            found.append((timed, said))
    return [text for _, text in sorted(found)]


async def _coming(connection: AsyncConnection, now: datetime, locale: str) -> list[str]:
    """The week's next tasks and appointments, then the tasks without a day."""
    names = await _names(connection)
    last = now.date() + timedelta(days=_WEEK)
    found: list[tuple[datetime, str]] = []
    for one in await revisions.every(connection, Task.kind):
        task = Task.model_validate(one.data)
        if task.state != "open" or task.owner != "me":
            continue
        if task.due is None:
            found.append((datetime.combine(last, time(), now.tzinfo), _task(task, names)))
        elif now.date() < task.due < last:
            at = datetime.combine(task.due, time(), now.tzinfo)
            found.append((at, f"{_task(task, names)}, {_day(task.due, now.date())}"))
    for one in await revisions.every(connection, Event.kind):
        event = Event.model_validate(one.data)
        start = event.start.astimezone(now.tzinfo)
        if not event.cancelled and now.date() < start.date() < last:
            when = f"{_day(start.date(), now.date())} {_clock(start, locale)}"
            found.append((start, f"{event.what}, {when}"))
    for one in await revisions.every(connection, Reminder.kind):
        reminder = Reminder.model_validate(one.data)
        at = reminder.at.astimezone(now.tzinfo)
        if reminder.state == "waiting" and now.date() < at.date() < last:
            when = _day(at.date(), now.date())
            timed = when if reminder.all_day else f"{when} {_clock(at, locale)}"
            found.append((at, f"{reminder.what}, {timed}"))
    return [text for _, text in sorted(found, key=lambda one: one[0])]


def _yours(counts: history.Waiting) -> list[str]:
    """What waits for the owner's word."""
    found: list[str] = []
    if counts.drafts:
        found.append(f"{many(counts.drafts, 'draft')} to approve (/waiting)")
    if counts.questions:
        found.append(many(counts.questions, "question"))
    if counts.doubts:
        found.append(f"{many(counts.doubts, 'mail')} to look for in Sent")
    return found


async def _owed(connection: AsyncConnection, now: datetime, locale: str) -> list[str]:
    """What others have to do, the nearest first."""
    found: list[tuple[date, str]] = []
    for one in await revisions.every(connection, Task.kind):
        task = Task.model_validate(one.data)
        if task.state == "open" and task.owner != "me":
            until = _until(task.due, now.date(), locale)
            found.append((task.due or date.max, f"{task.owner}, {task.what}{until}"))
    for one in await revisions.every(connection, Process.kind):
        process = Process.model_validate(one.data)
        is_over = process.stage in ("paid", "closed")
        if not is_over and process.waiting_for not in ("you", ""):
            until = _until(process.due, now.date(), locale)
            found.append((process.due or date.max, f"{process.waiting_for}, {process.name}{until}"))
    return [text for _, text in sorted(found)]


async def _yesterday(connection: AsyncConnection, config: Config, now: datetime) -> str:
    """How the last working day went; on a Monday, all since Friday."""
    back = 3 if now.weekday() == 0 else 1
    first = now.date() - timedelta(days=back)
    begin, end = (datetime.combine(day, time(), now.tzinfo) for day in (first, now.date()))
    worked = await history.worked(connection, begin, end)
    parts = [f"{worked.done} done"] if worked.done else []
    parts += [f"{worked.undone} undone"] if worked.undone else []
    if not parts:
        return ""
    cost = cost_in_words(worked.cost_micro, config.budget.currency)
    label = "Yesterday" if back == 1 else f"Since {first:%A}"
    return f"{label}: {', '.join([*parts, cost] if cost else parts)}."


def _task(task: Task, names: dict[str, str]) -> str:
    """What there is to do, and for whom where that is known."""
    who = names.get(task.customer or "", "")
    return task.what if not who or who in task.what else f"{task.what}, {who}"


def _is_overdue(bill: Invoice, direction: str, before: date) -> bool:
    return (
        bill.state == "open"
        and bill.direction == direction
        and bill.due is not None
        and bill.due < before
    )


def _until(due: date | None, today: date, locale: str) -> str:
    if due is None:
        return ""
    days = (due - today).days
    if days < 0:
        return f", {many(-days, 'day')} late"
    if days <= 1:
        return f", until {'tomorrow' if days else 'today'}"
    if days < _WEEK:
        return f", until {due:%A}"
    return f", until {day_in_words(due, locale)}"


def _day(day: date, today: date) -> str:
    return "tomorrow" if (day - today).days == 1 else f"{day:%A}"


def _clock(at: datetime, locale: str) -> str:
    if locale in MONTH_FIRST:
        return f"{at.hour % 12 or 12}:{at.minute:02} {'am' if at.hour < _NOON else 'pm'}"
    return f"{at:%H:%M}"
