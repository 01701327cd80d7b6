"""A day with a provider that lies: whatever it claims, its own journal never exceeds the budget.

Four processes of 16 workers read what rules abstain from: four of each work on messages as shipped,
twelve only read, so that money is always in demand. The provider refuses, breaks,
dawdles, talks nonsense and reports usage that can't be true; now and then a process is killed. The
owner gives more money whenever the card asks, so that the edge is reached again and again.
"""

import asyncio
import contextlib
import json
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from jobs import sources
from jobs.bell import Bell
from jobs.outbox import Outbox
from memory import budget, spending, tables
from memory.clock import WallClock
from memory.company import Company, database_url, opened
from memory.config import Budget, Config, Models
from memory.ledger import entries
from memory.prices import price_in
from memory.records.decision import Decision, Verb
from memory.records.intent import Intent
from memory.records.notice import Shown
from memory.schema import upgrade
from tests.doubles import model_server as provider
from tests.doubles.builders import NOBODY_HOME, a_source
from tests.doubles.model_server import Behaviour, ModelServer, a_model_server
from tests.faultkit.budget.worker import CONFIG, ENOUGH, READER
from tests.faultkit.house import ROOT

PRICES = {"small": "1 / 4", "large": "10 / 40"}
_TIMEOUT_S = 15.0
_MIX: tuple[tuple[int, Behaviour], ...] = (
    (300, provider.HONEST),
    (220, provider.UNSURE),
    *((60, one) for one in (provider.ZERO, provider.NEGATIVE, provider.SILENT)),
    *((60, one) for one in (provider.HALF, provider.HUGE)),
    *((15, one) for one in (provider.CHATTY, provider.GARBAGE, provider.BROKEN)),
    (30, replace(provider.BUSY, retry_after="1")),
    (8, provider.OVERLOADED),
    (3, replace(provider.SLOW, wait_s=2 * _TIMEOUT_S)),
)
"""How often, of a thousand calls, and how one is answered."""
_BACKLOG = 24
"""Messages that are waiting to be read at any moment."""
_KILLS = 10
"""How often a process is killed, evenly over the calls."""
_LONGEST_S = 3_300.0
_QUIET_S = 300.0
"""After the last call, how long everything may take to come to rest."""


def run(calls: int, seed: int, out: Path, *, processes: int = 4, workers: int = 64) -> int:
    """Play the day; 1 when money was overrun or something is stuck."""
    out.parent.mkdir(parents=True, exist_ok=True)
    folder = out.with_suffix("") / f"{time.time_ns()}"
    folder.mkdir(parents=True)
    found = asyncio.run(play(folder, calls, seed, processes=processes, workers=workers))
    out.write_text(json.dumps(found, indent=1) + "\n")
    print(json.dumps(found, indent=1))
    return 1 if found["faults"] else 0


async def play(
    folder: Path, calls: int, seed: int, *, processes: int, workers: int, per_day: str = "2.00"
) -> dict[str, Any]:
    """One day; everything that was seen."""
    journal, began = folder / "journal.jsonl", time.monotonic()
    prices = {tier: price_in(text) for tier, text in PRICES.items()}
    server = ModelServer(journal, prices, choosing(seed))
    async with a_model_server(server) as url:
        config = _config(url, per_day)
        data = folder / "data"
        data.mkdir()
        upgrade(database_url(config, data), data / "backups", WallClock().now())
        (data / CONFIG).write_text(config.model_dump_json())
        async with opened(config, data, busy_s=60) as company:
            owner = _Owner(company, Journal(journal))
            async with _hands(data, processes, workers) as hands:
                await _busy(owner, hands, calls, seed)
                await owner.rest()
            found = await owner.judge()
    return {
        "calls": len(provider.lines_of(journal)),
        "answered": dict(Counter(one["how"] for one in provider.lines_of(journal))),
        **found,
        "killed": hands.killed,
        "wall_s": round(time.monotonic() - began, 1),
    }


