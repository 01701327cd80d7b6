"""A flood at the doors with the owner's commands in between: nothing lost, and who waits how long.

`python -m tests.bench.load [--messages N] [--seconds S] [--out F.jsonl]`

Half of the messages are typed on Telegram, half are mails of 5 kB that a script passes on. They are
offered evenly over the seconds; the owner asks for /today four times a second on a door of their
own. A door may take longer than the offer lasts: what counts is that all of it is kept in the end.
Times depend on who else computes here; what a message costs in processor time does so less.
"""

import argparse
import asyncio
import json
import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from tests.doubles.steward import Steward, running
from tests.faultkit.doors.platforms import Played
from tests.faultkit.house import attachment

AT_ONCE = 8
ASKED_EVERY_S = 0.25
MAIL_BYTES = 5_000
LONGEST_S = 3_600


@dataclass
class Flood:
    """What was offered and how the owner fared meanwhile."""

    answered_s: list[float] = field(default_factory=list[float])
    kept_s: list[float] = field(default_factory=list[float])
    refused: int = 0
    """Mails that were not taken at once and were passed on again."""


def main(arguments: list[str] | None = None) -> Mapping[str, float]:
    """Measure, print a table and return the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", help="not needed here; taken so that every bench is called alike")
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        figures = asyncio.run(_measure(Path(folder), options.messages, options.seconds))
    for name, value in figures.items():
        print(f"{name:44} {value:10.2f}")
    if options.out:
        options.out.write_text(json.dumps(figures) + "\n")
    return figures


async def _measure(folder: Path, messages: int, seconds: float) -> dict[str, float]:
    platform = await asyncio.to_thread(Played, "telegram poll", 0)
    try:
        async with running(folder / "data", platform.config) as steward:
            before = _memory_mib(steward)
            worked_s = _processor_s(steward)
            flood = Flood()
            began = time.monotonic()
            async with aiohttp.ClientSession(**_door(steward.data)) as session:
                async with asyncio.TaskGroup() as group:
                    owner = group.create_task(_ask(session, flood))
                    parts = [
                        group.create_task(_type(platform, messages // 2, seconds)),
                        group.create_task(_pass_on(session, flood, messages // 2, seconds)),
                    ]
                    await asyncio.wait(parts)
                    typed: list[str] = parts[0].result() or []
                    offered_s = time.monotonic() - began
                    await asyncio.to_thread(platform.wait_for, typed, LONGEST_S)
                    kept_s = time.monotonic() - began
                    kept_ms = _spent_ms(worked_s, _processor_s(steward), messages)
                    owner.cancel()
                during = sorted(flood.answered_s)
                peak = _memory_mib(steward)
                read_s = await _until_read(steward.data, began)
                spent_ms = _spent_ms(worked_s, _processor_s(steward), messages)
            rows = _rows(steward.data, "select text, files from source")
            texts = {text for text, _ in rows}
            mails = {files for _, files in rows if files != "[]"}
            lost = messages - sum(one in texts for one in typed) - len(mails)
            return {
                "messages": messages,
                "lost": lost,
                "offered within s": offered_s,
                "all kept after s": kept_s,
                "all read after s": read_s,
                "read in a second": messages / read_s,
                "doors: processor ms a message until kept": kept_ms["doors"],
                "doors: processor ms a message in all": spent_ms["doors"],
                "worker: processor ms a message in all": spent_ms["worker"],
                "owner's command, median s": statistics.median(during),
                "owner's command, 99th of 100 s": during[int(len(during) * 0.99) - 1],
                "owner's command, worst s": during[-1],
                "commands": len(during),
                "a mail is kept within, median s": statistics.median(flood.kept_s),
                "mails refused and passed on again": flood.refused,
                "memory before MiB": before,
                "memory grew MiB": max(peak, _memory_mib(steward)) - before,
            }
    finally:
        await asyncio.to_thread(platform.close)


async def _type(platform: Played, count: int, seconds: float) -> list[str]:
    """The owner's messages on Telegram, a handful at a time."""
    marks: list[str] = []
    began = time.monotonic()
    while len(marks) < count:
        due = min(count, int(count * (time.monotonic() - began) / seconds) + 1)
        if due > len(marks):
            marks += await asyncio.to_thread(platform.deliver, due - len(marks))
        await asyncio.sleep(0.05)
    return marks


