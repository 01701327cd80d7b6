from datetime import timedelta

import pytest

from memory.records.action import State
from memory.records.decision import Verb
from memory.records.notice import Shown
from tests.doubles.builders import Desk, mails_to
from tests.doubles.smtp import Smtp

PACE = timedelta(seconds=5)


async def on_its_way(desk: Desk, count: int = 4, sent: int = 0, hold_s: int = 0) -> Shown:
    card = await desk.propose(mails_to(count, hold_s=hold_s))
    await desk.press(card, Verb.APPROVE)
    for number in range(sent):
        await desk.carry_on(PACE if number else timedelta(0))
    return await desk.shown(card.notice.id)


async def test_cancel_cancels_exactly_those_that_have_not_left(mailing: Desk, witness: Smtp):
    card = await on_its_way(mailing, sent=1)

    outcome = await mailing.press(card, Verb.CANCEL)
    await mailing.carry_on(timedelta(minutes=1))

    shown = await mailing.shown(card.notice.id)
    assert shown.tally is not None
    assert outcome.text == "3 cancelled."
    assert (shown.tally.sent, shown.tally.cancelled, len(witness.sent)) == (1, 3, 1)
    assert await mailing.state(card) is State.DONE


async def test_there_is_nothing_to_cancel_twice(mailing: Desk):
    card = await on_its_way(mailing, sent=1)
    await mailing.press(card, Verb.CANCEL)

    assert not (await mailing.press(card, Verb.CANCEL)).accepted


async def test_send_after_all_sends_what_was_taken_back(mailing: Desk, witness: Smtp):
    card = await on_its_way(mailing, 2, hold_s=60)
    await mailing.press(card, Verb.UNDO)

    await mailing.press(await mailing.shown(card.notice.id), Verb.SEND)
    await mailing.carry_on(timedelta(seconds=61))
    await mailing.carry_on(PACE)

    assert len(witness.sent) == 2


async def test_other_words_for_what_asks_again_reach_only_who_got_nothing_yet(
    mailing: Desk, witness: Smtp
):
    await mailing.here_beats()
    await on_its_way(mailing, 3, sent=1)
    await mailing.pass_time(timedelta(hours=3), working=False)
    await mailing.here_beats()

    await mailing.press((await mailing.cards())[-1], Verb.EDIT, text="Closed after all.")
    await mailing.press(await mailing.card(), Verb.APPROVE)
    for _ in range(4):
        await mailing.carry_on(PACE)

    assert [mail.to[0] for mail in witness.sent] == [
        "reader1@readers.example",
        "reader2@readers.example",
        "reader3@readers.example",
    ]
    assert ["Closed" in mail.body for mail in witness.sent] == [False, True, True]


async def test_no_while_they_leave_takes_back_the_rest(mailing: Desk, witness: Smtp):
    card = await on_its_way(mailing, 3, sent=1)

    outcome = await mailing.press(card, Verb.REJECT)
    await mailing.carry_on(timedelta(minutes=1))

    assert "The other 2 are taken back." in outcome.text
    assert len(witness.sent) == 1


async def test_try_again_tries_every_part_that_was_refused(mailing: Desk, witness: Smtp):
    witness.rules.refuse = {"*": 550}
    card = await on_its_way(mailing, 2, sent=2)
    assert await mailing.state(card) is State.FAILED
    witness.rules.refuse = None

    outcome = await mailing.press((await mailing.cards())[-1], Verb.RETRY)
    for _ in range(2):
        await mailing.carry_on(PACE)

    assert outcome.text == "Trying again."
    assert len(witness.sent) == 2
    assert await mailing.state(card) is State.DONE


@pytest.mark.parametrize("verb", [Verb.TAKE, Verb.REJECT])
async def test_before_the_yes_it_is_decided_like_any_other(desk: Desk, verb: Verb):
    card = await desk.propose(mails_to(2))

    assert (await desk.press(card, verb)).accepted