class Journal:
    """What the provider has written down, read as it grows."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._read_bytes = 0
        self._calls = 0
        self._earned_micro = 0

    def earned_micro(self) -> int:
        """What it has charged so far."""
        self._look()
        return self._earned_micro

    def calls(self) -> int:
        """How often it was asked so far."""
        self._look()
        return self._calls

    def _look(self) -> None:
        with self._file.open("rb") as file:
            file.seek(self._read_bytes)
            fresh = file.read()
        whole = fresh[: fresh.rfind(b"\n") + 1]
        for line in whole.splitlines():
            self._calls += 1
            self._earned_micro += json.loads(line)["micro"]
        self._read_bytes += len(whole)


class _Owner:
    """Sends messages, looks at the provider's journal, and presses the card's buttons."""

    def __init__(self, company: Company, journal: "Journal") -> None:
        self.company = company
        self.journal = journal
        self.presses = 0
        self.faults: list[str] = []
        self.least_left_micro = 10**12
        self._outbox = Outbox(company, Bell(NOBODY_HOME))
        self._number = 0

    async def send(self, count: int) -> None:
        """So many messages that no rule can read."""

        async def work(connection) -> None:
            for _ in range(count):
                self._number += 1
                said = a_source(f"hosting ate another {self._number}, ugh")
                fresh = said.model_copy(update={"received_at": self.company.clock.now()})
                await sources.accept(connection, self.company, fresh, (Intent(kind="say"),))

        await self.company.store.write(work)

    async def unread(self) -> int:
        """Messages that are not settled; those of who only reads are not meant to be."""
        table = tables.source
        query = select(func.count()).where(
            table.c.settled_at.is_(None), table.c.native_id.not_like(f"{READER}%")
        )
        async with self.company.store.read() as connection:
            return await connection.scalar(query) or 0

    async def look(self, choice: int) -> None:
        """Compare the provider's journal with the budget, and answer the card if there is one."""
        await self.check()
        for card in await self._asking():
            decision = Decision(
                notice=card.notice.id, verb=Verb.CHOOSE, door="local", actor="owner", choice=choice
            )
            outcome = await self._outbox.decide(decision)
            self.presses += outcome.accepted
            if not outcome.accepted:
                self.faults.append(f"a button did not work: {outcome.text}")

    async def check(self) -> None:
        """What the provider has earned must never be more than the budget of this moment."""
        earned = self.journal.earned_micro()
        today = self.company.clock.now().date().isoformat()
        async with self.company.store.read() as connection:
            more = await budget.added(connection, today)
        limit = int(self.company.config.budget.per_day * budget.MICRO) + more
        self.least_left_micro = min(self.least_left_micro, limit - earned)
        if earned > limit:
            self.faults.append(f"the provider earned {earned} of {limit} millionths")

    async def rest(self) -> None:
        """Wait until nothing is due any more; what has no money waits for tomorrow."""
        (self.company.data / ENOUGH).touch()
        until = time.monotonic() + _QUIET_S
        while time.monotonic() < until and await self._moving():
            await self.look(choice=2)
            await asyncio.sleep(0.2)

    async def judge(self) -> dict[str, Any]:
        """The end: what was spent, by whose account, and what is stuck."""
        await self.check()
        stuck = await self._moving()
        async with self.company.store.read() as connection:
            spent = await self._spending(connection)
            ledger = await entries(connection)
            self.faults += await self.company.ledger.faults(connection)
            waiting = await self._waiting(connection)
            told = await connection.scalars(select(tables.notice.c.text))
            outages = sum(text.startswith("My ") and " answer" in text for text in told)
        settled = sum(int(one.detail["micro"] or 0) for one in ledger if one.event == _SETTLED)
        earned = self.journal.earned_micro()
        if stuck:
            self.faults.append(f"{stuck} runs are stuck")
        if settled != spent.total_micro or spent.open_micro:
            self.faults.append(f"the ledger says {settled}, the words of cost {spent.total_micro}")
        if earned > spent.total_micro:
            self.faults.append(f"the provider earned {earned}, we know of {spent.total_micro}")
        return {
            "messages": self._number,
            "waiting for tomorrow": waiting,
            "stuck": stuck,
            "earned": spending.amount(earned),
            "counted": spending.amount(spent.total_micro),
            "budget": spending.amount(spent.limit_micro),
            "least left": spending.amount(max(self.least_left_micro, 0)),
            "times the edge was reached": self.presses,
            "lines about outages": outages,
            "faults": self.faults[:20],
        }

    async def _spending(self, connection) -> spending.Spending:
        return await spending.today(connection, self.company.config, self.company.clock.now())

    async def _asking(self) -> list[Shown]:
        table = tables.notice
        query = select(table.c.id).where(
            table.c.kind == "question", table.c.answered == "", table.c.question.contains("budget.")
        )
        async with self.company.store.read() as connection:
            names = list(await connection.scalars(query))
        return [await self._outbox.shown(name) for name in names]

    async def _moving(self) -> int:
        """Runs that are at work, or due within a minute or two."""
        table, soon = tables.run, self.company.clock.now() + timedelta(minutes=2)
        query = select(func.count()).where(
            table.c.state.in_(("planned", "claimed")), table.c.due_at <= soon
        )
        async with self.company.store.read() as connection:
            return await connection.scalar(query) or 0

    async def _waiting(self, connection) -> int:
        query = select(func.count()).where(tables.run.c.outcome == "waits for money")
        return await connection.scalar(query.where(tables.run.c.state == "planned")) or 0


