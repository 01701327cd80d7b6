"""Puts a worker together: the one place that knows every part of the process."""

from pathlib import Path

from agents.ladder import Ladder
from jobs import safe_mode
from jobs.bell import Bell
from jobs.connector import Connector
from jobs.connectors.calendar_file import CalendarFileConnector
from jobs.connectors.mail import MailConnector
from jobs.executor import Executor
from jobs.presence import Presence
from jobs.tasks import Tasks
from jobs.worker import WorkLoop
from memory.company import Company, opened
from memory.config import Config


def connectors_for(company: Company) -> dict[str, Connector]:
    """Every connector by the kinds of effect it carries out."""
    every: tuple[Connector, ...] = (
        MailConnector(company.config.mail, company.clock, company.data / "mail"),
        CalendarFileConnector(company.clock, company.data / "calendar"),
    )
    return {kind: one for one in every for kind in one.kinds}


async def run_worker(config: Config, data: Path, redis_url: str) -> None:
    """One worker, until it is cancelled."""
    bell = Bell(redis_url)
    async with opened(config, data) as company:
        await safe_mode.begin(company)
        connectors = connectors_for(company)
        with Presence(data) as here:
            executor = Executor(company, connectors)
            ladder = Ladder(config)
            tasks = Tasks(company, executor, ladder, here.worker)
            try:
                await WorkLoop(company, tasks, connectors, here, bell, redis_url).run()
            finally:
                await ladder.close()
                await bell.close()
