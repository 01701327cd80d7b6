import pytest

from memory.records.action import State
from memory.records.decision import Verb
from tests.doubles.builders import Desk, a_mail_to
from tests.doubles.smtp import Smtp
from tests.doubles.smtp_server import Mode


async def test_no_puts_a_card_away(desk: Desk):
    card = await desk.propose()

    outcome = await desk.press(card, Verb.REJECT)

    assert (outcome.text, await desk.state(card)) == (
        "Put away. Nothing was sent.",
        State.REJECTED,
    )


async def test_i_do_it_myself_takes_it_out_of_stewards_hands(desk: Desk):
    card = await desk.propose()

    outcome = await desk.press(card, Verb.TAKE)

    assert (outcome.accepted, await desk.state(card)) == (True, State.TAKEN)


async def test_an_approval_says_when_it_leaves(desk: Desk):
    card = await desk.propose(a_mail_to(hold_s=60))

    outcome = await desk.press(card, Verb.APPROVE)

    assert outcome.text.startswith("Leaves at 09:01:")


async def test_send_after_all_sends_what_was_taken_back(mailing: Desk, witness: Smtp):
    card = await mailing.propose()
    await mailing.press(card, Verb.APPROVE)
    await mailing.press(card, Verb.UNDO)

    again = await mailing.press(await mailing.shown(card.notice.id), Verb.SEND)
    await mailing.look()
    await mailing.act()

    assert again.accepted
    assert len(witness.sent) == 1
    assert (await mailing.action(card)).revision == 2


async def test_it_was_sent_settles_a_doubt(mailing: Desk, witness: Smtp):
    witness.rules.mode = Mode.DROP_AT_DOT
    card = await mailing.propose()
    await mailing.press(card, Verb.APPROVE)
    await mailing.look()
    await mailing.act()

    outcome = await mailing.press(card, Verb.SENT)

    done = await mailing.action(card)
    assert outcome.text == "Noted: it was sent."
    assert done.receipt is not None
    assert (done.state, done.receipt.outcome) == (State.DONE, "owner_sent")


async def test_send_again_after_a_doubt_is_a_new_mail(mailing: Desk, witness: Smtp):
    witness.rules.mode = Mode.DROP_AT_DOT
    card = await mailing.propose()
    await mailing.press(card, Verb.APPROVE)
    await mailing.look()
    await mailing.act()
    witness.rules.mode = Mode.ACCEPT

    await mailing.press(await mailing.shown(card.notice.id), Verb.SEND)
    await mailing.look()
    await mailing.act()

    first, second = 1, (await mailing.action(card)).revision
    assert (first, second, len(witness.sent)) == (1, 2, 1)


async def test_closing_a_doubt_does_nothing_more(mailing: Desk, witness: Smtp):
    witness.rules.mode = Mode.DROP_AT_DOT
    card = await mailing.propose()
    await mailing.press(card, Verb.APPROVE)
    await mailing.look()
    await mailing.act()

    outcome = await mailing.press(card, Verb.CANCEL)
    await mailing.look()
    await mailing.act()

    assert (outcome.accepted, await mailing.state(card)) == (True, State.FAILED)
    assert witness.sent == ()


async def test_a_closed_doubt_is_never_tried_again_under_the_same_name(
    mailing: Desk, witness: Smtp
):
    witness.rules.mode = Mode.ACCEPT_THEN_DROP
    card = await mailing.propose()
    await mailing.press(card, Verb.APPROVE)
    await mailing.look()
    await mailing.act()
    await mailing.press(card, Verb.CANCEL)
    witness.rules.mode = Mode.ACCEPT

    outcome = await mailing.press(await mailing.shown(card.notice.id), Verb.RETRY)
    await mailing.look()
    await mailing.act()

    assert not outcome.accepted
    assert len(witness.sent) == 1


async def test_try_again_tries_at_once(mailing: Desk, witness: Smtp):
    witness.rules.refuse = {"*": 451}
    card = await mailing.propose()
    await mailing.press(card, Verb.APPROVE)
    await mailing.look()
    await mailing.act()
    witness.rules.refuse = None

    outcome = await mailing.press(card, Verb.RETRY)
    await mailing.act()

    assert outcome.text == "Trying again."
    assert await mailing.state(card) is State.DONE


@pytest.mark.parametrize(
    ("first", "then", "said"),
    [
        (Verb.REJECT, Verb.APPROVE, "You already said no to this one. Nothing was sent."),
        (Verb.TAKE, Verb.APPROVE, "You took this one yourself."),
        (Verb.APPROVE, Verb.TAKE, "Already approved 09:00 on the page."),
        (Verb.APPROVE, Verb.EDIT, "Already approved 09:00 on the page."),
        (Verb.REJECT, Verb.UNDO, "You already said no to this one. Nothing was sent."),
        (Verb.REJECT, Verb.SENT, "You already said no to this one. Nothing was sent."),
        (Verb.REJECT, Verb.RETRY, "You already said no to this one. Nothing was sent."),
    ],
)
async def test_a_second_decision_hears_what_the_first_was(
    desk: Desk, first: Verb, then: Verb, said: str
):
    card = await desk.propose()
    await desk.press(card, first)

    outcome = await desk.press(card, then, text="other words")

    assert (outcome.accepted, outcome.text) == (False, said)


async def test_a_verb_that_decides_nothing_is_refused(desk: Desk):
    card = await desk.propose()

    outcome = await desk.press(card, Verb.OPEN)

    assert (outcome.accepted, outcome.text) == (False, "That can't be decided here.")
