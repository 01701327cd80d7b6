"""How often a phone rings in a month of a normal company: `python -m tests.bench.rings`.

Twenty-two working days and the weekends between them, from a seeded script: mails that are passed
on by day and by night, notes, tasks and reminders, presses, nights with the lid closed. The real
store, the real worker's steps and an injected clock; one line a day.
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from jobs import notices, rings
from memory import tables
from memory.config import Policy
from memory.records.action import State
from memory.records.decision import Verb
from tests.doubles.builders import Desk, a_config, a_desk, a_letter, a_rate

LISBON = ZoneInfo("Europe/Lisbon")
FIRST = date(2026, 3, 2)
"""A Monday; the clocks change on the 29th."""
DAYS = 30
_NAMES = ("Rui Costa", "Ines Matos", "Paulo Reis", "Clara Nunes", "Hugo Faria", "Elsa Vaz")
_MOMENTS = (
    time(8, 0, 1),
    *(time(hour, 15, 1) for hour in range(12, 19)),
    time(18, 30, 1),
)
"""Brief and summary, reminders, the evening's line."""


@dataclass(frozen=True)
class Happening:
    """Something that happens at a moment."""

    at: datetime
    what: str
    text: str = ""


@dataclass
class Day:
    """What one day brought."""

    day: date
    forwards: int = 0
    typed: int = 0
    rings: int = 0
    due: int = 0
    """Rings of reminders, whose time the owner named."""
    kept: int = 0
    """What would have rung and was told in a summary or a brief."""


@dataclass
class Month:
    """What a month brought."""

    days: list[Day] = field(default_factory=list[Day])
    wished: int = 0
    """How much asked for attention."""
    lost: int = 0
    """How much of it neither rang nor was told of by something that rang, and still waits."""
    twice: int = 0
    """How much was told of by more than one."""
    silent: int = 0
    """Notices that never asked to ring."""


