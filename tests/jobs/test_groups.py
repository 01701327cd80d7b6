from datetime import timedelta

import pytest

from jobs import claims, groups
from memory import tables
from memory.canonical import canonical
from memory.errors import Stale, Unavailable
from memory.records.action import Action, State
from memory.records.change import Change
from memory.records.decision import Outcome, Verb
from memory.records.mail_many import MailMany
from memory.records.notice import Shown
from memory.records.task import Task
from tests.doubles.builders import Desk, a_mail_to, mails_to
from tests.doubles.smtp import Smtp
from tests.doubles.smtp_server import Mode

PACE = timedelta(seconds=5)


async def approved(desk: Desk, count: int = 3, **fields: object) -> Shown:
    card = await desk.propose(mails_to(count, **fields), heading="Spring opening")
    await desk.press(card, Verb.APPROVE)
    return await desk.shown(card.notice.id)


async def parts(desk: Desk, card: Shown) -> tuple[Action, ...]:
    whole = await desk.action(card)
    async with desk.company.store.read() as connection:
        return await groups.parts(connection, whole)


async def undo(desk: Desk, card: Shown) -> Outcome:
    return await desk.press(await desk.shown(card.notice.id), Verb.UNDO)


async def test_one_yes_makes_an_action_for_each_with_a_key_of_its_own(desk: Desk):
    found = await parts(desk, await approved(desk, hold_s=60))

    assert {one.state for one in found} == {State.HELD}
    assert len({one.key for one in found}) == 3
    assert [one.effect.recipients() for one in found] == [
        ("reader1@readers.example",),
        ("reader2@readers.example",),
        ("reader3@readers.example",),
    ]
    assert {one.approved_by for one in found} == {"local owner"}


async def test_each_leaves_alone_under_its_own_name_one_after_the_other(
    mailing: Desk, witness: Smtp
):
    card = await approved(mailing)
    for _ in range(3):
        await mailing.carry_on(PACE)

    done = await parts(mailing, card)
    assert [mail.to for mail in witness.sent] == [
        ("reader1@readers.example",),
        ("reader2@readers.example",),
        ("reader3@readers.example",),
    ]
    ids = [one.receipt.message_id for one in done if one.receipt]
    assert len(set(ids)) == 3
    whole = await mailing.action(card)
    assert whole.receipt is not None
    assert (whole.state, whole.receipt.answer) == (State.DONE, "3 of 3")
    assert await mailing.is_ledger_true()


async def test_a_part_that_was_changed_behind_the_yes_does_not_leave(mailing: Desk, witness: Smtp):
    card = await approved(mailing, hold_s=60)
    first = (await parts(mailing, card))[0]
    other = a_mail_to("audit@evil.example", body="everything")
    await mailing.change(tables.action, first.id, effect=canonical(other).decode())
    await mailing.pass_time(timedelta(seconds=61))
    await mailing.look()

    async def pass_marker(connection):
        part = (await groups.parts(connection, await _whole(connection, first)))[0]
        taken = await claims.claim_action(
            connection, mailing.company, part.id, 1, mailing.here.worker
        )
        assert taken is not None
        await claims.mark(connection, mailing.company, taken)

    with pytest.raises(Unavailable):
        await mailing.company.store.write(pass_marker)
    assert witness.sent == ()


async def _whole(connection, part: Action) -> Action:
    from jobs import states

    return await states.exact(connection, part.part_of or "", part.part_revision or 0)


async def test_undo_inside_the_hold_takes_all_of_them_back(mailing: Desk, witness: Smtp):
    card = await approved(mailing, hold_s=60)

    outcome = await undo(mailing, card)
    await mailing.carry_on(timedelta(minutes=5))

    assert outcome.text == "Taken back. Nothing left."
    assert {one.state for one in await parts(mailing, card)} == {State.CANCELLED}
    assert await mailing.state(card) is State.CANCELLED
    assert witness.sent == ()


async def test_undo_in_the_middle_says_who_got_it_and_offers_them_one_correction(
    mailing: Desk, witness: Smtp
):
    card = await approved(mailing)
    await mailing.carry_on()
    await mailing.carry_on(PACE)

    outcome = await undo(mailing, card)

    assert outcome.text == ("2 mails have left: Reader 1, Reader 2. The other 1 is taken back.")
    assert outcome.notice is not None
    offered = await mailing.shown(outcome.notice)
    assert offered.action is not None
    assert isinstance(offered.action.effect, MailMany)
    assert offered.action.effect.recipients() == (
        "reader1@readers.example",
        "reader2@readers.example",
    )
    ids = [one.receipt.message_id for one in await parts(mailing, card) if one.receipt]
    assert [one.in_reply_to for one in offered.action.effect.mails] == ids
    assert len(witness.sent) == 2


