from datetime import timedelta
from pathlib import Path

from sqlalchemy import update

from jobs import claims, sources
from jobs.presence import Presence
from memory import tables
from memory.records.action import Action, State
from memory.records.decision import Verb
from memory.records.receipt import Receipt
from memory.records.run import RunState
from tests.doubles.builders import NOW, Desk, a_desk, a_mail_to, a_source
from tests.doubles.smtp import Smtp

HOUR = timedelta(hours=1)


async def die_with(desk: Desk, action: Action, *, marked: bool) -> None:
    """A worker claims the action, perhaps passes the marker, and is gone."""

    async def work(connection) -> None:
        taken = await claims.claim_action(connection, desk.company, action.id, 1, "wrk_dead")
        assert taken is not None
        if marked:
            await claims.mark(connection, desk.company, taken)

    await desk.company.store.write(work)


async def wake(desk: Desk) -> None:
    """What the loop does when it comes back: first a sign of life, then the sweep."""
    await desk.here_beats()
    await desk.look()


async def test_before_the_hold_is_over_nothing_moves(desk: Desk):
    action = await desk.approved(a_mail_to(hold_s=60))

    await desk.pass_time(timedelta(seconds=58))
    await desk.look()
    before = await desk.state(action)
    await desk.pass_time(timedelta(seconds=3))
    await desk.look()

    assert (before, await desk.state(action)) == (State.HELD, State.READY)


async def test_a_death_before_the_marker_changes_nothing(mailing: Desk, witness: Smtp):
    action = await mailing.approved()
    await die_with(mailing, action, marked=False)

    await mailing.look()
    await mailing.act()

    assert await mailing.state(action) is State.DONE
    assert len(witness.sent) == 1


async def test_a_death_between_marker_and_receipt_is_a_doubt_that_rings(
    mailing: Desk, witness: Smtp
):
    action = await mailing.approved()
    await die_with(mailing, action, marked=True)

    await mailing.look()
    await mailing.act()

    card = await mailing.card()
    assert await mailing.state(action) is State.UNKNOWN
    assert card.notice.rings
    assert witness.events == ()


async def test_a_death_between_marker_and_file_writes_the_file_again(desk: Desk):
    action = await desk.approved(a_mail_to(from_address=""))
    await die_with(desk, action, marked=True)

    await desk.look()
    await desk.act()

    assert await desk.state(action) is State.DONE


async def test_a_file_that_is_there_proves_that_it_was_written(desk: Desk):
    action = await desk.approved(a_mail_to(from_address=""))
    await die_with(desk, action, marked=True)
    place = desk.company.data / "mail" / f"{action.key}.eml"
    place.parent.mkdir()
    place.write_bytes(b"Subject: hi\r\n\r\nhi\r\n")

    await desk.look()

    done = await desk.action(action)
    assert done.state is State.DONE
    assert done.receipt is not None
    assert done.receipt.outcome == "written"


async def test_evidence_at_the_other_side_settles_a_doubt(tmp_path: Path):
    class Found:
        kinds = ("mail.send",)

        async def apply(self, effect, key, commit):
            raise AssertionError

        async def find(self, effect, key):
            return Receipt(outcome="sent", at=NOW, message_id="<found@x>")

    async with a_desk(tmp_path, connectors=lambda company: {"mail.send": Found()}) as desk:
        action = await desk.approved()
        await die_with(desk, action, marked=True)

        await desk.look()

        done = await desk.action(action)
        assert done.receipt is not None
        assert done.receipt.message_id == "<found@x>"


async def test_what_a_living_worker_holds_is_left_alone(desk: Desk):
    with Presence(desk.company.data) as other:
        action = await desk.approved()
        await die_with(desk, action, marked=True)
        await desk.change(tables.action, action.id, owner=other.worker)

        await desk.look()

        assert await desk.state(action) is State.COMMITTING


