"""Reminders: each said once at its time; the tick of the clock is its Source."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from jobs import sources
from jobs.rings import Manner
from memory import revisions, when
from memory.company import Company
from memory.ids import derived_id
from memory.labels import Label
from memory.records.change import Change
from memory.records.reminder import Reminder
from memory.records.source import Source

_TELL_LATE = timedelta(minutes=10)
"""A reminder that is later than this says for when it was."""
_ON_TIME = timedelta(hours=1)
"""A reminder that is later than this was missed."""


async def any_due(connection: AsyncConnection, now: datetime) -> bool:
    """Whether a reminder's time has come."""
    return any(_is_due(one, now) for one in await _reminders(connection))


async def _reminders(connection: AsyncConnection) -> tuple[tuple[str, Reminder], ...]:
    return tuple(
        (one.record, Reminder.model_validate(one.data))
        for one in await revisions.every(connection, Reminder.kind)
    )


def _is_due(one: tuple[str, Reminder], now: datetime) -> bool:
    return one[1].state == "waiting" and one[1].at <= now


async def remind(connection: AsyncConnection, company: Company, now: datetime) -> None:
    """Say each reminder that is due, once: the tick of the clock is its Source."""
    for record, reminder in await _reminders(connection):
        if not _is_due((record, reminder), now):
            continue
        version = await revisions.current(connection, record)
        if version is None:
            continue
        source = Source(
            id=derived_id("src", "clock", record, str(version.version)),
            channel="clock",
            native_id=f"{record}:{version.version}",
            chat="",
            sender="clock",
            label=Label.SYSTEM,
            text="",
            received_at=now,
        )
        await sources.accept_answered(
            connection, company, source, _reminder_text(company, reminder, now), rings=True,
            manner=_manner(reminder, now),
        )  # fmt: skip
        told = Change.to(reminder.changed(state="told"), was=version)
        await revisions.apply(
            connection, company.ledger, (told,), now=now, author="clock", action=None,
            sources=(source.id,), rationale="Its time came.",
        )  # fmt: skip


def _reminder_text(company: Company, reminder: Reminder, now: datetime) -> str:
    """What to say; one that was missed says for when it was."""
    what = reminder.what if reminder.what.endswith((".", "?")) else f"{reminder.what}."
    if reminder.all_day or now - reminder.at <= _TELL_LATE:
        return f"Reminder: {what}"
    own = now.astimezone(company.zone)
    said = when.say(reminder.at, now=own, locale=company.config.owner.locale)
    return f"Reminder for {said}: {what}"


def _manner(reminder: Reminder, now: datetime) -> Manner:
    """Asked for at a time, it rings at that time; missed by far, it need not wake anybody."""
    on_time = not reminder.all_day and now - reminder.at <= _ON_TIME
    return Manner.AT_ITS_TIME if on_time else Manner.MAY_WAIT
