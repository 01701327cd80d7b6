"""A small real house for the tests of doors: store, outbox, intake, and cards to show."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select, update

from bot.disk import LEAST_BYTES, Disk
from bot.intake import Intake
from jobs import actions, notices
from jobs.bell import Bell
from jobs.outbox import Outbox
from memory import tables
from memory.clock import WallClock
from memory.company import Company, database_url, opened
from memory.config import Config, Policy
from memory.ids import new_id
from memory.records.action import State
from memory.records.effect import Effect
from memory.records.mail_send import Address, MailSend
from memory.records.proposal import Suggestion
from memory.records.verdict import Level, Verdict
from memory.schema import upgrade
from tests.doubles.stage import unguarded

SILENT_BELL = "unix:///nowhere/bell.sock"


def a_mail(body: str = "Hi Marta, a one-page site is 1,200 EUR. Dana") -> MailSend:
    return MailSend(
        to=(Address(email="marta@bluefincafe.example", name="Marta Silva"),),
        subject="Re: Landing page",
        body=body,
        from_address="dana@reyesstudio.example",
    )


@dataclass
class House:
    """One company in a temporary folder, without a worker."""

    company: Company
    outbox: Outbox
    intake: Intake

    async def put_card(self, effect: Effect | None = None) -> str:
        """Put an action before the owner that waits for a word; the notice's id."""
        ask = Verdict(guard="recipients", level=Level.ASK, reason="first mail to her")

        async def work(connection) -> str:
            now = self.company.clock.now()
            action = await actions.propose(
                connection,
                self.company,
                Suggestion(
                    effect=effect or a_mail(),
                    heading="Reply to Marta Silva",
                    rationale="she asks for a quote by Friday",
                ),
                (ask,),
                action_id=new_id("act"),
                origin=actions.Origin(
                    source="src_test", run="run_test", agent="replies@1", path="rules"
                ),
                now=now,
            )
            return await notices.tell(
                connection,
                self.company,
                now=now,
                kind="card",
                action=action.id,
                revision=1,
                rings=True,
            )

        return await self.company.store.write(work)

    async def sources(self):
        """Every committed message, in order."""
        return await self._rows(select(tables.source).order_by(tables.source.c.received_at))

    async def decisions(self):
        return await self._rows(select(tables.decision).order_by(tables.decision.c.id))

    async def told(self) -> tuple[str, ...]:
        """The text of every notice, in order."""
        rows = await self._rows(select(tables.notice).order_by(tables.notice.c.seq))
        return tuple(row.text for row in rows)

    async def events(self) -> tuple[str, ...]:
        """What the ledger names, in order."""
        rows = await self._rows(select(tables.ledger).order_by(tables.ledger.c.seq))
        return tuple(row.event for row in rows)

    async def force(self, notice: str, state: State, **fields: object) -> None:
        """Put an action where only a worker could bring it."""
        action = (await self.outbox.shown(notice)).notice.action

        async def work(connection) -> None:
            async with unguarded(connection):
                await connection.execute(
                    update(tables.action)
                    .where(tables.action.c.id == action)
                    .values(state=state.value, version=tables.action.c.version + 1, **fields)
                )

        await self.company.store.write(work)

    async def state_of(self, notice: str) -> str:
        shown = await self.outbox.shown(notice)
        assert shown.action is not None
        return shown.action.state.value

    async def _rows(self, query):
        async with self.company.store.read() as connection:
            return (await connection.execute(query)).all()


@asynccontextmanager
async def a_house(
    data: Path, config: Config, *, busy_s: float = 5.0, least_bytes: int = LEAST_BYTES
) -> AsyncGenerator[House]:
    """The house while a test runs.

    Args:
        busy_s: How long a write waits for somebody else's lock.
        least_bytes: Free space on the disk below which nothing is taken in.
    """
    if config.policy == Policy():
        # at whatever hour the tests run, nobody sleeps
        config = config.model_copy(update={"policy": Policy(quiet_hours="")})
    upgrade(database_url(config, data), data / "backups", WallClock().now())
    async with opened(config, data, busy_s=busy_s) as company:
        outbox = Outbox(company, Bell(SILENT_BELL))
        try:
            disk = Disk(data, outbox, least_bytes=least_bytes)
            yield House(company, outbox, Intake(company, outbox, disk))
        finally:
            await outbox.close()
