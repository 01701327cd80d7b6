"""Writing a conclusion: own records, actions, verdicts, notices and ledger in one transaction."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from agents import coordinator
from jobs import actions, batches, filings, notices, runs, safe_mode, sources, states
from jobs.actions import Origin
from jobs.batches import Member
from jobs.filings import BEHIND_THE_SCENES
from memory.company import Company
from memory.ids import derived_id
from memory.records.action import State
from memory.records.change import Change
from memory.records.kinds import kept_of
from memory.records.proposal import Proposal, Suggestion
from memory.records.run import Run, RunState
from memory.records.verdict import Verdict

_COORDINATOR = f"{coordinator.NAME}@{coordinator.VERSION}"


@dataclass(frozen=True)
class Judged:
    """A suggestion with what the guards say about it."""

    suggestion: Suggestion
    agent: str
    """agent@version that made it."""
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True)
class Conclusion:
    """What all the runs about one Source come to."""

    proposal: Proposal
    judged: tuple[Judged, ...]
    about: str
    """Id of the Source it is about: for an answer, the one that raised the question."""
    path: str
    cost_micro: int
    who: str = ""
    """Who wrote what was passed on."""
    answers: bool = False
    """Whether it answers a card or a line, so that the owner is looking already."""
    edited: str | None = None
    """Id of the Source whose words were edited into these."""
    corrects: bool = False
    """Whether it makes new versions of what lines before the owner tell of."""
    asking: str | None = None
    """Id of the run whose question is asked."""


async def write(
    connection: AsyncConnection, company: Company, run: Run, concluded: Conclusion
) -> None:
    """Write everything down, once.

    Raises:
        Stale: Another worker has taken the run over, or a record has moved on meanwhile.
    """
    now = company.clock.now()
    proposal = concluded.proposal
    await runs.end_run(connection, company, run, RunState.DONE, tier="rules")
    # what came in one gesture rings once, with the line about all of it
    alone = await batches.of(connection, run.source) is None
    filed = None
    if proposal.changes:
        filed = derived_id("act", run.id, "file")
        await actions.file(
            connection, company, proposal.changes, action_id=filed,
            origin=_origin(run, concluded, agent=_COORDINATOR, source=run.source),
            rationale=proposal.rationale, now=now,
        )  # fmt: skip
    if filed and concluded.corrects:
        await filings.follow(connection, proposal.changes, filed)
    if filed and concluded.edited:
        await _put_away(connection, company, run, concluded.edited)
    said = proposal.says
    if not said and filed and not proposal.ask:
        said = filed_line(proposal.changes)
    if said:
        is_news = not proposal.changes and not proposal.suggestions and not concluded.answers
        await notices.tell(
            connection, company, now=now, text=said, action=filed, revision=1 if filed else None,
            source=run.source, rings=alone and is_news,
        )  # fmt: skip
    for index, one in enumerate(concluded.judged):
        action = await actions.propose(
            connection, company, one.suggestion, one.verdicts,
            action_id=derived_id("act", run.id, str(index)),
            origin=_origin(run, concluded, agent=one.agent, source=concluded.about), now=now,
        )  # fmt: skip
        external = one.suggestion.effect.external
        await notices.tell(
            connection, company, now=now, kind="card", action=action.id, revision=action.revision,
            source=run.source, rings=alone and external,
            text=await safe_mode.caution(connection) if external else "",
        )  # fmt: skip
    if proposal.ask:
        await notices.tell(
            connection, company, now=now, kind="question", text=proposal.ask.text,
            question=proposal.ask, source=run.source, run=concluded.asking, rings=alone,
        )  # fmt: skip
    await sources.settle(connection, company, run.source, now, _member(concluded))


async def _put_away(connection: AsyncConnection, company: Company, run: Run, edited: str) -> None:
    """What the old words put before the owner is closed: the new ones have taken its place."""
    source = await sources.find(connection, run.source)
    await filings.put_away(connection, edited, source.text)
    for action in await filings.waiting(connection, edited):
        await states.move(
            connection, company.ledger, action, State.SUPERSEDED, now=company.clock.now(),
            actor=_COORDINATOR, due_at=None,
        )  # fmt: skip


def filed_line(changes: tuple[Change, ...]) -> str:
    """What was filed, in one line each."""
    lines = [
        kept_of(one.kind, one.data).line()
        for one in changes
        if one.kind not in BEHIND_THE_SCENES and one.data is not None
    ]
    if not lines:
        titles = [one.title for one in changes if one.kind == "message"]
        return f"Filed: {', '.join(titles)}" if titles else "Filed."
    return "\n".join(["Filed:", *lines])


def _member(concluded: Conclusion) -> Member:
    """What to say of it in one line with others."""
    changes = concluded.proposal.changes
    named = {one.kind: one.title for one in reversed(changes)}
    title = named.get("message") or ""
    who = concluded.who or named.get("contact") or title
    return Member(
        who=who,
        what=title if title != who else "",
        filed=bool(changes),
        drafts=sum(one.suggestion.effect.external for one in concluded.judged),
        questions=1 if concluded.proposal.ask else 0,
    )


def _origin(run: Run, concluded: Conclusion, *, agent: str, source: str) -> Origin:
    return Origin(
        source=source,
        run=run.id,
        agent=agent,
        path=concluded.path,
        cost_micro=concluded.cost_micro,
    )
