"""Beginning from a copy: what may have left since it was made goes nowhere without a new word.

Who a company is and how far its ledger goes is also kept outside the database (memory/anchors.py).
A database that knows less than that is a copy, and so is one that says so itself.
"""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from jobs import marks, notices, states
from memory import ledger, tables
from memory.anchors import Head
from memory.backup import COPIED
from memory.chain import RESTORED
from memory.company import Company
from memory.errors import Refused, Unavailable
from memory.ids import new_id
from memory.records.action import FROM_A_COPY, Action, State
from memory.records.decision import Decision, Outcome, Verb
from memory.records.intent import Intent
from memory.records.mail_send import MailSend
from memory.records.proposal import Choice, Question

logger = logging.getLogger(__name__)

INSTALL = "install"
_ON = "safe_mode"
"""Key in `meta` while it is on; its value is the notice that says so."""
_MAY_HAVE_LEFT = (
    *(State.AWAITING, State.HELD, State.READY, State.CLAIMED, State.COMMITTING),
    State.RETRY_WAIT,
)
_NAMED = 8
"""So many of what is held are named; the others are counted."""
_GO_ON = "Go on"


async def begin(company: Company) -> bool:
    """See whether this database is a copy that goes on; before anything leaves.

    Returns:
        Whether it is: then everything that may have left since is held, and the owner is told.

    Raises:
        OSError: The disk did not take it; nothing may leave.
    """
    try:
        known = await asyncio.to_thread(company.anchors.head)
        is_damaged = False
    except ValidationError:
        known, is_damaged = None, True
    async with company.store.read() as connection:
        here = await _here(connection, known)
    if not here.is_copied and not is_damaged and not here.is_behind:
        await _settle(company, known, here)
        return False
    install = new_id("ins")

    async def work(connection: AsyncConnection) -> Head:
        await _hold(connection, company, install, known)
        return await _head(connection, company, install)

    head = await company.store.write(work)
    await asyncio.to_thread(company.anchors.note, head, anew=True)
    logger.warning("began from a copy", extra={"action": "restored"})
    return True


async def note(company: Company) -> None:
    """Note outside how far the ledger goes.

    Raises:
        Unavailable: This is not the database that was worked on here, or the disk is full.
    """
    async with company.store.read() as connection:
        install = await marks.recall(connection, INSTALL)
        head = await _head(connection, company, install or "")
    if not install:
        # nobody has begun here: a company of a test, or one without a worker
        return
    try:
        is_ours = await asyncio.to_thread(company.anchors.note, head)
    except (OSError, ValidationError) as error:
        raise Unavailable("The disk did not take my own notes. Free some space first.") from error
    if not is_ours:
        raise Unavailable("My memory was replaced while I worked. Please start me again.")


async def is_on(connection: AsyncConnection) -> bool:
    """Whether we began from a copy, and the owner has not said yet that everything is checked."""
    return await marks.recall(connection, _ON) is not None


async def caution(connection: AsyncConnection) -> str:
    """What a new card says meanwhile; empty while there is no reason."""
    if not await is_on(connection):
        return ""
    return f"{FROM_A_COPY}, so please look first whether this has left already."


async def asks(connection: AsyncConnection, notice: str) -> bool:
    """Whether a notice is the one that says so."""
    return await marks.recall(connection, _ON) == notice


async def answer(
    connection: AsyncConnection, company: Company, decision: Decision, now: datetime
) -> Outcome:
    """The owner's answer to the notice that says so.

    Raises:
        Refused: It is none.
    """
    if decision.verb is not Verb.CHOOSE:
        raise Refused(f"Press {_GO_ON} when everything is checked.")
    await leave(connection, company, f"{decision.door} {decision.actor}", now)
    return Outcome(accepted=True, text="Good. I work as I did before.", notice=decision.notice)


async def leave(connection: AsyncConnection, company: Company, actor: str, now: datetime) -> None:
    """Everything is checked; what is still held stays with its own card."""
    notice = await marks.recall(connection, _ON)
    if notice is None:
        return
    await connection.execute(delete(tables.meta).where(tables.meta.c.key == _ON))
    await notices.answer(connection, notice, _GO_ON)
    await company.ledger.add(
        connection, "safe_mode_ended", at=now, actor=actor, subject="everything",
        row=(tables.meta, {"key": _ON}),
    )  # fmt: skip


@dataclass(frozen=True)
class _Here:
    """What the database says of itself."""

    install: str | None
    is_copied: bool
    """Whether it says that it is a copy."""
    is_behind: bool
    """Whether it lacks what was known outside, or knows itself by another name."""


