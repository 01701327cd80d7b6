import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from jobs import claims, states
from jobs.connector import Commit
from jobs.executor import Executor, next_try
from memory import tables
from memory.errors import Refused, Unavailable, Uncertain
from memory.ledger import entries
from memory.records.action import State
from memory.records.decision import Verb
from memory.records.effect import Effect
from memory.records.receipt import Receipt
from memory.records.verdict import Level
from tests.doubles.builders import NOW, Desk, a_desk, a_mail_to
from tests.doubles.smtp import Smtp
from tests.doubles.smtp_server import Mode


class Hand:
    """A connector that does what a test tells it, before the marker and after it."""

    kinds = ("mail.send",)

    def __init__(self, before=None, after=None, *, asks: bool = True) -> None:
        self.before, self.after, self.asks = before, after, asks
        self.done = 0

    async def apply(self, effect: Effect, key: str, commit: Commit) -> Receipt:
        if self.before is not None:
            await self.before()
        if self.asks:
            await commit()
        if self.after is not None:
            await self.after()
        self.done += 1
        return Receipt(outcome="sent", at=NOW, message_id="<1@x>")

    async def find(self, effect: Effect, key: str) -> Receipt | None:
        return None


def raising(error: Exception):
    async def fail() -> None:
        raise error

    return fail


def desk_with(folder: Path, hand: Hand):
    return a_desk(folder, connectors=lambda company: {"mail.send": hand})


async def test_an_approved_mail_leaves_once_and_its_receipt_says_so(mailing: Desk, witness: Smtp):
    action = await mailing.approved()

    await mailing.act()
    await mailing.act()

    done = await mailing.action(action)
    assert done.state is State.DONE
    assert done.receipt is not None
    assert [one.message_id for one in witness.sent] == [done.receipt.message_id]
    assert "accepted" in done.receipt.answer


async def test_stop_between_claim_and_marker_sends_nothing_and_the_action_stays_ready(
    mailing: Desk, witness: Smtp
):
    action = await mailing.approved()

    async def claim(connection):
        return await claims.claim_action(connection, mailing.company, action.id, 1, "wrk_1")

    claimed = await mailing.company.store.write(claim)
    assert claimed is not None
    await mailing.outbox.stop("local owner")
    await Executor(mailing.company, mailing.connectors).execute(claimed)

    assert witness.sent == ()
    assert await mailing.state(action) is State.READY
    await mailing.outbox.resume("local owner")
    await mailing.act()
    assert len(witness.sent) == 1


async def test_a_stop_that_is_lifted_at_once_fails_nothing(tmp_path: Path):
    class Stopped(Hand):
        async def apply(self, effect: Effect, key: str, commit: Commit) -> Receipt:
            await desk.outbox.stop("local owner")
            try:
                return await super().apply(effect, key, commit)
            finally:
                await desk.outbox.resume("local owner")

    hand = Stopped()
    async with desk_with(tmp_path, hand) as desk:
        action = await desk.approved()

        await desk.act()

        assert hand.done == 0
        assert await desk.state(action) is State.READY


async def test_undo_before_the_marker_wins_and_nothing_leaves(tmp_path: Path):
    async def undo() -> None:
        outcome = await desk.press(card, Verb.UNDO)
        assert outcome.accepted

    hand = Hand(before=undo)
    async with desk_with(tmp_path, hand) as desk:
        card = await desk.propose()
        await desk.press(card, Verb.APPROVE)
        await desk.look()

        await desk.act()

        assert hand.done == 0
        assert await desk.state(card) is State.CANCELLED


async def test_undo_after_the_marker_loses_and_says_that_it_is_leaving(tmp_path: Path):
    said: list[str] = []

    async def undo() -> None:
        outcome = await desk.press(card, Verb.UNDO)
        said.append(outcome.text)

    hand = Hand(after=undo)
    async with desk_with(tmp_path, hand) as desk:
        card = await desk.propose()
        await desk.press(card, Verb.APPROVE)
        await desk.look()

        await desk.act()

        assert said == ["It is leaving right now. In a moment I can tell you how it ended."]
        assert await desk.state(card) is State.DONE


