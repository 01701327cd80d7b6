"""The week in figures: what was done each day, and money in and out by week."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncConnection

from memory import brief, history, ledger, money, revisions
from memory.config import Config
from memory.records.invoice import Invoice
from memory.records.money import Money
from memory.records.shape import Frozen

_DAYS = 7
_WEEKS = 6


class DayFigures(Frozen):
    """One day."""

    day: date
    done: int
    undone: int
    asked: int
    """Drafts that were put before the owner."""
    rings: int


class WeekMoney(Frozen):
    """One week's money in the owner's currency, in whole and parts of it."""

    monday: date
    into: Decimal
    out: Decimal


class Week(Frozen):
    """What there is to say about seven days."""

    days: tuple[DayFigures, ...]
    """Seven, the last one being the day of the review."""
    money: tuple[WeekMoney, ...]
    """The weeks up to this one; empty when no payment is known."""
    currency: str
    text: str
    """All of it in words."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing has happened at all."""
        return not any((one.done, one.undone, one.asked) != (0, 0, 0) for one in self.days)


async def week(connection: AsyncConnection, config: Config, now: datetime) -> Week:
    """The seven days up to a moment.

    Args:
        now: Aware, in the owner's zone.
    """
    days = tuple([await _day(connection, now.date() - timedelta(days=back), now) for back in _BACK])
    weeks = await _weeks(connection, config, now)
    return Week(
        days=days,
        money=weeks,
        currency=config.owner.currency,
        text=await _words(connection, config, now, days, weeks),
    )


_BACK = tuple(range(_DAYS - 1, -1, -1))


async def _day(connection: AsyncConnection, day: date, now: datetime) -> DayFigures:
    begin, end = _bounds(day, now)
    worked = await history.worked(connection, begin, end)
    return DayFigures(
        day=day,
        done=worked.done,
        undone=worked.undone,
        asked=worked.asked,
        rings=await history.rings_between(connection, begin, end),
    )


async def _weeks(
    connection: AsyncConnection, config: Config, now: datetime
) -> tuple[WeekMoney, ...]:
    """Bills that were paid, by the week in which they were."""
    this = now.date() - timedelta(days=now.weekday())
    mondays = [this - timedelta(weeks=back) for back in range(_WEEKS - 1, -1, -1)]
    into, out = dict.fromkeys(mondays, Decimal(0)), dict.fromkeys(mondays, Decimal(0))
    for one in await revisions.every(connection, Invoice.kind):
        bill = Invoice.model_validate(one.data)
        paid_on = one.valid_from.astimezone(now.tzinfo).date()
        monday = paid_on - timedelta(days=paid_on.weekday())
        if bill.state != "paid" or bill.total.currency != config.owner.currency:
            continue
        side = into if bill.direction == "out" else out
        if monday in side:
            side[monday] += bill.total.amount
    if not any((*into.values(), *out.values())):
        return ()
    return tuple(WeekMoney(monday=one, into=into[one], out=out[one]) for one in mondays)


async def _words(
    connection: AsyncConnection,
    config: Config,
    now: datetime,
    days: tuple[DayFigures, ...],
    weeks: tuple[WeekMoney, ...],
) -> str:
    locale = config.owner.locale
    done, undone = sum(one.done for one in days), sum(one.undone for one in days)
    begin, _ = _bounds(days[0].day, now)
    worked = await history.worked(connection, begin, now)
    cost = brief.cost_in_words(worked.cost_micro, config.budget.currency) or "nothing"
    rings = sum(one.rings for one in days)
    return "\n".join(
        [
            f"Your week to {now:%A}, {brief.day_in_words(now.date(), locale)}.",
            f"Done: {done}. Undone: {undone}. Cost: {cost}.",
            *_money_words(weeks, config),
            *await brief.open_lines(connection, config, now),
            _rang(rings, max(one.rings for one in days)),
            await _seal(connection),
        ]
    )


def _rang(rings: int, most: int) -> str:
    if rings <= 1:
        return "I rang once." if rings else "I never rang."
    return f"I rang {rings} times, at most {most} a day."


def _money_words(weeks: tuple[WeekMoney, ...], config: Config) -> list[str]:
    if not weeks:
        return []
    into, out = (
        money.say(Money.of(str(amount), config.owner.currency), locale=config.owner.locale)
        for amount in (weeks[-1].into, weeks[-1].out)
    )
    return [f"Money: {into} in, {out} out."]


async def _seal(connection: AsyncConnection) -> str:
    """The ledger in words; its heads lie outside the database (memory/anchors.py)."""
    number, _ = await ledger.head(connection)
    lines = f"{number:,} line{'' if number == 1 else 's'}"
    return (
        f"I seal my records every hour, outside of where they lie: {lines} so far. If anybody "
        "changes one, I can tell."
    )


def _bounds(day: date, now: datetime) -> tuple[datetime, datetime]:
    begin = datetime.combine(day, time(), now.tzinfo)
    return begin, datetime.combine(day + timedelta(days=1), time(), now.tzinfo)