async def _here(connection: AsyncConnection, known: Head | None) -> _Here:
    install = await marks.recall(connection, INSTALL)
    is_copied = await marks.recall(connection, COPIED) is not None
    if known is None:
        # the very first start here, unless somebody else has worked with it before
        return _Here(install, is_copied, is_behind=install is not None)
    query = select(tables.ledger.c.hash).where(tables.ledger.c.seq == known.seq)
    is_there = known.seq == 0 or await connection.scalar(query) == known.hash
    is_other = install is not None and install != known.install
    return _Here(install, is_copied, is_behind=is_other or not is_there)


async def _settle(company: Company, known: Head | None, here: _Here) -> None:
    """Give a new company its name, outside first: a name inside alone would look like a copy."""
    install = known.install if known else new_id("ins")
    async with company.store.read() as connection:
        head = await _head(connection, company, install)
    await asyncio.to_thread(company.anchors.note, head)
    if here.install is None:

        async def work(connection: AsyncConnection) -> None:
            await marks.keep(connection, INSTALL, install)

        await company.store.write(work)


async def _head(connection: AsyncConnection, company: Company, install: str) -> Head:
    seq, hashed = await ledger.head(connection)
    return Head(install=install, seq=seq, hash=hashed, at=company.clock.now())


async def _hold(
    connection: AsyncConnection, company: Company, install: str, known: Head | None
) -> None:
    """Put everything that may have left since the copy was made before the owner."""
    now = company.clock.now()
    seq, _ = await ledger.head(connection)
    made = await connection.scalar(select(tables.ledger.c.at).where(tables.ledger.c.seq == seq))
    when = f" of {(made or now).astimezone(company.zone):%a %-d %b, %H:%M}"
    trouble = f"{FROM_A_COPY}{when}."
    # nobody was away: what happened meanwhile is not known here
    await connection.execute(update(tables.presence).values(seen_at=now))
    await connection.execute(delete(tables.meta).where(tables.meta.c.key == COPIED))
    await marks.keep(connection, INSTALL, install)
    held = await _held(connection)
    for action in held:
        await states.move(
            connection, company.ledger, action, State.UNKNOWN, now=now, actor="restore",
            due_at=now, owner=None, lease_until=None, trouble=trouble, hint="",
        )  # fmt: skip
    question = Question(
        text=_words(trouble, held),
        choices=(Choice(label=_GO_ON, intent=Intent(kind="go_on")),),
    )
    said = await notices.tell(
        connection, company, now=now, kind="question", text=question.text, question=question,
        rings=True,
    )  # fmt: skip
    for action in held:
        await notices.tell(
            connection, company, now=now, kind="card", action=action.id,
            revision=action.revision, source=action.source,
        )  # fmt: skip
    before = await marks.recall(connection, _ON)
    if before is not None:
        await notices.answer(connection, before, "Said again below")
    await marks.keep(connection, _ON, said)
    await company.ledger.add(
        connection, RESTORED, at=now, actor="restore", subject="everything",
        row=(tables.meta, {"key": _ON}), install=install, held=len(held),
        lost_seq=known.seq if known and known.seq > seq else None,
        lost_hash=known.hash if known and known.seq > seq else None,
    )  # fmt: skip


async def _held(connection: AsyncConnection) -> list[Action]:
    """What others would notice, and nobody can tell whether they have."""
    wanted = [one.value for one in _MAY_HAVE_LEFT]
    query = (
        select(tables.action)
        .where(tables.action.c.state.in_(wanted))
        .order_by(tables.action.c.created_at, tables.action.c.id)
    )
    found = [states.action_of(row) for row in (await connection.execute(query)).all()]
    return [one for one in found if one.effect.external and not _only_written(one)]


def _only_written(action: Action) -> bool:
    return isinstance(action.effect, MailSend) and not action.effect.from_address


def _words(trouble: str, held: list[Action]) -> str:
    lines = [f"{trouble} What happened after that I don't know, so nothing leaves by itself."]
    if held:
        is_one = len(held) == 1
        lines.append(
            "One thing may have left since then:"
            if is_one
            else f"{len(held)} things may have left since then:"
        )
        lines += [f"- {one.heading}" for one in held[:_NAMED]]
        if len(held) > _NAMED:
            lines.append(f"- and {len(held) - _NAMED} more")
        card = "It has its own card below" if is_one else "Each has its own card below"
        lines.append(f"{card}: tell me that it was sent, send it, or cancel it.")
    lines.append(f"Press {_GO_ON} when all is checked. Until then I ask before anything leaves.")
    return "\n".join(lines)
