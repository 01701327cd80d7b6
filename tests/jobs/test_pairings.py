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


async def test_a_shut_chat_is_told_of_once_and_its_line_says_so_when_it_is_over(desk: Desk):
    pairing = await desk.outbox.pair("telegram", "111", "1")
    for _ in range(2):
        await desk.outbox.block(pairing, "You stopped me there.")
    (shut,) = await desk.outbox.pairings("telegram")
    told = await desk.texts()

    for _ in range(2):
        await desk.outbox.unblock(pairing)

    (opened,) = await desk.outbox.pairings("telegram")
    assert shut.blocked_at is not None
    assert told == ["You stopped me there."]
    assert opened.blocked_at is None
    assert await desk.texts() == [
        "You had stopped me on Telegram for a while; I write there again."
    ]
