"""Every move that the table allows is one that the product makes, and it makes no other."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from jobs import claims, evidence, marks, safe_mode
from jobs.executor import Executor
from memory import tables
from memory.errors import Refused, Unavailable, Uncertain
from memory.records.action import Action, State
from memory.records.decision import Verb
from memory.records.effect import Effect
from memory.records.intent import CORRECTS, Intent
from memory.records.mail_many import MailMany
from memory.records.receipt import Receipt
from memory.records.verdict import Level
from memory.transitions import ALLOWED, Mover, mover_of
from tests.doubles.builders import NOW, Desk, a_desk, a_mail_to, a_source, mails_to

Move = tuple[State, State, Mover]
MINUTE = timedelta(minutes=1)
PACE = timedelta(seconds=5)


class Scripted:
    """A connector for which each effect ends as its subject says, before or after the marker."""

    kinds = ("mail.send",)
    ends: tuple[tuple[str, Exception | None], ...] = (
        ("done", None),
        ("refused", Refused("No.")),
        ("unavailable", Unavailable("Later.")),
        ("uncertain", Uncertain("The connection broke.")),
    )

    def __init__(self) -> None:
        self.now = NOW
        self.proof: Receipt | None = None

    async def apply(self, effect: Effect, key: str, commit: Callable[[], Awaitable[None]]):
        when, _, how = str(effect.model_dump()["subject"]).partition(" ")
        error = dict(self.ends)[how]
        if when == "before" and error:
            raise error
        await commit()
        if error:
            raise error
        return Receipt(outcome="sent", at=self.now, message_id="<one@x.example>")

    async def find(self, effect: Effect, key: str) -> Receipt | None:
        return self.proof

    def proves_absence(self, effect: Effect) -> bool:
        return True


class Stage(Desk):
    """A desk at which stories are played."""

    async def with_subject(self, subject: str) -> Action:
        return await self.approved(a_mail_to(subject=subject))

    async def claimed(self, action: Action, *, marked: bool = False) -> Action:
        """In the hands of a worker that is no more."""

        async def work(connection) -> Action:
            taken = await claims.claim_action(
                connection, self.company, action.id, action.revision, "wrk_dead"
            )
            assert taken is not None
            return await claims.mark(connection, self.company, taken) if marked else taken

        return await self.company.store.write(work)

    async def decide(self, action: Action, verb: Verb, **fields: object) -> None:
        shown = await self.outbox.shown_for_action(action.id)
        assert shown is not None
        outcome = await self.press(shown, verb, **fields)
        assert outcome.accepted, outcome.text

    async def correction(self) -> tuple[Action, Action]:
        """One that is done and taken back, and the correction that waits."""
        done = await self.with_subject("after done")
        await self.act()
        await self.decide(done, Verb.UNDO)
        correction = await self.action(await self.card())
        assert correction.compensates == done.id
        return done, correction


async def what_the_owner_says(stage: Stage, _: Scripted) -> None:
    for verb in (Verb.REJECT, Verb.TAKE):
        await stage.decide(await stage.action(await stage.propose()), verb)
    card = await stage.propose(a_mail_to(hold_s=60))
    await stage.press(card, Verb.EDIT, text="Hi Marta, another text.")
    edited = await stage.action(card)
    await stage.decide(edited, Verb.APPROVE)
    await stage.decide(edited, Verb.UNDO)
    await stage.decide(edited, Verb.SEND)


async def what_the_guards_say(stage: Stage, _: Scripted) -> None:
    for level in (Level.REFUSE, Level.ASK, Level.ALLOW):
        await stage.propose(level=level)


async def taken_back_on_the_way(stage: Stage, _: Scripted) -> None:
    ready = await stage.with_subject("after done")
    await stage.decide(ready, Verb.UNDO)
    claimed = await stage.with_subject("after done")
    await stage.claimed(claimed)
    await stage.decide(claimed, Verb.UNDO)
    waits = await stage.with_subject("before unavailable")
    await stage.act()
    await stage.decide(waits, Verb.UNDO)


async def how_it_ends(stage: Stage, _: Scripted) -> None:
    made = [
        await stage.with_subject(f"{when} {how}")
        for when, how in (
            ("after", "done"), ("before", "refused"), ("before", "unavailable"),
            ("after", "refused"), ("after", "unavailable"), ("after", "uncertain"),
        )
    ]  # fmt: skip
    await stage.act()
    failed, waits, refused, later, doubt = made[1:]
    await stage.decide(failed, Verb.RETRY)
    await stage.decide(waits, Verb.RETRY)
    await stage.decide(refused, Verb.SEND)
    await stage.pass_time(MINUTE)
    await stage.look()
    assert await stage.state(later) is State.READY
    await stage.decide(doubt, Verb.SEND)


async def stopped_at_the_last_moment(stage: Stage, scripted: Scripted) -> None:
    action = await stage.claimed(await stage.with_subject("after done"))
    await stage.outbox.stop("local owner")
    await Executor(stage.company, {"mail.send": scripted}).execute(action)
    assert await stage.state(action) is State.READY


async def doubt_and_the_owner(stage: Stage, _: Scripted) -> None:
    for verb in (Verb.SENT, Verb.CANCEL):
        action = await stage.with_subject("after uncertain")
        await stage.act()
        await stage.decide(action, verb)


async def doubt_and_evidence(stage: Stage, scripted: Scripted) -> None:
    absent = await stage.with_subject("after uncertain")
    await stage.act()
    await stage.pass_time(11 * MINUTE)
    await evidence.settle(stage.company, stage.connectors)
    assert await stage.state(absent) is State.FAILED
    present = await stage.with_subject("after uncertain")
    await stage.act()
    dead = await stage.with_subject("after done")
    await stage.claimed(dead, marked=True)
    _, correction = await stage.correction()
    await stage.decide(correction, Verb.APPROVE)
    await stage.pass_time(MINUTE)
    await stage.look()
    await stage.claimed(await stage.action(correction), marked=True)
    scripted.proof = Receipt(outcome="sent", at=stage.now)
    await stage.pass_time(MINUTE)
    await stage.look()
    await evidence.settle(stage.company, stage.connectors)
    scripted.proof = None
    assert await stage.state(present) is State.DONE


async def the_death_of_a_worker(stage: Stage, _: Scripted) -> None:
    await stage.claimed(await stage.with_subject("after done"))
    await stage.claimed(await stage.with_subject("after done"), marked=True)
    written = await stage.approved(a_mail_to(subject="after done", from_address=""))
    await stage.claimed(written, marked=True)
    await stage.look()


async def too_late(stage: Stage, _: Scripted) -> None:
    await stage.here_beats()
    held = await stage.approved(a_mail_to(hold_s=60))
    ready = await stage.with_subject("after done")
    waits = await stage.with_subject("before unavailable")
    await stage.tasks.execute(waits.id, 1)
    await stage.pass_time(timedelta(hours=3), working=False)
    await stage.here_beats()
    for one in (held, ready, waits):
        assert await stage.state(one) is State.AWAITING
    await stage.pass_time(timedelta(days=8))
    await stage.look()
    assert await stage.state(held) is State.EXPIRED
    await stage.decide(held, Verb.SEND)


async def taken_back_when_it_is_done(stage: Stage, scripted: Scripted) -> None:
    _, left_alone = await stage.correction()
    await stage.decide(left_alone, Verb.REJECT)
    _, sent = await stage.correction()
    await stage.decide(sent, Verb.APPROVE)
    await stage.pass_time(MINUTE)
    await stage.look()
    await stage.act()
    _, by_hand = await stage.correction()
    await stage.decide(by_hand, Verb.APPROVE)
    await stage.pass_time(MINUTE)
    await stage.look()
    await stage.claimed(await stage.action(by_hand), marked=True)
    await stage.look()
    await stage.decide(by_hand, Verb.SENT)
    _, forgotten = await stage.correction()
    await stage.pass_time(timedelta(days=8))
    await stage.look()
    assert await stage.state(forgotten) is State.EXPIRED


async def own_records(stage: Stage, _: Scripted) -> None:
    await stage.hear("landing page 1,200 EUR, hourly 85 EUR")
    filed = await stage.action(
        next(one for one in await stage.cards() if one.action and one.action.kind == "file")
    )
    await stage.decide(filed, Verb.UNDO_ONE, choice=0)
    await stage.decide(filed, Verb.UNDO)


async def words_that_were_edited(stage: Stage, _: Scripted) -> None:
    first = await stage.hear("note: thin paper")
    card = await stage.propose()
    await stage.change(tables.action, (await stage.action(card)).id, source=first.id)
    await stage.hear(
        a_source("note: thicker paper"), Intent(kind="say", slots={CORRECTS: first.id})
    )
    assert await stage.state(card) is State.SUPERSEDED


async def a_copy_that_goes_on(stage: Stage, _: Scripted) -> None:
    await stage.propose()
    await stage.approved(a_mail_to(hold_s=60))
    made = [await stage.with_subject("after done") for _ in range(3)]
    waits = await stage.with_subject("before unavailable")
    await stage.tasks.execute(waits.id, 1)
    # last, since every look takes back what the dead have held
    await stage.claimed(made[0])
    await stage.claimed(made[1], marked=True)

    async def say(connection) -> None:
        await marks.keep(connection, safe_mode.COPIED, "1")

    await stage.company.store.write(say)
    assert await safe_mode.begin(stage.company)


def to_readers(subject: str, *, hold_s: int = 0) -> MailMany:
    whole = mails_to(2, hold_s=hold_s)
    mails = tuple(one.model_copy(update={"subject": subject}) for one in whole.mails)
    return whole.model_copy(update={"mails": mails})


async def many_under_one_yes(stage: Stage, _: Scripted) -> None:
    async def begun(subject: str, *, hold_s: int = 0) -> Action:
        card = await stage.propose(to_readers(subject, hold_s=hold_s))
        await stage.press(card, Verb.APPROVE)
        return await stage.action(card)

    async def late(*, after: int, subject: str = "after done") -> Action:
        whole = await begun(subject)
        for _time in range(after):
            await stage.carry_on()
        await stage.pass_time(timedelta(hours=3), working=False)
        await stage.here_beats()
        await stage.carry_on()
        assert await stage.state(whole) is State.AWAITING
        return whole

    await stage.here_beats()
    for subject, end in (("after done", State.DONE), ("before refused", State.FAILED)):
        whole = await begun(subject)
        for _time in range(3):
            await stage.carry_on(PACE)
        assert await stage.state(whole) is end
    await stage.decide(await begun("after done", hold_s=60), Verb.UNDO)
    ready = await begun("after done")
    await stage.look()
    await stage.decide(ready, Verb.UNDO)
    await stage.decide(await late(after=1), Verb.REJECT)
    await stage.decide(await late(after=0), Verb.REJECT)
    for subject, end in (("after done", State.DONE), ("before refused", State.FAILED)):
        begun_again = await late(after=1, subject=subject)
        await stage.decide(begun_again, Verb.SEND)
        await stage.decide(begun_again, Verb.UNDO)
        assert await stage.state(begun_again) in (end, State.COMPENSATING)
    again = await late(after=0)
    await stage.decide(again, Verb.SEND)
    for _time in range(3):
        await stage.carry_on(PACE)
    assert await stage.state(again) is State.DONE


async def more_than_may_leave_in_an_hour(stage: Stage, _: Scripted) -> None:
    for _time in range(7):
        await stage.with_subject("after done")
    await stage.act()
    await stage.look()
    await stage.act()


STORIES = (
    what_the_owner_says,
    what_the_guards_say,
    taken_back_on_the_way,
    how_it_ends,
    stopped_at_the_last_moment,
    doubt_and_the_owner,
    doubt_and_evidence,
    the_death_of_a_worker,
    too_late,
    taken_back_when_it_is_done,
    own_records,
    words_that_were_edited,
    a_copy_that_goes_on,
    many_under_one_yes,
    more_than_may_leave_in_an_hour,
)


async def test_every_move_that_may_be_is_made_and_no_other(tmp_path: Path):
    made: set[Move] = set()
    for story in STORIES:
        scripted = Scripted()
        async with a_desk(tmp_path / story.__name__, connectors=lambda _: {}) as desk:
            scripted.now = desk.now
            stage = Stage(desk.company, desk.here, {"mail.send": scripted}, desk.ladder)
            await story(stage, scripted)
            made |= await moves(stage)

    assert made == ALLOWED


async def moves(stage: Stage) -> set[Move]:
    """Every move that the ledger tells of."""
    found: set[Move] = set()
    stood: dict[str, State] = {}
    async with stage.company.store.read() as connection:
        query = select(tables.ledger).where(
            tables.ledger.c.seals == "action", tables.ledger.c.event.like("action_%")
        )
        for row in await connection.execute(query.order_by(tables.ledger.c.seq)):
            state = State(row.event.removeprefix("action_"))
            mover = mover_of(row.actor)
            if row.sealed_row in stood:
                assert mover is not None, row.actor
                found.add((stood[row.sealed_row], state, mover))
            stood[row.sealed_row] = state
    return found
