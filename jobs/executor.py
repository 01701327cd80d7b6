"""Approved action to receipt: the only caller of connectors."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from jobs import claims, evidence, notices, safe_mode, states
from jobs.connector import Commit, Connector
from jobs.judging import judged
from jobs.patience import insist
from jobs.stop import Stopped
from jobs.throttle import Throttled
from memory.company import Company
from memory.errors import NotFound, Refused, Stale, Trouble, Unavailable, Uncertain
from memory.records.action import Action, State
from memory.records.receipt import Receipt
from memory.records.verdict import Level, strictest

logger = logging.getLogger(__name__)

_LONGEST_WAIT = timedelta(hours=1)


class _Attempt:
    """One claimed action on its way to the marker, and past it."""

    def __init__(self, company: Company, action: Action) -> None:
        self._company = company
        self.action = action
        self.marked = False
        self.leaving = False
        """The worker was asked to end: what has not passed the marker stays."""

    async def commit(self) -> None:
        """The marker, for the connector to await once."""
        if self.leaving:
            raise Unavailable("I was asked to end before it could leave.")
        if self.marked:
            message = "a connector asked twice"
            raise RuntimeError(message)

        async def work(connection: AsyncConnection) -> Action:
            return await claims.mark(connection, self._company, self.action)

        self.action = await self._company.store.write(work)
        self.marked = True
        # whoever begins from an older copy must know that something may have left
        await safe_mode.note(self._company)


class Executor:
    """Carries claimed actions out, each through the marker."""

    def __init__(self, company: Company, connectors: Mapping[str, Connector]) -> None:
        self._company = company
        self._connectors = connectors

    async def execute(self, action: Action) -> None:
        """Carry out one action that this worker has claimed, and write down how it ended.

        When the worker is asked to end meanwhile, what has passed the marker is seen through.
        """
        attempt = _Attempt(self._company, action)
        async with asyncio.TaskGroup() as group:
            carrying = group.create_task(self._carry(attempt))
            try:
                await asyncio.shield(carrying)
            except asyncio.CancelledError:
                attempt.leaving = True
                await asyncio.wait({carrying})
                raise

    async def _carry(self, attempt: _Attempt) -> None:
        try:
            await self._recheck(attempt.action)
            receipt = await self._apply(attempt.action, attempt.commit)
        except Stopped:
            await self._move(attempt.action, State.READY, None, due_at=self._company.clock.now())
        except Throttled as trouble:
            await self._move(attempt.action, State.READY, None, due_at=trouble.wait.until)
        except (Uncertain, Unavailable) as trouble:
            await self._put_off(attempt, trouble)
        except (Refused, NotFound) as trouble:
            await self._move(attempt.action, State.FAILED, trouble, due_at=None, rings=True)
        except Stale:
            # another worker, an undo or a newer card was faster: it has written what is true
            logger.info("overtaken", extra={"action": "effect_overtaken", "id": attempt.action.id})
        except Exception:
            logger.exception("effect broke", extra={"action": "effect_broke"})
            await self._put_off(attempt, Uncertain("Something broke while I was at it."))
        else:
            await self._receive(attempt, receipt)

    async def _recheck(self, action: Action) -> None:
        """Ask the guards once more, on the records as they are now.

        Raises:
            Refused: A guard says no; what the owner was asked about before needs no second yes.
        """
        async with self._company.store.read() as connection:
            verdicts = await judged(
                connection,
                self._company,
                action.effect,
                agent=action.agent,
                cost_micro=action.cost_micro,
                phase="execute",
            )
        verdict = strictest(verdicts)
        if verdict.level is Level.REFUSE:
            raise Refused(f"I stopped it at the last check: {verdict.reason}.")

    async def _apply(self, action: Action, commit: Commit) -> Receipt:
        connector = self._connectors.get(action.effect.kind)
        if connector is None:
            raise Refused("I have no way to do this yet.")
        return await connector.apply(action.effect, action.key, commit)

    async def _receive(self, attempt: _Attempt, receipt: Receipt) -> None:
        action = attempt.action
        if not attempt.marked:
            logger.error("connector acted without asking", extra={"id": action.id})
            trouble = Refused("It was done without my last check, so I can't vouch for it.")
            await self._move(action, State.FAILED, trouble, due_at=None, rings=True)
            return

        async def keep(connection: AsyncConnection, *, settles: bool) -> None:
            present = await states.exact(connection, action.id, action.revision)
            # somebody took us for dead, and put before the owner what we can tell
            found = present.state is State.UNKNOWN and present.fence == action.fence
            await claims.receive(
                connection, self._company, present if found else action, receipt,
                settles=settles, actor="evidence" if found else "executor",
            )  # fmt: skip

        async def proof_and_consequences(connection: AsyncConnection) -> None:
            await keep(connection, settles=True)

        async def proof(connection: AsyncConnection) -> None:
            await keep(connection, settles=False)

        try:
            await insist(self._company.store, proof_and_consequences)
        except Exception:
            # what follows from it may fail; that it happened must be written all the same
            logger.exception("not settled", extra={"action": "not_settled", "id": action.id})
            await insist(self._company.store, proof)
        logger.info("done", extra={"action": "effect_done", "id": action.id})

    async def _put_off(self, attempt: _Attempt, trouble: Uncertain | Unavailable) -> None:
        """Before the marker nothing can have left, so it waits; after it, only a clear no waits.

        Where nobody can tell whether it left, it rings, and waits for evidence or the owner.
        """
        action = attempt.action
        if attempt.marked and isinstance(trouble, Uncertain):
            look_at = self._company.clock.now() + evidence.SOON
            await self._move(action, State.UNKNOWN, trouble, due_at=look_at, rings=True)
            return
        due_at = self._company.clock.now() + next_try(trouble, attempt=action.attempts)
        if action.expires_at is not None and due_at >= action.expires_at:
            gone = Unavailable(
                f"I tried {action.attempts} times, and your word for it is too old by now. "
                f"{trouble.sentence}",
                hint=trouble.hint,
            )
            await self._move(action, State.FAILED, gone, due_at=None, rings=True)
            return
        await self._move(
            action, State.RETRY_WAIT, trouble, due_at=due_at, rings=action.attempts == 1
        )

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
                await notices.ring(
                    connection, self._company, action, now=now,
                    trouble=trouble.sentence if trouble else "",
                )  # fmt: skip

        try:
            await insist(self._company.store, work)
        except Stale:
            logger.info("overtaken", extra={"action": "effect_overtaken", "id": action.id})


def next_try(trouble: Trouble, *, attempt: int) -> timedelta:
    """How long to wait before trying again.

    Doubles from two seconds: 2, 4, 8 ... up to an hour, unless the other side named a time.

    Args:
        attempt: Tries made so far, counting from 1.
    """
    if isinstance(trouble, Unavailable) and trouble.retry_after:
        return trouble.retry_after
    return min(timedelta(seconds=2 ** min(attempt, 12)), _LONGEST_WAIT)
