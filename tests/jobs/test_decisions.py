import asyncio
from datetime import timedelta

from memory import tables
from memory.records.action import State
from memory.records.decision import Decision, Verb
from tests.doubles.builders import Desk, a_mail_to
from tests.doubles.smtp import Smtp


async def test_a_press_that_is_delivered_twice_decides_once(desk: Desk):
    card = await desk.propose()

    first = await desk.press(card, Verb.APPROVE, native_id="callback 7")
    again = await desk.press(card, Verb.APPROVE, native_id="callback 7")

    assert first.accepted
    assert (again.accepted, again.text) == (True, first.text)
    assert len(await desk.rows(tables.decision)) == 1


async def test_two_presses_at_the_same_moment_send_one_mail(mailing: Desk, witness: Smtp):
    card = await mailing.propose()

    outcomes = await asyncio.gather(*(mailing.press(card, Verb.APPROVE) for _ in range(8)))
    await mailing.look()
    await mailing.act()

    assert [one.accepted for one in outcomes].count(True) == 1
    refused = next(one.text for one in outcomes if not one.accepted)
    assert refused == "Already approved 09:00 on the page."
    assert len(witness.sent) == 1


async def test_a_no_right_after_a_yes_takes_it_back(desk: Desk):
    card = await desk.propose()

    outcomes = await asyncio.gather(desk.press(card, Verb.APPROVE), desk.press(card, Verb.REJECT))

    assert [one.accepted for one in outcomes] == [True, True]
    assert await desk.state(card) is State.CANCELLED


async def test_an_edit_supersedes_and_the_old_buttons_are_dead(mailing: Desk, witness: Smtp):
    card = await mailing.propose()

    edited = await mailing.press(card, Verb.EDIT, text="Hi Marta,\n\n1,300 EUR.\n\nDana")
    stale = await mailing.press(card, Verb.APPROVE)
    assert edited.notice is not None
    fresh = await mailing.shown(edited.notice)
    approved = await mailing.press(fresh, Verb.APPROVE)
    await mailing.look()
    await mailing.act()

    assert (stale.accepted, "superseded" in stale.text) == (False, True)
    assert fresh.action is not None
    assert fresh.action.rationale == "", "the reason was about the other text"
    assert approved.accepted
    assert [one.body for one in witness.sent] == ["Hi Marta,\n\n1,300 EUR.\n\nDana\n"]


async def test_a_card_that_shows_something_else_is_refused(desk: Desk):
    card = await desk.propose()

    outcome = await desk.press(card, Verb.APPROVE, digest="0" * 64)

    assert not outcome.accepted
    assert await desk.state(card) is State.AWAITING


async def test_a_card_is_too_old_after_its_days_even_before_the_clock_was_looked_at(desk: Desk):
    card = await desk.propose()
    await desk.pass_time(timedelta(days=8))

    outcome = await desk.press(card, Verb.APPROVE)

    assert (outcome.accepted, outcome.text) == (
        False,
        "That card is too old to act on; nothing was sent.",
    )


async def test_a_refused_decision_has_changed_nothing_but_is_remembered(desk: Desk):
    card = await desk.propose()
    before = await desk.action(card)

    outcome = await desk.press(card, Verb.EDIT, text="   ")

    assert not outcome.accepted
    assert await desk.action(card) == before
    assert [(one.verb, one.accepted) for one in await desk.rows(tables.decision)] == [
        ("edit", False)
    ]


async def test_a_card_nobody_knows_is_answered_in_words(desk: Desk):
    decision = Decision(notice="note_nowhere", verb=Verb.APPROVE, door="local", actor="owner")

    outcome = await desk.outbox.decide(decision)

    assert (outcome.accepted, outcome.text) == (False, "I can't find that card any more.")


async def test_every_press_is_in_a_ledger_that_holds(desk: Desk):
    card = await desk.propose(a_mail_to(from_address=""))
    await desk.press(card, Verb.APPROVE)
    await desk.press(card, Verb.APPROVE)

    assert await desk.is_ledger_true()
