"""The purse a run carries: the ladder reserves from it and settles into it."""

from sqlalchemy.ext.asyncio import AsyncConnection

from memory import budget
from memory.company import Company
from memory.records.run import Run


class RunPurse:
    """Money for the model calls of one run."""

    def __init__(self, company: Company, run: Run) -> None:
        self._company = company
        self._run = run
        self._attempt: int | None = None

    async def reserve(self, micro: int) -> bool:
        """Set money aside; False when the day's money does not reach."""

        async def work(connection: AsyncConnection) -> int | None:
            now = self._company.clock.now()
            return await budget.reserve(
                connection, self._company.ledger, self._company.config.budget,
                run=self._run.id, agent=self._run.agent, micro=micro, now=now,
                day=now.astimezone(self._company.zone).date().isoformat(),
            )  # fmt: skip

        self._attempt = await self._company.store.write(work)
        return self._attempt is not None

    async def settle(self, micro: int) -> None:
        """What the call really cost."""
        attempt = self._attempt
        if attempt is None:
            return

        async def work(connection: AsyncConnection) -> None:
            await budget.settle(
                connection, self._company.ledger, run=self._run.id, attempt=attempt,
                micro=micro, agent=self._run.agent, now=self._company.clock.now(),
            )  # fmt: skip

        await self._company.store.write(work)