async def test_a_connector_that_never_asked_is_failed_and_never_called_done(tmp_path: Path):
    async with desk_with(tmp_path, Hand(asks=False)) as desk:
        action = await desk.approved()

        await desk.act()

        failed = await desk.action(action)
        assert failed.state is State.FAILED
        assert failed.receipt is None


async def test_a_connector_that_asks_twice_leaves_a_doubt_not_a_second_mail(tmp_path: Path):
    class Twice(Hand):
        async def apply(self, effect: Effect, key: str, commit: Commit) -> Receipt:
            await commit()
            return await super().apply(effect, key, commit)

    hand = Twice()
    async with desk_with(tmp_path, hand) as desk:
        action = await desk.approved()

        await desk.act()

        assert hand.done == 0
        assert await desk.state(action) is State.UNKNOWN


@pytest.mark.parametrize(
    ("hand", "state"),
    [
        (Hand(before=raising(Unavailable("not now"))), State.RETRY_WAIT),
        (Hand(before=raising(Uncertain("who knows"))), State.RETRY_WAIT),
        (Hand(before=raising(OSError("surprise"))), State.RETRY_WAIT),
        (Hand(before=raising(Refused("never"))), State.FAILED),
        (Hand(after=raising(Unavailable("not now"))), State.RETRY_WAIT),
        (Hand(after=raising(Refused("never"))), State.FAILED),
        (Hand(after=raising(Uncertain("who knows"))), State.UNKNOWN),
        (Hand(after=raising(OSError("surprise"))), State.UNKNOWN),
    ],
    ids=[
        "later, before the marker",
        "a doubt before the marker is none",
        "a crash before the marker",
        "a no before the marker",
        "a clear later after the marker",
        "a clear no after the marker",
        "a doubt after the marker",
        "a crash after the marker",
    ],
)
async def test_how_a_failure_leaves_the_action(tmp_path: Path, hand: Hand, state: State):
    async with desk_with(tmp_path, hand) as desk:
        action = await desk.approved()

        await desk.act()

        failed = await desk.action(action)
        assert failed.state is state
        assert failed.trouble != ""
        card = await desk.card()
        assert card.notice.rings


async def test_a_retry_waits_twice_as_long_each_time_and_rings_once(tmp_path: Path):
    hand = Hand(before=raising(Unavailable("not now")))
    async with desk_with(tmp_path, hand) as desk:
        action = await desk.approved()
        waits: list[int] = []

        for _ in range(4):
            await desk.act()
            waiting = await desk.action(action)
            assert waiting.due_at is not None
            waits.append(round((waiting.due_at - desk.now).total_seconds()))
            await desk.pass_time(timedelta(seconds=waits[-1] + 1))
            await desk.look()

        assert waits == [2, 4, 8, 16]


def test_a_wait_is_never_longer_than_an_hour_unless_the_other_side_says_so():
    long = next_try(Unavailable("x"), attempt=40)
    asked = next_try(Unavailable("x", retry_after=timedelta(hours=3)), attempt=1)

    assert (long, asked) == (timedelta(hours=1), timedelta(hours=3))


async def test_a_guard_that_says_no_at_the_last_check_stops_an_approved_mail(
    mailing: Desk, witness: Smtp
):
    # an address with a letter that looks like another, approved before anybody checked for it
    action = await mailing.approved(a_mail_to("marta@bluefinc\u0430fe.example"))

    await mailing.act()

    failed = await mailing.action(action)
    assert (failed.state, witness.events) == (State.FAILED, ())
    assert failed.trouble.startswith("I stopped it at the last check:")


async def test_what_may_pass_by_a_rule_needs_no_press(mailing: Desk, witness: Smtp):
    await mailing.propose(level=Level.ALLOW)
    await mailing.look()

    await mailing.act()

    assert len(witness.sent) == 1