async def _pass_on(
    session: aiohttp.ClientSession, flood: Flood, count: int, seconds: float
) -> None:
    """Mails from a script, as many at once as it takes to keep the pace."""
    began = time.monotonic()
    numbers = iter(range(count))

    async def sender() -> None:
        for number in numbers:
            await asyncio.sleep(max(0.0, began + seconds * number / count - time.monotonic()))
            body = {
                "files": [attachment("mail.eml", _mail(number))],
                "forward": True,
                "wait_s": 0,
                "id": f"load {number}",
            }
            asked = time.monotonic()
            while (await _post(session, body)) >= 400:
                flood.refused += 1
                await asyncio.sleep(0.2)
            flood.kept_s.append(time.monotonic() - asked)

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(sender())


async def _ask(session: aiohttp.ClientSession, flood: Flood) -> None:
    while True:
        asked = time.monotonic()
        if (await _post(session, {"text": "/today", "wait_s": 30})) < 400:
            flood.answered_s.append(time.monotonic() - asked)
        await asyncio.sleep(ASKED_EVERY_S)


async def _post(session: aiohttp.ClientSession, body: object) -> int:
    async with session.post("say", json=body) as answer:
        await answer.read()
        return answer.status


async def _until_read(data: Path, began: float) -> float:
    """When nothing is left that nobody has read."""
    query = "select count(*) from source where settled_at is null"
    while (await asyncio.to_thread(_rows, data, query))[0][0]:  # noqa: ASYNC110 - another process works
        await asyncio.sleep(1.0)
    return time.monotonic() - began


def _door(data: Path) -> dict[str, Any]:
    door = json.loads((data / "door.json").read_text())
    return {
        "base_url": f"http://127.0.0.1:{door['port']}/door/",
        "headers": {"Authorization": f"Bearer {door['key']}"},
        "timeout": aiohttp.ClientTimeout(total=120),
    }


def _mail(number: int) -> bytes:
    line = f"This is line after line of what letter {number} says.\r\n"
    return (
        f"From: Writer {number} <writer@firm{number}.example>\r\nSubject: Letter {number}\r\n"
        f"Message-ID: <{number}@firm.example>\r\nDate: Mon, 9 Mar 2026 18:12:00 +0000\r\n\r\n"
        + line
        * (MAIL_BYTES // len(line))
    ).encode()


def _rows(data: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(data / "steward.db", timeout=60)) as connection:
        return connection.execute(query).fetchall()


def _processor_s(steward: Steward) -> dict[str, float]:
    """How long the doors and the worker have computed since they began."""
    spent = {"doors": 0.0, "worker": 0.0}
    for pid in steward.family():
        place = Path(f"/proc/{pid}")
        if not place.exists():
            continue
        words = (place / "cmdline").read_bytes().split(b"\0")
        role = next((one for one in spent if one.encode() in words), None)
        if role is not None:
            # what stands behind the name in brackets: user and system time are the 12th and 13th
            times = (place / "stat").read_text().rpartition(")")[2].split()[11:13]
            spent[role] += sum(map(int, times)) / os.sysconf("SC_CLK_TCK")
    return spent


def _spent_ms(since: dict[str, float], now: dict[str, float], messages: int) -> dict[str, float]:
    return {role: 1000 * (now[role] - since[role]) / messages for role in since}


def _memory_mib(steward: Steward) -> float:
    """Resident memory of the whole family."""
    pages = 0
    for pid in steward.family():
        place = Path(f"/proc/{pid}/statm")
        if place.exists():
            pages += int(place.read_text().split()[1])
    return pages * 4096 / 2**20


if __name__ == "__main__":
    main()
