"""What was written while nobody listened is taken in afterwards, once."""

import asyncio

from tests.bot.slack_chat import a_chat, at_work
from tests.doubles.slack import broken_before


async def until_said(chat, count: int) -> list[str]:
    async with asyncio.timeout(5):
        while len(await chat.texts()) < count:  # noqa: ASYNC110 - the door commits it
            await asyncio.sleep(0.02)
    return await chat.texts()


async def test_messages_that_slack_gave_up_on_are_read_in_order(closed, slack):
    async with at_work(closed.door):
        await closed.dana.sees("yours alone")
        await closed.dana.say("before")
        await slack.settled()
    slack.delivery.held = []
    await closed.dana.say("one")
    await closed.dana.say("two")

    async with at_work(closed.another_door()):
        texts = await until_said(closed, 3)

    assert texts == ["before", "one", "two"]


async def test_a_reply_in_a_cards_thread_is_not_missed(closed, slack):
    async with at_work(closed.door):
        await closed.dana.sees("yours alone")
        await closed.house.put_card()
        card = await closed.shows("Reply to Marta", button="Approve")
        await closed.quiet()
    slack.delivery.held = []
    await closed.dana.reply(card, "Hi Marta, it is 1,300 EUR. Dana")

    async with at_work(closed.another_door()):
        await closed.shows("it is 1,300 EUR", button="Approve")

    assert [one.verb for one in await closed.house.decisions()] == ["edit"]


async def test_what_comes_both_ways_is_taken_in_once(closed, slack):
    async with at_work(closed.door):
        await closed.dana.sees("yours alone")
    slack.delivery.held = []
    await closed.dana.say("one")

    async with at_work(closed.another_door()):
        await until_said(closed, 1)
        slack.delivery.release()
        await slack.settled()

        assert await closed.texts() == ["one"]


async def test_a_mail_that_was_sent_meanwhile_is_fetched(closed, slack):
    async with at_work(closed.door):
        await closed.dana.sees("yours alone")
    slack.delivery.held = []
    await closed.dana.upload("mail.eml", b"Subject: Hello\r\n\r\nHello.\r\n")

    async with at_work(closed.another_door()):
        await until_said(closed, 1)
        (source,) = await closed.house.sources()

    assert "mail.eml" in source.files


async def test_what_was_said_before_the_pairing_is_none_of_ours(data, slack):
    async with a_chat(data, slack) as chat:
        slack.delivery.held = []
        early = await chat.dana.say("before you were there")
        early.ts = "1600000000.000001"
        async with at_work(chat.door):
            await chat.dana.sees("yours alone")
            await slack.until(lambda: slack.calls("conversations.history"))

        assert await chat.texts() == []


async def test_slack_that_does_not_answer_is_asked_again(closed, slack):
    async with at_work(closed.door):
        await closed.dana.sees("yours alone")
    slack.delivery.held = []
    await closed.dana.say("one")
    slack.fail("conversations.history", broken_before(), times=2)

    async with at_work(closed.another_door()):
        assert await until_said(closed, 1) == ["one"]


async def test_a_new_socket_asks_what_was_said_meanwhile(chat, slack):
    slack.delivery.held = []
    await chat.dana.say("in between")

    await slack.delivery.refresh()

    assert await until_said(chat, 1) == ["in between"]
