"""Approved action to receipt: the only caller of connectors."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from jobs import claims, notices, states
from jobs.connector import Commit, Connector
from memory.company import Company
from memory.errors import NotFound, Refused, Stale, Trouble, Uncertain, Unavailable
from memory.records.action import Action, State
from memory.records.receipt import Receipt

logger = logging.getLogger(__name__)

_LONGEST_WAIT = timedelta(hours=1)


class Executor:
    """Carries claimed actions out, each through the marker."""

    def __init__(self, company: Company, connectors: Mapping[str, Connector]) -> None:
        self._company = company
        self._connectors = connectors

    async def execute(self, action: Action) -> None:
        """Carry out one action that this worker has claimed, and write down how it ended."""
        marked: list[Action] = []

        async def commit() -> None:
            async def work(connection: AsyncConnection) -> Action:
                return await claims.mark(connection, self._company, action)

            if marked:
                message = "a connector asked twice"
                raise RuntimeError(message)
            marked.append(await self._company.store.write(work))

        try:
            receipt = await self._apply(action, commit)
        except Uncertain as trouble:
            await self._doubt(marked, action, trouble)
        except Unavailable as trouble:
            await self._wait(marked, action, trouble)
        except (Refused, Stale, NotFound) as trouble:
            await self._give_up(marked, action, trouble)
        except Exception:
            logger.exception("connector failed", extra={"action": "effect_crashed", "id": action.id})
            surprise = Uncertain("Something broke while I was at it.")
            if marked:
                await self._doubt(marked, action, surprise)
            else:
                await self._wait(marked, action, Unavailable(surprise.sentence))
        else:
            await self._receive(marked, action, receipt)

    async def _apply(self, action: Action, commit: Commit) -> Receipt:
        connector = self._connectors.get(action.effect.kind)
        if connector is None:
            raise Refused("I have no way to do this yet.")
        return await connector.apply(action.effect, action.key, commit)

    async def _receive(self, marked: list[Action], action: Action, receipt: Receipt) -> None:
        if not marked:
            logger.error("connector acted without asking", extra={"id": action.id})
            await self._give_up(
                marked, action, Refused("I stopped this: it was done without my last check.")
            )
            return

        async def work(connection: AsyncConnection) -> None:
            await claims.receive(connection, self._company, marked[0], receipt)

        await self._company.store.write(work)
        logger.info("done", extra={"action": "effect_done", "id": action.id})

    async def _doubt(self, marked: list[Action], action: Action, trouble: Trouble) -> None:
        """Nobody can tell whether it left: say so, ring, and wait for evidence or the owner."""
        await self._move(
            (marked or [action])[0], State.UNKNOWN, trouble, due_at=None, rings=True
        )

    async def _wait(self, marked: list[Action], action: Action, trouble: Unavailable) -> None:
        delay = next_try(trouble, attempt=action.attempts)
        now = self._company.clock.now()
        await self._move(
            (marked or [action])[0],
            State.RETRY_WAIT,
            trouble,
            due_at=now + delay,
            rings=action.attempts == 1,
        )

    async def _give_up(self, marked: list[Action], action: Action, trouble: Trouble) -> None:
        if isinstance(trouble, Stale):
            # another worker, an undo or a newer card was faster: it has written what is true
            logger.info("overtaken", extra={"action": "effect_overtaken", "id": action.id})
            return
        if not marked and self._company.stop_file.exists():
            await self._move(action, State.READY, None, due_at=self._company.clock.now())
            return
        await self._move((marked or [action])[0], State.FAILED, trouble, due_at=None, rings=True)

    async def _move(
        self,
        action: Action,
        to: State,
        trouble: Trouble | None,
        *,
        due_at: datetime | None,
        rings: bool = False,
    ) -> None:
        async def work(connection: AsyncConnection) -> None:
            now = self._company.clock.now()
            await states.move(
                connection, self._company.ledger, action, to, now=now, actor="executor",
                trouble=trouble.sentence if trouble else "", hint=trouble.hint if trouble else "",
                due_at=due_at, owner=None, lease_until=None,
            )  # fmt: skip
            if rings:
                await notices.ring(connection, action.id)

        try:
            await self._company.store.write(work)
        except Stale:
            logger.info("overtaken", extra={"action": "effect_overtaken", "id": action.id})


def next_try(trouble: Unavailable, *, attempt: int) -> timedelta:
    """How long to wait before trying again.

    Doubles from two seconds: 2, 4, 8 ... up to an hour, unless the other side named a time.

    Args:
        attempt: Tries made so far, counting from 1.
    """
    return trouble.retry_after or min(timedelta(seconds=2 ** min(attempt, 12)), _LONGEST_WAIT)
