"""A message that no model could read now: whether waiting helps, and for what."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from agents.purse import Held
from jobs import allowance, outage
from jobs.allowance import Stopped
from memory.company import Company
from memory.records.run import Run
from memory.records.source import Source

_A_MOMENT = timedelta(minutes=1)


async def wait(
    connection: AsyncConnection,
    company: Company,
    run: Run,
    source: Source,
    held: tuple[Held, ...],
) -> bool:
    """Let a message wait for a model or for money; False when the owner is to be asked now.

    A model that is silent for a moment is waited for first: it may make the money unnecessary.

    Raises:
        Stale: Another worker has taken the run over.
    """
    stopped = tuple(one.about for one in held if isinstance(one.about, Stopped) and not one.simple)
    # what a whole new day could not pay for would wait for ever
    worth = tuple(one for one in stopped if not one.short.hopeless)
    silent = [(one.tier, one.until) for one in held if one.why == "silence" and one.until]
    if silent:
        tiers, until = tuple(tier for tier, _ in silent), min(until for _, until in silent)
        is_near = until - company.clock.now() <= _A_MOMENT
        if (is_near or not worth) and await outage.wait(
            connection, company, run, source, tiers=tiers, until=until
        ):
            return True
    if worth:
        await allowance.wait(connection, company, run, source, worth)
    return bool(worth)
