from datetime import timedelta

from jobs import notices, rings
from memory.records.notice import Shown
from tests.doubles.builders import Desk


async def tell(desk: Desk, text: str) -> str:
    async def work(connection) -> str:
        return await notices.tell(connection, desk.company, now=desk.now, text=text)

    return await desk.company.store.write(work)


async def test_notices_keep_their_order(desk: Desk):
    for text in ("one", "two", "three"):
        await tell(desk, text)

    assert await desk.texts() == ["one", "two", "three"]
    async with desk.company.store.read() as connection:
        last = await notices.every(connection, last=2)
    assert [one.notice.text for one in last] == ["two", "three"]


async def test_what_changes_gets_a_stamp_above_all_others(desk: Desk):
    first = await tell(desk, "one")
    await tell(desk, "two")

    async def work(connection) -> None:
        await notices.reword(connection, first, "uno")

    await desk.company.store.write(work)

    one, two = await desk.cards()
    assert one.notice.text == "uno"
    assert one.notice.stamp > two.notice.stamp


async def test_a_card_shows_its_action_as_it_is_now(desk: Desk):
    card = await desk.propose()

    await desk.press(card, "reject")

    again = await desk.shown(card.notice.id)
    assert again.action is not None
    assert again.action.state.value == "rejected"
    assert again.notice.stamp > card.notice.stamp


async def test_what_could_not_be_shown_is_due_again_later(desk: Desk):
    pairing = await desk.outbox.pair("telegram", "111", "1")
    await tell(desk, "one")
    (due,) = await desk.outbox.due(pairing)
    later = desk.now + timedelta(seconds=30)

    await desk.outbox.delivered(
        due.notice, pairing, message=None, shown="", trouble="429", due_at=later
    )
    quiet = await desk.outbox.due(pairing)
    await desk.pass_time(timedelta(seconds=31))

    assert quiet == ()
    assert [one.notice.text for one in await desk.outbox.due(pairing)] == ["one"]
    delivery = await desk.outbox.delivery(due.notice.id, "telegram", "1")
    assert delivery is not None
    assert (delivery.attempts, delivery.message) == (1, None)


async def trouble(desk: Desk, card: Shown, sentence: str) -> None:
    action = await desk.action(card)

    async def work(connection) -> None:
        await notices.ring(connection, desk.company, action, now=desk.now, trouble=sentence)

    await desk.company.store.write(work)


async def test_trouble_rings_with_a_newer_card_since_an_edited_one_makes_no_sound(desk: Desk):
    card = await desk.propose()
    await trouble(desk, card, "The power went.")

    first, second = await desk.cards()
    assert (first.outdone, second.outdone) == (True, False)
    assert (first.again, second.again) == (False, True)
    assert (first.notice.rings, second.notice.rings) == (False, True)
    assert second.notice.action == first.notice.action


async def test_the_same_trouble_with_several_mails_rings_once(desk: Desk):
    for _ in range(3):
        await trouble(desk, await desk.propose(), "Your mail server refused the password.")

    assert [one.notice.rings for one in await desk.cards()] == [False, True, False, False]


async def test_trouble_at_night_leaves_the_card_where_it_is_and_waits(desk: Desk):
    await desk.pass_time(timedelta(hours=12))
    card = await desk.propose()
    await trouble(desk, card, "The power went.")

    assert [one.notice.id for one in await desk.cards()] == [card.notice.id]
    async with desk.company.store.read() as connection:
        assert [one.notice for one in await rings.kept(connection)] == [card.notice.id]
