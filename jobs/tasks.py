"""What the worker can do: consider a Source, and execute an action."""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from agents import coordinator
from agents.ladder import Ladder
from agents.specialist import Work, named
from jobs import batches, claims, conclusion, filings, notices, runs, sources, waits
from jobs.conclusion import Conclusion, Judged
from jobs.executor import Executor
from jobs.judging import judged
from jobs.material import Material, gather
from jobs.patience import insist
from jobs.purse import RunPurse, customer_of
from memory import tables
from memory.canonical import digest
from memory.company import Company
from memory.errors import NotFound, Stale
from memory.labels import Label
from memory.recall import View
from memory.records.action import Action
from memory.records.intent import CORRECTS, Intent
from memory.records.kinds import kept_kinds
from memory.records.proposal import Proposal, Suggestion
from memory.records.run import Run, RunState
from memory.records.source import Source

logger = logging.getLogger(__name__)

_LONGEST_WAIT = timedelta(minutes=2)
"""An edit does not wait longer than this for what its old words led to."""


class Tasks:
    """What the worker can do; each call is safe to make twice."""

    def __init__(self, company: Company, executor: Executor, ladder: Ladder, worker: str) -> None:
        self._company = company
        self._executor = executor
        self._ladder = ladder
        self._worker = worker

    async def consider(self, run_id: str) -> None:
        """Do one planned run, if nobody else has it."""

        async def claim(connection: AsyncConnection) -> Run | None:
            return await runs.claim_run(connection, self._company, run_id, self._worker)

        run = await self._company.store.write(claim)
        if run is None:
            return
        try:
            if run.agent != coordinator.NAME:
                await self._specialist(run)
            elif run.step == 0:
                await self._plan(run)
            else:
                await self._conclude(run)
        except Stale:
            await self._end(run, self._repeat)
        except Exception as error:
            logger.exception("run failed", extra={"action": "run_failed", "run": run.id})
            why = type(error).__name__

            async def fail(connection: AsyncConnection, run: Run) -> None:
                await runs.fail_run(connection, self._company, run, why)

            await self._end(run, fail)

    async def execute(self, action_id: str, revision: int) -> None:
        """Carry out one ready action, if nobody else has it."""

        async def claim(connection: AsyncConnection) -> Action | None:
            return await claims.claim_action(
                connection, self._company, action_id, revision, self._worker
            )

        try:
            action = await self._company.store.write(claim)
        except (Stale, NotFound):
            return
        if action is not None:
            await self._executor.execute(action)

    async def _plan(self, run: Run) -> None:
        typed = tuple(one for one in sources.intents_of(run) if one.kind != "say")
        async with self._company.store.read() as connection:
            source = await sources.find(connection, run.source)
            typed = typed or await _answering(connection, source)
            may_begin = await _may_begin(connection, source, run, self._company.clock.now())
            about = coordinator.about(typed)
            meant = await sources.find(connection, about) if about else source
            material = await gather(self._company, connection, meant)
            memory = View(connection, tuple(kept_kinds()))
            settled = await coordinator.settled(material.source, material.heard, memory)
        if not may_begin:
            await self._end(run, self._wait)
            return
        planned = await coordinator.plan(
            typed,
            heard=material.heard,
            ladder=self._ladder,
            purse=RunPurse(
                self._company, run.id, run.agent,
                customer=await customer_of(self._company, material.letter),
            ),
            settled=settled,
        )  # fmt: skip

        async def work(connection: AsyncConnection) -> None:
            held = planned.reading.held
            if held and await waits.wait(connection, self._company, run, source, held):
                return
            await runs.end_run(
                connection,
                self._company,
                run,
                RunState.DONE,
                tier=planned.reading.tier,
                input_digest=digest([source.text, [one.digest for one in source.files]]),
                output=planned.proposal.model_dump_json(),
                outcome=planned.reading.path,
            )
            for one in planned.assignments:
                await sources.plan(
                    connection, self._company, run.source, agent=one.specialist.name,
                    version=one.specialist.version, step=one.step, intents=one.intents,
                    trigger=run.trigger, now=self._company.clock.now(),
                )  # fmt: skip
            await sources.plan(
                connection, self._company, run.source, agent=coordinator.NAME,
                version=coordinator.VERSION, step=sources.LAST_STEP, intents=planned.intents,
                trigger=run.trigger, now=self._company.clock.now(),
                due_at=max(batches.ready_at(source), self._company.clock.now()),
            )  # fmt: skip
            if source.reply_to:
                await notices.answer(connection, source.reply_to, source.text)

        await self._company.store.write(work)

    async def _specialist(self, run: Run) -> None:
        specialist = named(run.agent)
        intents = sources.intents_of(run)
        async with self._company.store.read() as connection:
            meant = await sources.find(connection, coordinator.about(intents) or run.source)
            material = await gather(self._company, connection, meant)
            before = await _before(connection, run)
            work = Work(
                intents=intents,
                source=material.source,
                letter=material.letter,
                now=self._company.clock.now().astimezone(self._company.zone),
                config=self._company.config,
                memory=View(connection, specialist.reads),
                about=material.heard.about,
                earlier=tuple(one.output for one in before if one.output is not None),
            )
            if specialist.by_rule is None:
                proposal = Proposal(says="I can't do that without a model yet.")
            else:
                proposal = await specialist.by_rule(work)
        proposal = coordinator.checked(specialist, proposal)

        async def end(connection: AsyncConnection) -> None:
            await runs.end_run(
                connection, self._company, run, RunState.DONE, tier="rules",
                output=proposal.model_dump_json(),
                input_digest=digest([one.model_dump() for one in intents]),
            )  # fmt: skip

        await self._company.store.write(end)

    async def _conclude(self, run: Run) -> None:
        intents = sources.intents_of(run)
        async with self._company.store.read() as connection:
            source = await sources.find(connection, run.source)
            about = coordinator.about(intents)
            meant = await sources.find(connection, about) if about else source
            material = await gather(self._company, connection, meant)
            before = await _before(connection, run)
            edited = _edited(before)
            answers = source.reply_to is not None
            proposal = await coordinator.conclude(
                material.source,
                material.letter,
                intents,
                tuple(_authored(one) for one in before if one.output is not None),
                heard=material.heard,
                config=self._company.config,
                memory=View(connection, tuple(kept_kinds())),
                replaced=await filings.replaced(connection, edited) if edited else (),
            )
            cost_micro = sum(one.cost_micro for one in before)
            suggested = [
                Judged(
                    suggestion=one,
                    agent=_author_of(before, one),
                    verdicts=await judged(
                        connection, self._company, one.effect, agent=_author_of(before, one),
                        cost_micro=cost_micro, phase="propose",
                    ),
                )
                for one in proposal.suggestions
            ]  # fmt: skip
        concluded = Conclusion(
            proposal=proposal,
            judged=tuple(suggested),
            about=material.source.id,
            path=next((one.outcome for one in before if one.step == 0), "") or "rules",
            cost_micro=cost_micro,
            who=_writer(material),
            answers=answers,
            edited=edited,
            corrects=bool(edited) or any(one.kind.startswith("record.") for one in intents),
            asking=next((one.id for one in before if one.output and one.output.ask), None),
        )

        async def work(connection: AsyncConnection) -> None:
            await conclusion.write(connection, self._company, run, concluded)

        await self._company.store.write(work)

    async def _wait(self, connection: AsyncConnection, run: Run) -> None:
        await runs.wait_run(connection, self._company, run)

    async def _repeat(self, connection: AsyncConnection, run: Run) -> None:
        await runs.repeat_runs(connection, self._company, run)

    async def _end(self, run: Run, how: Callable[[AsyncConnection, Run], Awaitable[None]]) -> None:
        """Write down that a run did not work out; nobody else will."""

        async def work(connection: AsyncConnection) -> None:
            await how(connection, run)

        try:
            await insist(self._company.store, work)
        except Stale:
            logger.info("overtaken", extra={"action": "run_overtaken", "run": run.id})


