"""While nothing may leave: what is held, said with exact counts, resumed or cancelled."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from jobs import groups, marks, notices, states, stop, tally
from jobs.stop import Stop
from memory import tables, when
from memory.company import Company
from memory.errors import Refused, Stale
from memory.records.action import State
from memory.records.decision import Decision, Outcome, Verb
from memory.records.notice import Shown
from memory.records.standstill import Standstill

VERBS = (Verb.STOP, Verb.RESUME)
"""What is decided here whichever card it was pressed on."""
_NOTED = "stop_noted"
"""Where the name of the last stop is kept that the books know of."""
_BELOW = "Please look at the newer line below."
_HELD = (*tally.WAITING, State.COMMITTING)


def words(company: Company, made: Stop) -> str:
    """What a stop means, in the owner's words."""
    if made.until is None:
        return "Stopped. Nothing leaves until you say resume."
    zone = company.zone
    now, until = company.clock.now().astimezone(zone), made.until.astimezone(zone)
    day = "" if until.date() == now.date() else f"{when.say(until.date(), now=now)}, "
    return f"Paused until {day}{until:%H:%M}. Nothing leaves before, unless you say resume."


def counted(held: Standstill) -> str:
    """What is held, in the owner's words."""
    said = held.tally.text("held")
    return f"{said}." if said else "Nothing was on its way."


async def note(
    connection: AsyncConnection,
    company: Company,
    made: Stop,
    *,
    source: str | None = None,
) -> str:
    """Write a stop into the books, once, and put what it holds before the owner.

    Returns:
        The notice's id.
    """
    place = f"{_NOTED}:{source or made.name}"
    known = await marks.recall(connection, place)
    if known is not None:
        return known
    now = company.clock.now()
    await stop.note(connection, company, "stopped", made.by)
    await _close(connection, _BELOW)
    notice = await notices.tell(
        connection, company, now=now, kind="stop", text=words(company, made), source=source
    )
    await marks.keep(connection, place, notice)
    await marks.keep(connection, _NOTED, made.name)
    await _touch_held(connection)
    return notice


async def resume(connection: AsyncConnection, company: Company, actor: str) -> bool:
    """Let things leave again; False when nothing was stopped, or somebody stopped it anew."""
    seen = stop.standing(company)
    if seen is None or not stop.lift(company, seen):
        return False
    now = company.clock.now()
    await stop.note(connection, company, "resumed", actor)
    await _close(connection, f"Going on since {now.astimezone(company.zone):%H:%M}.")
    await _touch_held(connection)
    return True


async def decide(
    connection: AsyncConnection,
    company: Company,
    decision: Decision,
    shown: Shown,
    now: datetime,
) -> Outcome:
    """Carry out what was pressed on a line that tells of a stop, or Stop and Resume anywhere.

    Raises:
        Stale: What is held is no longer what the button was shown for.
        Refused: There is no such button.
    """
    actor = f"{decision.door} {decision.actor}"
    about = shown.action.id if shown.action else None
    if decision.verb is Verb.STOP:
        made = stop.standing(company) or stop.hold(company, actor)
        notice = await note(connection, company, made)
        said = f"{words(company, made)} {counted(await tally.held(connection))}"
        return Outcome(accepted=True, text=said, action=about, notice=notice)
    if decision.verb is Verb.RESUME:
        if not await resume(connection, company, actor):
            raise Stale("Nothing is stopped.")
        return Outcome(accepted=True, text="Going on. What waited leaves now.", action=about)
    if decision.verb is not Verb.CANCEL or shown.standstill is None:
        raise Refused("That can't be decided here.")
    if decision.digest is not None and decision.digest != shown.standstill.bound:
        raise Stale("You approved more since; please look at the newer count.")
    if shown.notice.answered:
        raise Stale(shown.notice.answered)
    return await _cancel(connection, company, shown, actor, now)


async def keep(company: Company) -> None:
    """End a pause whose time has come; write down a stop that the books don't know of yet."""
    made = stop.standing(company)
    if made is None:
        return
    if made.until is not None and made.until <= company.clock.now():

        async def end(connection: AsyncConnection) -> None:
            await resume(connection, company, "clock")

        await company.store.write(end)
        return
    async with company.store.read() as connection:
        noted = await marks.recall(connection, _NOTED)
    if noted == made.name:
        return

    async def work(connection: AsyncConnection) -> None:
        await note(connection, company, made)

    await company.store.write(work)


async def _cancel(
    connection: AsyncConnection, company: Company, shown: Shown, actor: str, now: datetime
) -> Outcome:
    """Cancel exactly what is held, and say what that came to."""
    before = (await tally.held(connection)).tally
    table = tables.action
    held = (
        select(table)
        .where(table.c.state.in_([one.value for one in tally.WAITING]))
        .order_by(table.c.kind == "mail.many", table.c.created_at)
    )
    cancelled = 0
    for row in (await connection.execute(held)).all():
        action = states.action_of(row)
        if action.kind == "mail.many":
            await groups.settle(connection, company, action, now=now)
            continue
        await states.move(
            connection, company.ledger, action, State.CANCELLED, now=now, actor=actor, due_at=None
        )
        cancelled += 1
    if not cancelled:
        raise Stale("There is nothing left to cancel.")
    after = before.model_copy(
        update={"waiting": 0, "cancelled": before.cancelled + cancelled, "leaving": before.leaving}
    )
    said = f"{after.text('held')}."
    await notices.answer(connection, shown.notice.id, said)
    return Outcome(accepted=True, text=said, notice=shown.notice.id)


async def _close(connection: AsyncConnection, answered: str) -> None:
    """No earlier line about a stop can be pressed any more; what was cancelled stays said."""
    open_ones = select(tables.notice.c.id, tables.notice.c.answered).where(
        tables.notice.c.kind == "stop"
    )
    newest = open_ones.order_by(tables.notice.c.seq.desc()).limit(1)
    for row in (await connection.execute(newest)).all():
        if row.answered.startswith(("Going on", _BELOW)):
            continue
        said = f"{row.answered} {answered}".strip()
        await notices.answer(connection, row.id, said)


async def _touch_held(connection: AsyncConnection) -> None:
    """What is held looks different now: its cards are to be shown anew."""
    table = tables.action
    held = select(table.c.id).where(table.c.state.in_([one.value for one in _HELD]))
    await connection.execute(
        update(tables.notice)
        .where(tables.notice.c.action.in_(held))
        .values(stamp=states.next_stamp())
    )
