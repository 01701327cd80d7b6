"""A message that no model could read now: whether waiting helps, and for what."""

from sqlalchemy.ext.asyncio import AsyncConnection

from agents.ladder import Held
from jobs import allowance, outage
from jobs.allowance import Stopped
from memory.company import Company
from memory.records.run import Run
from memory.records.source import Source


async def wait(
    connection: AsyncConnection,
    company: Company,
    run: Run,
    source: Source,
    held: tuple[Held, ...],
) -> bool:
    """Let a message wait for a model or for money; False when the owner is to be asked now.

    A model that is silent is waited for first: it may be back long before tomorrow's money.

    Raises:
        Stale: Another worker has taken the run over.
    """
    silent = [one for one in held if one.why == "silence" and one.until is not None]
    if silent:
        tiers = tuple(one.tier for one in silent)
        until = min(one.until for one in silent if one.until is not None)
        if await outage.wait(connection, company, run, source, tiers=tiers, until=until):
            return True
    stopped = tuple(one.about for one in held if isinstance(one.about, Stopped) and not one.simple)
    # what a whole new day could not pay for would wait for ever
    worth = tuple(one for one in stopped if not one.short.hopeless)
    if worth:
        await allowance.wait(connection, company, run, source, worth)
    return bool(worth)