async def test_the_correction_leaves_one_by_one_too_and_closes_what_it_corrects(
    mailing: Desk, witness: Smtp
):
    card = await approved(mailing, 2)
    for _ in range(2):
        await mailing.carry_on(PACE)
    outcome = await undo(mailing, card)
    assert outcome.notice is not None
    await mailing.press(await mailing.shown(outcome.notice), Verb.APPROVE)

    for _ in range(3):
        await mailing.carry_on(PACE)

    assert len(witness.sent) == 4
    assert await mailing.state(card) is State.COMPENSATED


async def test_what_follows_from_it_follows_once_the_last_has_left(mailing: Desk):
    task = Task(what="Send opening", origin="src_1")
    await mailing.keep(task)
    done = task.changed(state="done")
    change = Change.to(done).model_copy(update={"before": task.data(), "base": 1})
    card = await mailing.propose(mails_to(2), then=(change,))
    await mailing.press(card, Verb.APPROVE)
    await mailing.carry_on()
    between = await mailing.records("task")

    await mailing.carry_on(PACE)

    assert (between, await mailing.records("task")) == ([task], [done])


async def test_a_doubt_about_one_gets_a_card_of_its_own_and_the_others_go_on(
    mailing: Desk, witness: Smtp
):
    card = await approved(mailing)
    witness.rules.mode = Mode.ACCEPT_THEN_DROP
    await mailing.carry_on()
    witness.rules.mode = Mode.ACCEPT
    for _ in range(3):
        await mailing.carry_on(PACE)

    doubt = await mailing.card()
    assert doubt.action is not None
    assert (doubt.action.state, doubt.action.part_of) == (State.UNKNOWN, card.notice.action)
    shown = await mailing.shown(card.notice.id)
    assert shown.tally is not None
    assert (shown.tally.sent, shown.tally.unsure) == (2, 1)
    assert await mailing.state(card) is State.READY
    await mailing.press(doubt, Verb.SENT)
    await mailing.look()
    assert await mailing.state(card) is State.DONE


async def test_one_that_is_sent_again_after_a_doubt_stays_a_part(mailing: Desk, witness: Smtp):
    card = await approved(mailing, 2)
    witness.rules.mode = Mode.DROP_AT_DOT
    await mailing.carry_on()
    witness.rules.mode = Mode.ACCEPT
    await mailing.press(await mailing.card(), Verb.SEND)

    for _ in range(3):
        await mailing.carry_on(PACE)

    shown = await mailing.shown(card.notice.id)
    assert shown.tally is not None
    assert (shown.tally.sent, len(witness.sent)) == (2, 2)
    assert await mailing.state(card) is State.DONE


async def test_a_server_that_is_away_rings_once_for_all_of_them(mailing: Desk, witness: Smtp):
    witness.rules.refuse = {"*": 451}
    await approved(mailing)
    for _ in range(3):
        await mailing.carry_on(PACE)

    cards = [one for one in await mailing.cards() if one.notice.kind == "card"]
    assert len(cards) == 2
    assert cards[0].outdone
    shown = cards[1]
    assert shown.tally is not None
    assert 'said "not now"' in shown.tally.trouble


async def test_after_a_long_absence_one_card_asks_about_all_that_is_left(
    mailing: Desk, witness: Smtp
):
    card = await approved(mailing)
    await mailing.here_beats()
    await mailing.carry_on()
    await mailing.pass_time(timedelta(hours=3), working=False)
    await mailing.here_beats()
    await mailing.carry_on()

    cards = [one for one in await mailing.cards() if one.notice.kind == "card"]
    assert len(cards) == 2
    late = cards[1]
    assert late.tally is not None
    assert (late.tally.sent, late.tally.asking, len(witness.sent)) == (1, 2, 1)
    await mailing.press(late, Verb.SEND)
    for _ in range(3):
        await mailing.carry_on(PACE)
    assert len(witness.sent) == 3
    assert await mailing.state(card) is State.DONE


async def test_no_to_what_asks_again_leaves_what_has_left_as_it_is(mailing: Desk, witness: Smtp):
    card = await approved(mailing)
    await mailing.here_beats()
    await mailing.carry_on()
    await mailing.pass_time(timedelta(hours=3), working=False)
    await mailing.here_beats()

    outcome = await mailing.press((await mailing.cards())[-1], Verb.REJECT)
    await mailing.carry_on(timedelta(hours=1))

    assert outcome.accepted
    shown = await mailing.shown(card.notice.id)
    assert shown.tally is not None
    assert (shown.tally.sent, shown.tally.cancelled, len(witness.sent)) == (1, 2, 1)
    assert await mailing.state(card) is State.DONE


async def test_nobody_is_left_once_everybody_got_it(mailing: Desk):
    card = await approved(mailing, 1)
    await mailing.carry_on()
    whole = await mailing.action(card)

    async with mailing.company.store.read() as connection:
        with pytest.raises(Stale):
            await groups.remaining(connection, whole)
