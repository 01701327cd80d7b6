from jobs import tally
from memory.records.decision import Verb
from memory.records.notice import Shown
from memory.records.tally import Tally
from tests.doubles.builders import Desk, a_mail_to, mails_to
from tests.doubles.smtp import Smtp


async def counted(desk: Desk, card: Shown) -> Tally | None:
    action = await desk.action(card)
    async with desk.company.store.read() as connection:
        return await tally.of(connection, action)


async def held(desk: Desk) -> Tally:
    async with desk.company.store.read() as connection:
        return (await tally.held(connection)).tally


async def test_an_action_without_parts_has_no_tally(desk: Desk):
    assert await counted(desk, await desk.propose()) is None


async def test_before_the_yes_nothing_is_counted_yet(desk: Desk):
    assert await counted(desk, await desk.propose(mails_to(3))) == Tally(total=3)


async def test_it_counts_what_the_server_took(mailing: Desk, witness: Smtp):
    card = await mailing.propose(mails_to(3))
    await mailing.press(card, Verb.APPROVE)
    await mailing.carry_on()

    found = await counted(mailing, card)

    assert found is not None
    assert (found.sent, found.waiting, len(witness.sent)) == (1, 2, 1)
    assert found.last_at is not None


async def test_what_is_only_written_is_not_counted_as_sent(desk: Desk):
    card = await desk.propose(mails_to(1, mails=(a_mail_to(from_address=""),)))
    await desk.press(card, Verb.APPROVE)
    await desk.carry_on()

    found = await counted(desk, card)

    assert found is not None
    assert (found.sent, found.written) == (0, 1)


async def test_what_is_held_counts_parts_and_single_ones_and_no_whole(mailing: Desk):
    one = await mailing.propose(a_mail_to(hold_s=60))
    await mailing.press(one, Verb.APPROVE)
    many = await mailing.propose(mails_to(3))
    await mailing.press(many, Verb.APPROVE)
    await mailing.carry_on()

    found = await held(mailing)

    assert (found.sent, found.waiting) == (1, 3)


async def test_what_is_held_changes_its_mark_with_every_new_yes(mailing: Desk):
    async with mailing.company.store.read() as connection:
        before = (await tally.held(connection)).bound
    await mailing.press(await mailing.propose(a_mail_to(hold_s=60)), Verb.APPROVE)

    async with mailing.company.store.read() as connection:
        assert (await tally.held(connection)).bound != before