async def test_an_effect_nobody_can_carry_out_is_refused_in_words(tmp_path: Path):
    async with a_desk(tmp_path, connectors=lambda company: {}) as desk:
        action = await desk.approved()

        await desk.act()

        failed = await desk.action(action)
        assert (failed.state, failed.trouble) == (State.FAILED, "I have no way to do this yet.")


async def test_a_worker_that_is_asked_to_end_sees_a_marked_mail_through(tmp_path: Path):
    at_work, go_on = asyncio.Event(), asyncio.Event()

    async def pause() -> None:
        at_work.set()
        await go_on.wait()

    hand = Hand(after=pause)
    async with desk_with(tmp_path, hand) as desk:
        action = await desk.approved()
        working = asyncio.create_task(desk.act())
        await at_work.wait()

        working.cancel()
        go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await working

        assert await desk.state(action) is State.DONE


async def test_a_worker_that_is_asked_to_end_lets_nothing_new_leave(tmp_path: Path):
    at_work, go_on = asyncio.Event(), asyncio.Event()

    async def pause() -> None:
        at_work.set()
        await go_on.wait()

    hand = Hand(before=pause)
    async with desk_with(tmp_path, hand) as desk:
        action = await desk.approved()
        working = asyncio.create_task(desk.act())
        await at_work.wait()

        working.cancel()
        await asyncio.wait({working}, timeout=0.05)
        go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await working

        assert hand.done == 0
        assert await desk.state(action) is State.RETRY_WAIT


async def test_the_proof_is_written_even_when_what_follows_from_it_breaks(
    mailing: Desk, witness: Smtp
):
    action = await mailing.approved()
    await mailing.change(tables.action, action.id, compensates="an action that is not there")

    await mailing.act()

    assert len(witness.sent) == 1
    assert await mailing.state(action) is State.DONE


async def test_a_connection_lost_after_the_dot_is_a_doubt_that_rings(mailing: Desk, witness: Smtp):
    witness.rules.mode = Mode.ACCEPT_THEN_DROP
    action = await mailing.approved()

    await mailing.act()
    witness.rules.mode = Mode.ACCEPT
    await mailing.look()
    await mailing.act()

    assert await mailing.state(action) is State.UNKNOWN
    assert len(witness.sent) == 1
    assert (await mailing.card()).notice.rings


async def test_a_proof_that_comes_after_we_were_taken_for_dead_settles_the_doubt(tmp_path: Path):
    async def taken_for_dead() -> None:
        (action,) = [one for one in await desk.outbox.actions() if one.state is State.COMMITTING]

        async def doubt(connection) -> None:
            await states.move(
                connection, desk.company.ledger, action, State.UNKNOWN, now=desk.now,
                actor="sweep", owner=None, lease_until=None,
            )  # fmt: skip

        await desk.company.store.write(doubt)

    async with desk_with(tmp_path, Hand(after=taken_for_dead)) as desk:
        action = await desk.approved()
        await desk.act()

        done = await desk.action(action)
        async with desk.company.store.read() as connection:
            last = (await entries(connection, action.id))[-1]
        assert (done.state, last.actor) == (State.DONE, "evidence")
        assert await desk.is_ledger_true()


async def test_trying_again_ends_with_the_days_of_the_approval(tmp_path: Path):
    async with desk_with(
        tmp_path, Hand(before=raising(Unavailable("Busy.", hint="Wait.")))
    ) as desk:
        action = await desk.approved()
        for _ in range(60):
            await desk.pass_time(timedelta(hours=4))
            await desk.look()
            await desk.act()
            if await desk.state(action) is State.FAILED:
                break

        given_up = await desk.action(action)
        assert given_up.state is State.FAILED
        assert given_up.trouble == (
            f"I tried {given_up.attempts} times, and your word for it is too old by now. Busy."
        )
        assert given_up.hint == "Wait."
        assert desk.now - action.created_at <= timedelta(days=7, hours=4)
