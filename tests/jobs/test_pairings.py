from tests.doubles.builders import Desk


async def test_nobody_is_the_owner_before_somebody_is_paired(desk: Desk):
    assert await desk.outbox.pairings("telegram") == ()


async def test_a_paired_chat_sees_what_comes_after(desk: Desk):
    await desk.outbox.tell("before")

    pairing = await desk.outbox.pair("telegram", "111", "1")
    await desk.outbox.tell("after")

    due = await desk.outbox.due(pairing)
    assert [one.notice.text for one in due] == ["after"]


async def test_pairing_again_moves_the_chat_and_keeps_the_place(desk: Desk):
    first = await desk.outbox.pair("telegram", "111", "1")
    await desk.outbox.tell("a line")

    second = await desk.outbox.pair("telegram", "111", "2")

    assert (second.chat, second.since) == ("2", first.since)
    assert len(await desk.outbox.pairings("telegram")) == 1
    assert await desk.is_ledger_true()
