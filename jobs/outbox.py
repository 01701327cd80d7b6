"""The bot's only door into the house: accept, decide, and what is due to be shown."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from jobs import (
    albums,
    buttons,
    decisions,
    marks,
    notices,
    pairings,
    safe_mode,
    sources,
    standstill,
    states,
    stop,
    tally,
)
from jobs.albums import Album
from jobs.bell import Bell
from jobs.buttons import Pressed, Wanted
from jobs.pairings import Pairing
from jobs.sources import Accepted, Incoming
from jobs.stop import InForce, Stop
from memory import tables
from memory.company import Company
from memory.errors import Unavailable
from memory.records.action import Action, State
from memory.records.decision import Decision, Outcome, Verb
from memory.records.intent import Intent
from memory.records.notice import Delivery, Notice, Shown
from memory.records.proposal import Question
from memory.records.source import Source

INGEST_S = 2.0
"""How long a door waits for the database before it does not acknowledge."""


STOP_S = 0.3
"""How long a stop waits for the database before it says that it holds all the same."""


class Outbox:
    """Everything a door may ask of the rest of the house."""

    def __init__(self, company: Company, bell: Bell) -> None:
        self._company = company
        self._bell = bell

    @classmethod
    def at(cls, company: Company, redis_url: str) -> "Outbox":
        """The outbox of a company, with the doorbell at this address."""
        return cls(company, Bell(redis_url))

    def rings(self) -> AsyncIterator[None]:
        """Yields whenever something may be worth showing."""
        return self._bell.heard_by_doors()

    async def ring(self) -> None:
        """Let the workers look what is due."""
        await self._bell.wake_workers()

    async def close(self) -> None:
        """Let go of the doorbell."""
        await self._bell.close()

    async def accept(
        self, source: Source, intents: tuple[Intent, ...], written_at: datetime | None = None
    ) -> Accepted:
        """Commit a Source; only then may a door say "received".

        Args:
            written_at: When its platform says it was written, if it says so.

        Raises:
            Unavailable: The database did not take it within two seconds; do not acknowledge.
        """
        came = Incoming(source=source, intents=intents, written_at=written_at)
        return (await self.accept_all((came,)))[0]

    async def accept_all(self, came: tuple[Incoming, ...]) -> tuple[Accepted, ...]:
        """Commit Sources in the order they came, all of them or none; only then "received".

        Raises:
            Unavailable: The database did not take them within two seconds; do not acknowledge.
        """

        async def work(connection: AsyncConnection) -> tuple[Accepted, ...]:
            return await sources.accept_all(connection, self._company, came)

        accepted = await self._company.store.write(work, within_s=INGEST_S)
        await self._bell.wake_workers()
        return accepted

    async def accept_answered(
        self,
        source: Source,
        text: str,
        *,
        action: str | None = None,
        revision: int | None = None,
    ) -> Accepted:
        """Commit a Source together with the answer that code has for it.

        Raises:
            Unavailable: The database did not take it within two seconds; do not acknowledge.
        """

        async def work(connection: AsyncConnection) -> Accepted:
            return await sources.accept_answered(
                connection, self._company, source, text, action=action, revision=revision
            )

        return await self._company.store.write(work, within_s=INGEST_S)

    async def accept_kept(self, source: Source, text: str, album: Album | None) -> Accepted:
        """Commit a Source that nobody can read, with the line that says it is kept.

        Raises:
            Unavailable: The database did not take it within two seconds; do not acknowledge.
        """

        async def work(connection: AsyncConnection) -> Accepted:
            return await sources.accept_kept(connection, self._company, source, text, album)

        return await self._company.store.write(work, within_s=INGEST_S)

    async def tell_kept(self, source: str, text: str, album: Album | None) -> None:
        """Say of a part of a Source that it is kept, though nobody can read it."""

        async def work(connection: AsyncConnection) -> None:
            now = self._company.clock.now()
            await albums.tell(
                connection, self._company, now=now, source=source, text=text, album=album
            )

        await self._company.store.write(work)

    async def tell(self, text: str, *, rings: bool = False) -> str:
        """Put a line before the owner on every door; returns the notice's id."""

        async def work(connection: AsyncConnection) -> str:
            now = self._company.clock.now()
            return await notices.tell(connection, self._company, now=now, text=text, rings=rings)

        return await self._company.store.write(work)

    async def tell_once(
        self, name: str, text: str, *, question: Question | None = None, rings: bool = False
    ) -> str:
        """Put a line or a question of the house's own before the owner, once under this name.

        Returns:
            The notice's id, the same again for every later call.
        """

        async def work(connection: AsyncConnection) -> str:
            known = await marks.recall(connection, name)
            if known is not None:
                return known
            notice = await notices.tell(
                connection, self._company, now=self._company.clock.now(), text=text,
                question=question, kind="question" if question else "line", rings=rings,
            )  # fmt: skip
            await marks.keep(connection, name, notice)
            return notice

        return await self._company.store.write(work)

    async def answered(self, notice: str, words: str) -> None:
        """Close a question of the house's own with what it was answered with."""

        async def work(connection: AsyncConnection) -> None:
            await notices.answer(connection, notice, words)

        await self._company.store.write(work)

    async def actions(self, state: State | None = None) -> tuple[Action, ...]:
        """The newest revision of every action, oldest first; all revisions in a named state."""
        async with self._company.store.read() as connection:
            return await states.every(connection, state)

    async def decide(self, decision: Decision) -> Outcome:
        """Carry out the owner's decision, once."""

        async def work(connection: AsyncConnection) -> Outcome:
            return await decisions.decide(connection, self._company, decision)

        if decision.verb is Verb.STOP:
            return await self._stopped_by(decision, work)
        outcome = await self._company.store.write(work)
        await self._bell.wake_workers()
        return outcome

    async def _stopped_by(
        self, decision: Decision, work: Callable[[AsyncConnection], Awaitable[Outcome]]
    ) -> Outcome:
        """A press of Stop holds everything at once, however long the books take."""
        if decision.native_id and await self._was_decided(decision):
            return await self._company.store.write(work)
        made = stop.hold(self._company, f"{decision.door} {decision.actor}")
        try:
            return await self._company.store.write(work, within_s=STOP_S)
        except Unavailable:
            # the worker writes it down as soon as it can
            return Outcome(accepted=True, text=(await self._in_force(made)).sentence)

    async def _was_decided(self, decision: Decision) -> bool:
        """Whether the very same press was delivered before."""
        made = tables.decision
        query = select(made.c.id).where(
            made.c.door == decision.door, made.c.native_id == decision.native_id
        )
        async with self._company.store.read() as connection:
            return await connection.scalar(query.limit(1)) is not None

    async def stop(self, actor: str, *, until: datetime | None = None) -> str:
        """Nothing leaves from now on; returns the notice that tells what is held."""
        made = stop.hold(self._company, actor, until)

        async def work(connection: AsyncConnection) -> str:
            return await standstill.note(connection, self._company, made)

        return await self._company.store.write(work)

    async def accept_stop(
        self, source: Source, actor: str, *, until: datetime | None = None, settles: bool = True
    ) -> Accepted:
        """Nothing leaves from now on; then commit the message that says so, and what is held.

        Args:
            until: When it ends by itself; None for not before the owner says so.
            settles: False when the message says more than that: then it is still to be accepted.

        Raises:
            InForce: Nothing leaves, but the database did not take the message: say so, do not
                acknowledge it.
        """
        made = stop.hold(self._company, actor, until)

        async def work(connection: AsyncConnection) -> Accepted:
            fresh = True
            if settles:
                accepted = await sources.accept_answered(connection, self._company, source, "")
                fresh = accepted.fresh
            await standstill.note(connection, self._company, made, source=source.id)
            return Accepted(source=source.id, fresh=fresh)

        try:
            return await self._company.store.write(work, within_s=STOP_S)
        except Unavailable as trouble:
            raise await self._in_force(made) from trouble

    async def resume(self, actor: str) -> bool:
        """What waited may go on; False when nothing was stopped."""

        async def work(connection: AsyncConnection) -> bool:
            now = self._company.clock.now()
            await safe_mode.leave(connection, self._company, actor, now)
            return await standstill.resume(connection, self._company, actor)

        resumed = await self._company.store.write(work)
        await self._bell.wake_workers()
        return resumed

    async def _in_force(self, made: Stop) -> InForce:
        """What to say of a stop that the books do not know of yet."""
        said = standstill.words(self._company, made)
        try:
            async with self._company.store.read() as connection:
                said += f" {standstill.counted(await tally.held(connection))}"
        except DBAPIError:
            return InForce(said)
        return InForce(said)

    async def is_careful(self) -> bool:
        """Whether we began from a copy and ask before anything leaves."""
        async with self._company.store.read() as connection:
            return await safe_mode.is_on(connection)

    def stopped(self) -> bool:
        """Whether everything that goes out is held."""
        return stop.stopped(self._company)

    async def glance(self, door: str, person: str, source: str) -> tuple[bool, bool]:
        """Whether this person is the owner, and whether a Source of this id is committed.

        One look for both: every message that comes in asks it.
        """
        async with self._company.store.read() as connection:
            paired = await pairings.every(connection, door)
            is_owner = any(one.person == person for one in paired)
            return is_owner, is_owner and await sources.exists(connection, source)

    async def is_settled(self, source: str) -> bool:
        """Whether everything that a Source led to is before the owner."""
        async with self._company.store.read() as connection:
            return await sources.is_settled(connection, source)

    async def holds(
        self, channel: str, raw: bytes, *, sender: str | None = None, since: datetime | None = None
    ) -> bool:
        """Whether these very bytes came in through this door before: from somebody, since when."""
        async with self._company.store.read() as connection:
            return await sources.holds(connection, channel, raw, sender=sender, since=since)

    async def shown(self, notice: str) -> Shown:
        """One notice as it is now.

        Raises:
            NotFound: There is no such notice.
        """
        async with self._company.store.read() as connection:
            return await notices.find(connection, notice)

    async def shown_for_action(self, action: str) -> Shown | None:
        """The newest notice about an action."""
        async with self._company.store.read() as connection:
            return await notices.of_action(connection, action)

    async def shown_for_source(self, source: str) -> tuple[Shown, ...]:
        """Every notice a Source led to."""
        async with self._company.store.read() as connection:
            return await notices.of_source(connection, source)

    async def all_shown(self, *, last: int | None = None) -> tuple[Shown, ...]:
        """All notices in order; only the newest `last` when given."""
        async with self._company.store.read() as connection:
            return await notices.every(connection, last=last)

    async def changed_since(self, stamp: int) -> tuple[tuple[Shown, ...], int]:
        """Notices made or changed after a stamp, and the new stamp."""
        async with self._company.store.read() as connection:
            return await notices.changed_since(connection, stamp)

    async def last_stamp(self) -> int:
        """The newest stamp of all."""
        async with self._company.store.read() as connection:
            return await notices.last_stamp(connection)

    async def due(self, pairing: Pairing, *, above: int = 0, limit: int = 20) -> tuple[Shown, ...]:
        """What of all above a stamp a chat has not been shown as it is now, oldest first."""
        async with self._company.store.read() as connection:
            return await notices.due(
                connection,
                pairing.door,
                pairing.chat,
                now=self._company.clock.now(),
                since=pairing.since,
                above=above,
                limit=limit,
            )

    async def delivery(self, notice: str, door: str, chat: str) -> Delivery | None:
        """What a chat shows of a notice; None when it was never tried."""
        async with self._company.store.read() as connection:
            return await notices.delivery(connection, notice, door, chat)

    async def delivered(
        self,
        notice: Notice,
        pairing: Pairing,
        *,
        message: str | None,
        shown: str,
        trouble: str = "",
        due_at: datetime | None = None,
    ) -> None:
        """Remember what a chat shows now, or why it could not be shown and when to try again."""

        async def work(connection: AsyncConnection) -> None:
            await notices.delivered(
                connection,
                notice,
                pairing.door,
                pairing.chat,
                message=message,
                shown=shown,
                stamp=notice.stamp if not trouble else 0,
                trouble=trouble,
                due_at=due_at,
            )

        await self._company.store.write(work)

    async def notice_of_message(self, door: str, chat: str, message: str) -> str | None:
        """Which notice a door's message shows; None when it is not one of ours."""
        made = tables.delivery
        query = select(made.c.notice).where(
            made.c.door == door, made.c.chat == chat, made.c.message == message
        )
        async with self._company.store.read() as connection:
            return await connection.scalar(query.limit(1))

    async def tokens(
        self, door: str, chat: str, shown: Shown, wanted: tuple[Wanted, ...]
    ) -> tuple[str, ...]:
        """A random token for each button, the same again while the card shows the same."""

        async def work(connection: AsyncConnection) -> tuple[str, ...]:
            now = self._company.clock.now()
            return tuple(
                [await buttons.token(connection, door, chat, shown, one, now) for one in wanted]
            )

        async with self._company.store.read() as connection:
            had = await buttons.known(connection, door, chat, shown)
        if all(one in had for one in wanted):
            # an edit mostly shows buttons that the card had before: no commit to wait for
            return tuple(had[one] for one in wanted)
        return await self._company.store.write(work)

    async def pressed(self, token: str) -> Pressed | None:
        """What a token stands for; None when it was never ours."""
        async with self._company.store.read() as connection:
            return await buttons.pressed(connection, token)

    async def pair(self, door: str, person: str, chat: str) -> Pairing:
        """This person of this door is the owner from now on."""

        async def work(connection: AsyncConnection) -> tuple[Pairing, ...]:
            await pairings.pair(connection, self._company, door, person, chat)
            return await pairings.every(connection, door)

        return next(one for one in await self._company.store.write(work) if one.person == person)

    async def pairings(self, door: str) -> tuple[Pairing, ...]:
        """The owner's chats on a door; empty means nobody."""
        async with self._company.store.read() as connection:
            return await pairings.every(connection, door)

    async def block(self, pairing: Pairing, why: str) -> None:
        """A chat refuses what we send: nothing more is shown there, and other doors say why."""

        async def work(connection: AsyncConnection) -> None:
            now = self._company.clock.now()
            await pairings.block(
                connection, self._company, pairing.door, pairing.person, now=now, why=why
            )

        await self._company.store.write(work)

    async def unblock(self, pairing: Pairing) -> None:
        """A chat takes what we send again; what it missed is due now."""

        async def work(connection: AsyncConnection) -> None:
            await pairings.unblock(connection, pairing.door, pairing.person)

        await self._company.store.write(work)

    async def turned_away(self, door: str, person: str, what: str) -> None:
        """A stranger tried: one ledger line, no answer."""

        async def work(connection: AsyncConnection) -> None:
            await self._company.ledger.add(
                connection,
                "stranger_turned_away",
                at=self._company.clock.now(),
                actor=f"{door} {person}",
                subject=door,
                what=what,
            )

        await self._company.store.write(work)

    async def remember(self, key: str, value: str) -> None:
        """Keep a door's own small state, such as how far it has read."""

        async def work(connection: AsyncConnection) -> None:
            await marks.keep(connection, key, value)

        await self._company.store.write(work)

    async def exchange(self, key: str, was: str | None, value: str) -> bool:
        """Keep a door's own small state if it is still what the door saw.

        Args:
            was: What the door saw; None when there was nothing.

        Returns:
            False when another process was quicker.
        """

        async def work(connection: AsyncConnection) -> bool:
            return await marks.exchange(connection, key, was, value)

        return await self._company.store.write(work, within_s=INGEST_S)

    async def recall(self, key: str) -> str | None:
        """A door's own small state; None when there is none."""
        async with self._company.store.read() as connection:
            return await marks.recall(connection, key)


__all__ = [
    "INGEST_S",
    "Accepted",
    "Album",
    "InForce",
    "Incoming",
    "Outbox",
    "Pairing",
    "Pressed",
    "Wanted",
]