def script(seed: int, days: int = DAYS) -> Iterator[Happening]:
    """The company's month, the same for the same seed."""
    chance = random.Random(seed)
    for number in range(days):
        day = FIRST + timedelta(days=number)
        is_working = day.weekday() < 5
        happenings: list[Happening] = []

        def add(what: str, hours: tuple[int, int], text: str = "", day: date = day) -> None:
            minute = chance.randrange(hours[0] * 60, hours[1] * 60)
            at = datetime.combine(day, time(minute // 60, minute % 60, 30), LISBON)
            happenings.append(Happening(at, what, text))  # noqa: B023 - called within the day

        for _ in range(chance.choice((1, 2, 3, 3, 4, 6)) if is_working else chance.choice((0, 1))):
            add("forward", (9, 19), chance.choice(_NAMES))
        if chance.random() < 0.3:
            add("forward", (21, 24), chance.choice(_NAMES))
        for _ in range(chance.choice((1, 2, 3)) if is_working else 0):
            add("note", (9, 19), f"note: idea {chance.randrange(10_000)}")
        if is_working and chance.random() < 0.5:
            hour = chance.randrange(12, 19)
            add("remind", (9, 12), f"remind me today at {hour}:15 to call {chance.choice(_NAMES)}")
        if is_working and chance.random() < 0.4:
            add("task", (9, 17), f"task: send plan {chance.randrange(10_000)} by tomorrow")
        if is_working:
            add("answer", (11, 13))
            add("answer", (16, 18))
        yield from sorted(happenings, key=lambda one: one.at)


async def play(desk: Desk, seed: int, days: int = DAYS) -> Month:
    """Let a month go by."""
    month = Month()
    await _until(desk, datetime.combine(FIRST, time(7), LISBON))
    await desk.here_beats()
    await desk.keep(a_rate("landing page", "1200"), a_rate("logo", "300"))
    today: Day | None = None
    for number, one in enumerate(script(seed, days)):
        await _pass(desk, one.at)
        if today is None or today.day != one.at.date():
            today = Day(one.at.date())
            month.days.append(today)
        if one.what == "forward":
            today.forwards += 1
            await desk.forward(_enquiry(one.text, number))
        elif one.what == "answer":
            await _answer(desk)
        else:
            today.typed += 1
            await desk.hear(one.text)
        await desk.look()
    end = datetime.combine(FIRST + timedelta(days=days), time(9), LISBON)
    await _pass(desk, end)
    await _count(desk, month)
    return month


async def _pass(desk: Desk, to: datetime) -> None:
    """The worker looks at each moment on the way that the clock may have something to say."""
    day = desk.now.astimezone(LISBON).date()
    while day <= to.astimezone(LISBON).date():
        for moment in (datetime.combine(day, one, LISBON) for one in _MOMENTS):
            if desk.now < moment < to:
                await _until(desk, moment)
                await desk.look()
        day += timedelta(days=1)
    await _until(desk, to)
    await desk.look()


async def _until(desk: Desk, moment: datetime) -> None:
    await desk.pass_time(moment - desk.now)


def _enquiry(name: str, number: int):
    mail = f"{name.lower().replace(' ', '.')}{number}@customers.example"
    return a_letter(
        "Hi Dana, we'd like a landing page. Could you send me a quote by Friday?",
        subject=f"Landing page {number}", name=name, email=mail,
        signature=f"Thanks,\n{name.split()[0]}", message_id=f"<{number}@customers.example>",
    )  # fmt: skip


async def _answer(desk: Desk) -> None:
    """The owner sits down and decides about half of what waits."""
    waiting = [
        one
        for one in await desk.cards()
        if one.action and one.action.state is State.AWAITING and not one.outdone
    ]
    for one in waiting[: (len(waiting) + 1) // 2]:
        await desk.press(one, Verb.REJECT)


async def _count(desk: Desk, month: Month) -> None:
    by_day = {one.day: one for one in month.days}
    rows = await desk.rows(tables.ring)
    rang = {row.notice for row in rows if row.rang}
    async with desk.company.store.read() as connection:
        waits = {one.notice for one in await rings.kept(connection)}
        reminders = {
            one.notice.id
            for one in await notices.every(connection)
            if one.notice.text.startswith("Reminder:")
        }
    for row in rows:
        day = by_day.setdefault(row.at.astimezone(LISBON).date(), Day(row.at.date()))
        day.rings += row.rang
        day.due += row.rang and row.notice in reminders
        day.kept += not row.rang
        heard = row.rang + (row.heard_in in rang) + (row.heard_in == row.notice)
        month.lost += not heard and row.notice not in waits
        month.twice += heard > 1
    month.days = [by_day[one] for one in sorted(by_day)]
    month.wished = len(rows)
    month.silent = sum(not one.notice.rings for one in await desk.cards())


async def simulated(folder: Path, seed: int, days: int, policy: Policy) -> Month:
    """A month in a folder of its own."""
    async with a_desk(folder, a_config(policy=policy)) as desk:
        return await play(desk, seed, days)


def main(arguments: list[str] | None = None) -> int:
    """Play a month and print a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.rings")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--rings", type=int, default=5)
    parser.add_argument("--data", help="not needed here; taken so that every bench is called alike")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        policy = Policy(rings_per_day=options.rings)
        month = asyncio.run(simulated(Path(folder), options.seed, options.days, policy))
    print("day          mails  typed  rings  asked for  kept for later")
    for one in month.days:
        line = f"{one.day:%a %d %b}   {one.forwards:6} {one.typed:6} {one.rings:6}"
        print(f"{line} {one.due:10} {one.kept:15}")
    whole = sum(one.rings for one in month.days)
    working = [one.rings for one in month.days if one.day.weekday() < 5]
    print(
        f"{whole} rings, {sum(working) / len(working):.1f} a working day, "
        f"most {max(working)}; {month.wished} asked for attention, {month.silent} shown silently, "
        f"lost {month.lost}, told twice {month.twice}"
    )
    if options.out:
        with options.out.open("w") as file:
            for one in month.days:
                file.write(json.dumps({**vars(one), "day": one.day.isoformat()}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
