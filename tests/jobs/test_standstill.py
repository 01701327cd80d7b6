from datetime import timedelta

from jobs import standstill, stop
from memory.records.action import State
from memory.records.decision import Outcome, Verb
from memory.records.notice import Shown
from tests.doubles.builders import Desk, a_mail_to, a_source, mails_to
from tests.doubles.smtp import Smtp

PACE = timedelta(seconds=5)


async def a_third_sent(desk: Desk) -> Shown:
    """A dozen on their way, three of them gone."""
    card = await desk.propose(mails_to(12))
    await desk.press(card, Verb.APPROVE)
    for number in range(3):
        await desk.carry_on(PACE if number else timedelta(0))
    return card


async def press(desk: Desk, shown: Shown, verb: Verb, **fields: object) -> Outcome:
    assert shown.standstill is not None
    return await desk.press(shown, verb, digest=shown.standstill.bound, **fields)


async def stopped(desk: Desk) -> Shown:
    return await desk.shown(await desk.outbox.stop("local owner"))


async def test_it_counts_what_is_sent_and_what_is_held_and_nothing_more_leaves(
    mailing: Desk, witness: Smtp
):
    await a_third_sent(mailing)

    line = await stopped(mailing)
    for _ in range(3):
        await mailing.carry_on(timedelta(hours=1))

    assert line.standstill is not None
    assert standstill.counted(line.standstill) == "3 sent, 9 held."
    assert len(witness.sent) == 3


async def test_cancel_cancels_the_nine_and_the_three_stay_sent(mailing: Desk, witness: Smtp):
    card = await a_third_sent(mailing)
    line = await stopped(mailing)

    outcome = await press(mailing, line, Verb.CANCEL)
    await press(mailing, line, Verb.RESUME)
    await mailing.carry_on(timedelta(hours=1))

    assert outcome.text == "3 sent, 9 cancelled."
    shown = await mailing.shown(card.notice.id)
    assert shown.tally is not None
    assert (shown.tally.sent, shown.tally.cancelled, len(witness.sent)) == (3, 9, 3)
    assert await mailing.is_ledger_true()


async def test_resume_lets_the_rest_leave_at_its_pace(mailing: Desk, witness: Smtp):
    await a_third_sent(mailing)
    line = await stopped(mailing)
    await mailing.pass_time(timedelta(minutes=30))

    outcome = await press(mailing, line, Verb.RESUME)
    await mailing.carry_on()
    after_one = len(witness.sent)
    for _ in range(12):
        await mailing.carry_on(PACE)

    assert outcome.accepted
    assert (after_one, len(witness.sent)) == (4, 12)
    assert "Going on since" in (await mailing.shown(line.notice.id)).notice.answered


async def test_a_button_means_what_it_was_shown_for(mailing: Desk):
    one = await mailing.propose(a_mail_to(hold_s=60))
    await mailing.press(one, Verb.APPROVE)
    line = await stopped(mailing)
    two = await mailing.propose(a_mail_to(hold_s=60))
    await mailing.press(two, Verb.APPROVE)

    stale = await press(mailing, line, Verb.CANCEL)
    fresh = await press(mailing, await mailing.shown(line.notice.id), Verb.CANCEL)

    assert (stale.accepted, fresh.accepted) == (False, True)
    assert fresh.text == "2 cancelled."
    assert await mailing.state(two) is State.CANCELLED


async def test_with_nothing_on_its_way_it_says_so(desk: Desk):
    line = await stopped(desk)

    assert line.notice.text == "Stopped. Nothing leaves until you say resume."
    assert line.standstill is not None
    assert standstill.counted(line.standstill) == "Nothing was on its way."


async def test_only_the_newest_stop_can_be_pressed(desk: Desk):
    first = await stopped(desk)
    second = await stopped(desk)

    assert "newer line" in (await desk.shown(first.notice.id)).notice.answered
    assert (await desk.shown(second.notice.id)).notice.answered == ""


async def test_the_same_message_twice_is_one_stop(desk: Desk):
    source = a_source("stop")
    await desk.outbox.accept_stop(source, "local owner")

    await desk.outbox.accept_stop(source, "local owner")

    assert len([one for one in await desk.cards() if one.standstill is not None]) == 1


async def test_a_pause_ends_by_itself_at_its_time_and_not_before(mailing: Desk, witness: Smtp):
    await mailing.approved()
    await mailing.outbox.stop("local owner", until=mailing.now + timedelta(hours=2))

    await mailing.carry_on(timedelta(minutes=119))
    before = len(witness.sent)
    await mailing.carry_on(timedelta(minutes=2))

    assert (before, len(witness.sent)) == (0, 1)
    assert not mailing.outbox.stopped()


async def test_a_pause_says_until_when(desk: Desk):
    until = desk.now.replace(hour=8, minute=0) + timedelta(days=6)

    line = await desk.shown(await desk.outbox.stop("local owner", until=until))

    assert line.notice.text.startswith("Paused until Monday")
    assert "08:00" in line.notice.text


async def test_a_stop_that_the_books_missed_is_written_down_by_the_worker(desk: Desk):
    stop.hold(desk.company, "telegram 111")

    await desk.look()
    await desk.look()

    lines = [one for one in await desk.cards() if one.standstill is not None]
    assert len(lines) == 1
    async with desk.company.store.read() as connection:
        assert await stop.epoch(connection) == 1


async def test_stop_on_any_card_holds_everything(mailing: Desk, witness: Smtp):
    card = await a_third_sent(mailing)

    outcome = await mailing.press(await mailing.shown(card.notice.id), Verb.STOP)
    await mailing.carry_on(timedelta(minutes=1))

    assert outcome.text.endswith("3 sent, 9 held.")
    assert mailing.outbox.stopped()
    assert len(witness.sent) == 3


async def test_an_old_press_of_stop_that_comes_again_does_not_stop_what_was_resumed(
    mailing: Desk,
):
    card = await mailing.propose(mails_to(2))
    await mailing.press(card, Verb.STOP, native_id="press 1")
    await mailing.outbox.resume("local owner")

    await mailing.press(card, Verb.STOP, native_id="press 1")

    assert not mailing.outbox.stopped()


async def test_resuming_what_is_not_stopped_says_so(desk: Desk):
    line = await stopped(desk)
    await press(desk, line, Verb.RESUME)

    outcome = await press(desk, line, Verb.RESUME)

    assert (outcome.accepted, outcome.text) == (False, "Nothing is stopped.")