_SETTLED = "money_settled"


class _Hands:
    """The processes that work."""

    def __init__(self, data: Path, processes: int, workers: int) -> None:
        self._data = data
        self._shares = processes
        each = workers // processes
        self._hands = max(each // 4, 1)
        self._readers = each - self._hands
        self._alive: dict[int, asyncio.subprocess.Process] = {}
        self.killed = 0

    async def start(self) -> None:
        for share in range(self._shares):
            await self._begin(share)

    async def kill(self, share: int) -> None:
        """Pull one plug, and put it in again."""
        process = self._alive[share % self._shares]
        process.send_signal(signal.SIGKILL)
        await process.wait()
        self.killed += 1
        await self._begin(share % self._shares)

    async def check(self) -> None:
        """Nobody ends by himself."""
        for process in self._alive.values():
            if process.returncode is not None:
                message = f"a worker ended with {process.returncode}"
                raise AssertionError(message)

    async def end(self) -> None:
        for process in self._alive.values():
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGKILL)
            await process.wait()

    async def _begin(self, share: int) -> None:
        with (self._data / f"worker{share}.log").open("a") as log:
            self._alive[share] = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.faultkit.budget.worker", str(self._data)),
                *map(str, (share, self._shares, self._hands, self._readers)),
                cwd=ROOT,
                stdin=asyncio.subprocess.PIPE,
                stderr=log,
            )


@asynccontextmanager
async def _hands(data: Path, processes: int, workers: int) -> AsyncGenerator[_Hands]:
    hands = _Hands(data, processes, workers)
    await hands.start()
    try:
        yield hands
    finally:
        await hands.end()


async def _busy(owner: _Owner, hands: _Hands, calls: int, seed: int) -> None:
    """Until the provider has answered so many calls: there is always work, and always money."""
    dice = random.Random(seed)
    until = time.monotonic() + _LONGEST_S
    step = max(calls // (_KILLS + 1), 1)
    while owner.journal.calls() < calls:
        if time.monotonic() > until:
            owner.faults.append("it took too long")
            return
        await hands.check()
        unread = await owner.unread()
        if unread < _BACKLOG:
            await owner.send(_BACKLOG - unread)
        await owner.look(choice=0)
        if owner.journal.calls() >= step * (hands.killed + 1):
            await hands.kill(dice.randrange(100))
        await asyncio.sleep(0.5)


def choosing(seed: int):
    """How the request of a number is answered: the same for the same seed."""
    weights, behaviours = zip(*_MIX, strict=True)

    def choose(number: int, model: str) -> Behaviour:
        found = random.Random(f"{seed} {number}").choices(behaviours, weights)[0]
        # a large model is sure, else nobody would be
        return provider.HONEST if found is provider.UNSURE and model == "large" else found

    return choose


def _config(url: str, per_day: str) -> Config:
    return Config(
        models=Models(
            small="small",
            large="large",
            base_url=url,
            small_price=PRICES["small"],
            large_price=PRICES["large"],
            timeout_s=_TIMEOUT_S,
        ),
        budget=Budget(per_day=Decimal(per_day), per_agent_per_day=Decimal(per_day)),
    )


__all__ = ["play", "run"]