async def test_a_run_whose_worker_died_is_planned_again(desk: Desk):
    source = a_source("remind me Friday to call Marta")
    await desk.tell(source)
    (planned,) = await desk.due()
    await desk.change(tables.run, planned.id, state=RunState.CLAIMED.value, owner="wrk_dead")

    await desk.look()
    await desk.think()

    assert [one.title() for one in await desk.records("reminder")] == ["Call Marta"]


async def test_what_became_two_hours_late_while_nobody_was_there_asks_again(
    mailing: Desk, witness: Smtp
):
    action = await mailing.approved(a_mail_to(hold_s=60))
    await mailing.here_beats()
    await mailing.pass_time(3 * HOUR, working=False)

    await wake(mailing)
    await mailing.act()

    late = await mailing.action(action)
    card = await mailing.card()
    assert (late.state, late.approved_by) == (State.AWAITING, None)
    assert late.late_since == action.hold_until
    assert card.notice.rings
    assert witness.events == ()
    await mailing.press(card, Verb.SEND)
    await mailing.pass_time(timedelta(seconds=61))
    await mailing.look()
    await mailing.act()
    assert len(witness.sent) == 1


async def test_a_claim_of_a_worker_that_died_long_ago_asks_again_too(mailing: Desk, witness: Smtp):
    action = await mailing.approved()
    await mailing.here_beats()
    await die_with(mailing, action, marked=False)
    await mailing.pass_time(3 * HOUR, working=False)

    await wake(mailing)
    await mailing.act()

    assert await mailing.state(action) is State.AWAITING
    assert witness.events == ()


async def test_a_shorter_absence_is_no_reason_to_ask(mailing: Desk, witness: Smtp):
    action = await mailing.approved(a_mail_to(hold_s=60))
    await mailing.here_beats()
    await mailing.pass_time(HOUR, working=False)

    await wake(mailing)
    await mailing.act()

    assert await mailing.state(action) is State.DONE


async def test_time_in_which_a_worker_was_there_makes_nothing_late(mailing: Desk, witness: Smtp):
    action = await mailing.approved(a_mail_to(hold_s=60))
    await mailing.here_beats()

    await mailing.pass_time(5 * HOUR, working=True)
    await wake(mailing)
    await mailing.act()

    assert await mailing.state(action) is State.DONE
    assert await mailing.rows(tables.absence) == []


async def test_an_absence_is_told_once_and_counts_what_came_in(desk: Desk):
    await desk.here_beats()
    await desk.pass_time(10 * HOUR, working=False)
    for text in ("note: one", "note: two"):
        await desk.tell(a_source(text))

    await wake(desk)
    await desk.think()
    await desk.pass_time(timedelta(seconds=4))
    await desk.look()
    await desk.pass_time(timedelta(seconds=30))
    await desk.look()

    told = [text for text in await desk.texts() if text.startswith("I'm back")]
    assert told == [
        "I'm back. I was off from Tue 09:00 to Tue 19:00. 2 messages came in; all are filed."
    ]


async def test_a_card_that_waited_too_long_is_put_away_and_says_so(desk: Desk):
    card = await desk.propose()

    await desk.pass_time(timedelta(days=7, seconds=1))
    await desk.look()
    outcome = await desk.press(card, Verb.APPROVE)

    assert await desk.state(card) is State.EXPIRED
    assert (outcome.accepted, outcome.text) == (
        False,
        "That card is too old to act on; nothing was sent.",
    )


async def test_a_run_that_kills_its_worker_again_and_again_is_given_up(desk: Desk):
    source = a_source("note: poison")
    await desk.tell(source)
    (planned,) = await desk.due()

    async def claimed_by_the_dead(connection) -> None:
        await connection.execute(
            update(tables.run)
            .where(tables.run.c.id == planned.id)
            .values(state=RunState.CLAIMED.value, owner="wrk_dead", attempts=5)
        )

    await desk.company.store.write(claimed_by_the_dead)
    await desk.look()

    assert await desk.due() == ()
    assert "something broke" in (await desk.texts())[0]
    async with desk.company.store.read() as connection:
        assert await sources.is_settled(connection, source.id)