async def _answering(connection: AsyncConnection, source: Source) -> tuple[Intent, ...]:
    """What a typed answer to a question means: the asker's own intents, with the slot filled."""
    if source.reply_to is None or source.label is not Label.OWNER:
        return ()
    try:
        asked = (await notices.find(connection, source.reply_to)).notice
    except NotFound:
        return ()
    if asked.question is None or asked.run is None or not asked.question.asks or asked.answered:
        return ()
    asker = await sources.find_run(connection, asked.run)
    return coordinator.answered(
        sources.intents_of(asker),
        slot=asked.question.asks,
        words=source.text,
        source=asker.source,
        agent=asker.agent,
    )


def _writer(material: Material) -> str:
    author = material.letter.author if material.letter else None
    return (author.name or author.email or "") if author else ""


def _edited(runs_before: tuple[Run, ...]) -> str | None:
    """Id of the Source whose words the owner has edited into these."""
    said = (one for run in runs_before for one in sources.intents_of(run) if run.step == 0)
    return next((one.slots[CORRECTS] for one in said if CORRECTS in one.slots), None)


async def _may_begin(connection: AsyncConnection, source: Source, run: Run, now: datetime) -> bool:
    """An edit waits until its old words are done with; not for ever."""
    old = _edited((run,))
    is_old = now - source.received_at > _LONGEST_WAIT
    return old is None or is_old or await sources.is_settled(connection, old)


async def _before(connection: AsyncConnection, run: Run) -> tuple[Run, ...]:
    """The runs of the same Source before this one, in order."""
    query = (
        select(tables.run)
        .where(tables.run.c.source == run.source, tables.run.c.step < run.step)
        .order_by(tables.run.c.step, tables.run.c.agent)
    )
    return tuple(sources.run_of(row) for row in await connection.execute(query))


def _authored(run: Run) -> Proposal:
    """A run's proposal with its author on every change."""
    output = run.output or Proposal()
    author = f"{run.agent}@{run.version}"
    changes = tuple(one.model_copy(update={"author": author}) for one in output.changes)
    return output.model_copy(update={"changes": changes})


def _author_of(before: tuple[Run, ...], suggestion: Suggestion) -> str:
    for run in before:
        if run.output and any(one.effect == suggestion.effect for one in run.output.suggestions):
            return f"{run.agent}@{run.version}"
    return f"{coordinator.NAME}@{coordinator.VERSION}"
