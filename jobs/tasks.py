"""The three kinds of work: consider a Source, execute an action, sweep what time has moved."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from agents import coordinator
from agents.guard import Case, guards, review
from agents.ladder import Ladder
from agents.specialist import Heard, Work, named
from jobs import actions, claims, notices, sources
from jobs.executor import Executor
from jobs.purse import RunPurse
from memory import tables
from memory.canonical import digest
from memory.company import Company
from memory.errors import NotFound, Stale, Trouble
from memory.ids import derived_id
from memory.labels import Label
from memory.recall import View
from memory.records.change import Change
from memory.records.intent import Intent
from memory.records.kinds import kept_kinds
from memory.records.letter import Letter
from memory.records.proposal import Proposal, Suggestion
from memory.records.run import Run, RunState
from memory.records.source import Source
from memory.records.verdict import Verdict

logger = logging.getLogger(__name__)

_TRIES = 3
_AGAIN = timedelta(seconds=2)


@dataclass(frozen=True)
class _Material:
    """A Source, peeled and labelled."""

    source: Source
    letter: Letter | None
    heard: Heard


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
            return await claims.claim_run(connection, self._company, run_id, self._worker)

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
            await self._again(run, "something changed meanwhile")
        except Exception as error:
            logger.exception("run failed", extra={"action": "run_failed", "run": run.id})
            await self._again(run, type(error).__name__)

    async def execute(self, action_id: str, revision: int) -> None:
        """Carry out one ready action, if nobody else has it."""

        async def claim(connection: AsyncConnection) -> object:
            return await claims.claim_action(
                connection, self._company, action_id, revision, self._worker
            )

        try:
            action = await self._company.store.write(claim)
        except Stale:
            return
        if action is not None:
            await self._executor.execute(action)  # pyright: ignore[reportArgumentType]

    async def _plan(self, run: Run) -> None:
        typed = tuple(one for one in sources.intents_of(run) if one.kind != "say")
        async with self._company.store.read() as connection:
            source = await sources.find(connection, run.source)
            typed = typed or await self._answering(connection, source)
        about = _about(typed) or source.id
        material = await self._material(about)
        purse = RunPurse(self._company, run)
        async with self._company.store.read() as connection:
            memory = View(connection, tuple(kept_kinds()))
            planned = await coordinator.plan(
                material.source,
                material.letter,
                typed,
                heard=material.heard,
                ladder=self._ladder,
                purse=purse,
                memory=memory,
            )

        async def work(connection: AsyncConnection) -> None:
            now = self._company.clock.now()
            await claims.end_run(
                connection,
                self._company,
                run,
                RunState.DONE,
                tier=planned.reading.tier,
                cost_micro=planned.reading.cost_micro,
                input_digest=digest([source.text, [one.digest for one in source.files]]),
                output=planned.proposal.model_dump_json(),
                outcome=planned.reading.path,
            )
            for one in planned.assignments:
                await sources.plan(
                    connection, self._company, run.source, agent=one.specialist.name,
                    version=one.specialist.version, step=one.step, intents=one.intents,
                    trigger=run.trigger, now=now,
                )  # fmt: skip
            await sources.plan(
                connection, self._company, run.source, agent=coordinator.NAME,
                version=coordinator.VERSION, step=sources.LAST_STEP, intents=planned.intents,
                trigger=run.trigger, now=now,
            )  # fmt: skip
            if source.reply_to:
                await notices.answer(connection, source.reply_to, source.text)

        await self._company.store.write(work)

    async def _specialist(self, run: Run) -> None:
        specialist = named(run.agent)
        intents = sources.intents_of(run)
        material = await self._material(_about(intents) or run.source)
        async with self._company.store.read() as connection:
            work = Work(
                intents=intents,
                source=material.source,
                letter=material.letter,
                now=material.heard.now,
                config=self._company.config,
                memory=View(connection, specialist.reads),
                earlier=tuple(
                    one.output
                    for one in await _siblings(connection, run)
                    if one.output is not None and one.step < run.step
                ),
            )
            if specialist.by_rule is None:
                proposal = Proposal(says="Nobody here can do that without a model yet.")
            else:
                proposal = await specialist.by_rule(work)
        proposal = coordinator.checked(specialist, proposal)

        async def end(connection: AsyncConnection) -> None:
            await claims.end_run(
                connection, self._company, run, RunState.DONE, tier="rules",
                output=proposal.model_dump_json(),
                input_digest=digest([one.model_dump() for one in intents]),
            )  # fmt: skip

        await self._company.store.write(end)

    async def _conclude(self, run: Run) -> None:
        intents = sources.intents_of(run)
        about = _about(intents) or run.source
        material = await self._material(about)
        async with self._company.store.read() as connection:
            siblings = await _siblings(connection, run)
            proposals = tuple(_authored(one) for one in siblings if one.output is not None)
            memory = View(connection, tuple(kept_kinds()))
            proposal = await coordinator.conclude(
                material.source,
                material.letter,
                intents,
                proposals,
                heard=material.heard,
                config=self._company.config,
                memory=memory,
            )
            path = next((one.outcome for one in siblings if one.step == 0), "rules") or "rules"
            cost = sum(one.cost_micro for one in siblings)
            judged = [
                (one, await self._judged(connection, one, _author_of(siblings, one), cost))
                for one in proposal.suggestions
            ]

        async def work(connection: AsyncConnection) -> None:
            await self._write(connection, run, siblings, proposal, judged, path, cost, about)

        await self._company.store.write(work)

    async def _write(
        self,
        connection: AsyncConnection,
        run: Run,
        siblings: tuple[Run, ...],
        proposal: Proposal,
        judged: list[tuple[Suggestion, tuple[Verdict, ...]]],
        path: str,
        cost: int,
        about: str,
    ) -> None:
        """One transaction: the run, own records, actions, verdicts, notices, ledger."""
        now = self._company.clock.now()
        await claims.end_run(connection, self._company, run, RunState.DONE, tier="rules")
        filed = await self._file(connection, run, proposal, path, now)
        said = proposal.says or ("" if proposal.ask or not filed else filed_line(proposal.changes))
        if said or (filed and not proposal.ask):
            await notices.tell(
                connection, now=now, text=said, action=filed, revision=1 if filed else None,
                source=run.source, rings=not proposal.changes and not proposal.suggestions,
            )  # fmt: skip
        for index, (suggestion, verdicts) in enumerate(judged):
            action = await actions.propose(
                connection, self._company, suggestion, verdicts,
                action_id=derived_id("act", run.id, str(index)), source=about, run=run.id,
                agent=_author_of(siblings, suggestion), path=path, cost_micro=cost, now=now,
            )  # fmt: skip
            await notices.tell(
                connection, now=now, kind="card", action=action.id, revision=action.revision,
                source=run.source, rings=suggestion.effect.external,
            )  # fmt: skip
        if proposal.ask:
            asking = next(one for one in siblings if one.output and one.output.ask)
            await notices.tell(
                connection, now=now, kind="question", text=proposal.ask.text,
                question=proposal.ask, source=run.source, run=asking.id, rings=True,
            )  # fmt: skip
        await sources.settle(connection, run.source, now)

    async def _file(
        self,
        connection: AsyncConnection,
        run: Run,
        proposal: Proposal,
        path: str,
        now: datetime,
    ) -> str | None:
        if not proposal.changes:
            return None
        action = derived_id("act", run.id, "file")
        await actions.file(
            connection, self._company, proposal.changes, action_id=action, source=run.source,
            run=run.id, agent=f"{coordinator.NAME}@{coordinator.VERSION}",
            rationale=proposal.rationale, path=path, now=now,
        )  # fmt: skip
        return action

    async def _judged(
        self, connection: AsyncConnection, suggestion: Suggestion, agent: str, cost: int
    ) -> tuple[Verdict, ...]:
        reads = tuple({kind for guard in guards() for kind in guard.reads})
        return await review(
            Case(
                effect=suggestion.effect,
                agent=agent,
                cost_micro=cost,
                phase="propose",
                now=self._company.clock.now().astimezone(self._company.zone),
                config=self._company.config,
                memory=View(connection, reads),
            )
        )

    async def _material(self, source_id: str) -> _Material:
        async with self._company.store.read() as connection:
            source = await sources.find(connection, source_id)
        raw = None
        for file in source.files:
            if file.media_type == "message/rfc822" or file.name.lower().endswith(".eml"):
                raw = self._company.blobs.get(file.digest)
                break
        letter = coordinator.letter_of(source, raw)
        owner = self._company.config.owner
        heard = Heard(
            text=source.text,
            now=self._company.clock.now().astimezone(owner.zone),
            currency=owner.currency,
            locale=owner.locale,
            letter=letter,
        )
        return _Material(coordinator.relabelled(source, letter), letter, heard)

    async def _answering(
        self, connection: AsyncConnection, source: Source
    ) -> tuple[Intent, ...]:
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
        filled = {asked.question.asks: source.text.strip(), "agent": asker.agent}
        return tuple(
            one.model_copy(
                update={
                    "slots": {"about": asker.source, **one.slots, **filled},
                    "tier": "owner",
                }
            )
            for one in sources.intents_of(asker)
        )

    async def _again(self, run: Run, why: str) -> None:
        """Try a failed run again, a few times; then go on without it and say so."""
        last = run.attempts >= _TRIES

        async def work(connection: AsyncConnection) -> None:
            now = self._company.clock.now()
            state = RunState.FAILED if last else RunState.PLANNED
            await claims.end_run(
                connection, self._company, run, state, outcome=why,
                due_at=now + _AGAIN * run.attempts,
            )  # fmt: skip
            if not last:
                return
            if run.step in (0, sources.LAST_STEP):
                await sources.settle(connection, run.source, now)
            text = "I kept that, but something broke while I worked on it. Nothing left the house."
            await notices.tell(connection, now=now, text=text, source=run.source, rings=True)

        try:
            await self._company.store.write(work)
        except Trouble:
            logger.info("overtaken", extra={"action": "run_overtaken", "run": run.id})


def filed_line(changes: tuple[Change, ...]) -> str:
    """What was filed, in one line each."""
    shown = [one for one in changes if one.kind not in ("message", "process")]
    return "\n".join(
        ["Filed:", *(kept_kinds()[one.kind].model_validate(one.data).line() for one in shown)]
    )


async def _siblings(connection: AsyncConnection, run: Run) -> tuple[Run, ...]:
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
    return output.model_copy(
        update={
            "changes": tuple(
                one.model_copy(update={"author": author}) for one in output.changes
            )
        }
    )


def _author_of(siblings: tuple[Run, ...], suggestion: Suggestion) -> str:
    for run in siblings:
        if run.output and any(one.effect == suggestion.effect for one in run.output.suggestions):
            return f"{run.agent}@{run.version}"
    return f"{coordinator.NAME}@{coordinator.VERSION}"


def _about(intents: tuple[Intent, ...]) -> str | None:
    """The Source that an answer is about, when it is about an earlier one."""
    return next((one.slots["about"] for one in intents if one.slots.get("about", "").startswith("src_")), None)
