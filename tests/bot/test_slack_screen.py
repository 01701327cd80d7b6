"""Cards on Slack: sent once, changed in place, their files in the thread."""

from datetime import UTC, datetime

import pytest

from bot.adapter import Card
from bot.slack_client import Declined
from memory.errors import Unavailable
from tests.doubles.slack import Fault, broken_after, broken_before, too_many


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


def a_card(notice: str = "note_1", **fields: object) -> Card:
    made = {"notice": notice, "seq": 1, "says": "Filed.", "at": datetime(2036, 1, 1, tzinfo=UTC)}
    return Card.model_validate(made | fields)


@pytest.fixture
async def door(closed):
    """A door that is open for showing, Dana's chat beside it."""
    yield closed.door
    await closed.door._client.close()


async def test_a_card_whose_answer_was_lost_is_found_and_not_sent_again(closed, door, slack):
    chat = closed.dana.chat.id
    slack.fail("chat.postMessage", broken_after())
    with pytest.raises(Unavailable):
        await door.show(chat, a_card(), None)

    shown = await door.show(chat, a_card(), None)

    assert [one.ts for one in closed.dana.received] == [shown]


async def test_a_card_that_never_arrived_is_sent_again(closed, door, slack):
    chat = closed.dana.chat.id
    slack.fail("chat.postMessage", broken_before())
    with pytest.raises(Unavailable):
        await door.show(chat, a_card(), None)

    shown = await door.show(chat, a_card(), None)

    assert [one.ts for one in closed.dana.received] == [shown]


async def test_a_card_that_a_dead_process_sent_is_found(closed, door):
    old = a_card(at=datetime(2026, 1, 1, tzinfo=UTC))
    chat = closed.dana.chat.id
    first = await door.show(chat, old, None)

    again = closed.another_door()
    shown = await again.show(chat, old, None)
    await again._client.close()

    assert shown == first
    assert len(closed.dana.received) == 1


async def test_what_is_long_lies_in_the_thread_once_and_a_reply_there_is_to_the_card(
    closed, door, slack
):
    chat = closed.dana.chat.id
    long = a_card(says="word " * 1500)
    first = await door.show(chat, long, None)
    await door.show(chat, long, first)

    files = [one for one in closed.dana.received if one.files]

    assert [one.thread_ts for one in files] == [first]
    assert files[0].files[0].raw.decode().count("word") == 1500
    assert "in the file in this thread" in closed.dana.received[0].text


async def test_a_file_that_fails_does_not_send_the_card_twice(closed, door, slack):
    chat = closed.dana.chat.id
    long = a_card(says="word " * 1500)
    slack.fail("files.getUploadURLExternal", too_many(1))
    with pytest.raises(Unavailable):
        await door.show(chat, long, None)

    shown = await door.show(chat, long, None)

    assert [one.ts for one in closed.dana.received if not one.files] == [shown]
    assert len([one for one in closed.dana.received if one.files]) == 1


async def test_a_no_is_a_no(closed, door):
    with pytest.raises(Declined):
        await door.show("D404", a_card(), None)


async def test_a_line_aside_is_seen_by_one_and_kept_by_nobody(closed, door):
    chat = closed.dana.chat.id
    await door._screen.say_aside(chat, closed.dana.user, "Already <approved>.")

    assert closed.dana.asides == ("Already <approved>.",)
    assert closed.dana.received == ()


async def test_where_no_files_are_taken_the_whole_text_stands_in_the_thread(closed, door, slack):
    slack.fail("files.getUploadURLExternal", Fault(200, code="file_uploads_disabled"))
    long = " ".join(f"word{number}" for number in range(3000))

    first = await door.show(closed.dana.chat.id, a_card(says=long), None)

    thread = [one for one in closed.dana.received if one.thread_ts == first]
    written = "".join("".join(one.text.split()) for one in thread)
    assert len(thread) > 1
    assert "".join(long.split()) in written
