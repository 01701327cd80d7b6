"""Cards on Slack: sent once, changed in place, their files in the thread."""

from tests.doubles.slack import too_many


async def test_a_line_is_not_lost_when_slack_asks_to_slow_down(chat, slack):
    slack.fail("chat.postMessage", too_many(1))
    await chat.house.outbox.tell("first")
    await chat.house.outbox.tell("second")
    chat.wake.set()

    await chat.dana.sees("second")

    assert [one.text for one in chat.dana.received][-2:] == ["first", "second"]


async def test_a_card_that_somebody_deleted_is_sent_anew(chat):
    notice = await chat.house.put_card()
    card = await chat.shows("Reply to Marta", button="Approve")
    await chat.quiet()
    card.is_deleted = True

    await chat.dana.slash("approve")
    again = await chat.shows("Leaves at")

    assert again is not card
    assert await chat.house.state_of(notice) == "held"
