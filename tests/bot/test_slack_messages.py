"""What the owner writes on Slack is taken in once, whatever Slack's delivery does."""

import asyncio
import contextlib
import sqlite3
from datetime import datetime, timedelta

from jobs.outbox import Outbox
from memory.errors import Unavailable
from tests.bot.slack_chat import DANA, a_chat, at_work
from tests.doubles.slack import DOWNLOAD, broken_before

MAIL = b"From: Marta <marta@bluefincafe.example>\r\nSubject: Hello\r\n\r\nWe open on 3 April.\r\n"


async def test_an_event_that_comes_again_is_one_message(chat, slack):
    slack.delivery.lost_acks = 2
    await chat.dana.say("Note: thicker paper")
    await slack.settled()
    slack.delivery.twice = 1
    await chat.dana.say("Note: blue ink")
    await slack.settled()

    assert len(slack.delivery.journal) >= 5
    assert await chat.texts() == ["Note: thicker paper", "Note: blue ink"]


async def test_events_in_another_order_are_all_taken_in(chat, slack):
    slack.delivery.held = []
    await chat.dana.say("one")
    await chat.dana.say("two")
    slack.delivery.release(reverse=True)
    await slack.settled()

    assert sorted(await chat.texts()) == ["one", "two"]


async def test_a_first_try_that_never_arrived_does_not_make_the_second_a_repeat(chat, slack):
    event = {
        "type": "message",
        "channel_type": "im",
        "user": DANA,
        "text": "Note: thicker paper",
        "channel": chat.dana.chat.id,
        "ts": "1741600000.000200",
        "event_ts": "1741600000.000200",
    }
    body = {"type": "event_callback", "team_id": "T0REYES", "event": event, "event_id": "Ev9"}

    await slack.delivery._once("events_api", body, 2)

    assert await chat.texts() == ["Note: thicker paper"]


async def test_our_own_messages_are_no_news(chat, slack):
    own = {"type": "message", "user": "U0STEWARD", "bot_id": "B0STEWARD", "text": "Sent."}

    slack.tell_anyway({**own, "channel_type": "im", "channel": "D0111", "ts": "1", "event_ts": "1"})
    await slack.settled()

    assert await chat.texts() == []
    assert await chat.turned_away() == 0


async def test_a_reply_in_the_thread_becomes_the_new_text(chat):
    await chat.house.put_card()
    card = await chat.shows("Reply to Marta", button="Approve")
    await chat.quiet()

    await chat.dana.reply(card, "Hi Marta, it is 1,300 EUR. Dana")
    await chat.shows("it is 1,300 EUR", button="Approve")

    assert [one.verb for one in await chat.house.decisions()] == ["edit"]


async def test_the_command_is_a_message_from_anywhere(chat):
    answer = await chat.dana.slash("help")
    await chat.shows("/today")

    assert (answer.acknowledged, answer.payload) == (True, {})
    assert await chat.texts() == ["help"]


async def test_an_edited_message_is_heard_and_a_preview_is_not(chat, slack):
    said = await chat.dana.say("Note: thin paper")
    await slack.settled()
    await chat.dana.unfurl(said)
    await slack.settled()
    await chat.dana.edit(said, "Note: thick paper")
    await slack.settled()

    assert await chat.texts() == ["Note: thin paper", "Note: thick paper"]


class DiesBeforeTheAnswer(Outbox):
    """Everything is committed, and then the process dies."""

    async def accept(self, source, intents, written_at=None):
        await super().accept(source, intents, written_at)
        raise Unavailable("The power went.")


async def test_a_message_that_was_committed_but_not_acknowledged_changes_nothing(data, slack):
    async with a_chat(data, slack) as chat:
        async with at_work(chat.door):
            await chat.dana.sees("yours alone")
        slack.delivery.patience_s = 0.3
        dying = DiesBeforeTheAnswer(chat.house.company, chat.house.outbox._bell)
        async with at_work(chat.another_door(dying)):
            await chat.dana.say("Note: thicker paper")
            await slack.until(lambda: slack.delivery.journal)
        async with at_work(chat.another_door()):
            await slack.settled()

        assert await chat.texts() == ["Note: thicker paper"]


async def test_a_mail_in_a_file_is_taken_in_with_its_bytes(chat):
    said = await chat.dana.upload("mail.eml", MAIL)
    await chat.dana.until(lambda _: said.reactions)
    await until_committed(chat)

    (source,) = await chat.house.sources()

    assert source.label == "external"
    assert "mail.eml" in source.files
    assert said.reactions == ["ok_hand"]


async def test_a_voice_clip_is_kept_and_said(chat):
    await chat.dana.voice(b"audio")

    shown = await chat.shows("Your voice message is kept.")

    assert shown.text == (
        "Your voice message is kept. I can't listen to it yet; please type for me what it says."
    )


async def test_a_file_with_words_keeps_both(chat):
    await chat.dana.upload("logo.png", b"png", "image/png", text="Note: the new logo")
    await chat.shows("Your logo.png is kept.")

    assert await chat.texts() == ["Note: the new logo"]


async def test_a_message_that_waits_for_its_file_survives_a_restart(closed, slack):
    async with at_work(closed.door):
        await closed.dana.sees("yours alone")
        slack.fail(DOWNLOAD, broken_before(), times=1)
        await closed.dana.upload("mail.eml", MAIL)
        await slack.settled()
    before = len(await closed.house.sources())

    async with at_work(closed.another_door()):
        await until_committed(closed)

    assert before <= 1
    assert len(await closed.house.sources()) == 1


async def test_a_shared_message_is_passed_on(chat):
    await chat.dana.share("Tom Becker", "Call me tomorrow")
    await until_committed(chat)

    (source,) = await chat.house.sources()

    assert source.forwarded
    assert "From: Tom Becker" in source.text


async def until_committed(chat) -> None:
    """Wait until there is a message."""
    async with asyncio.timeout(5):
        while not await chat.house.sources():  # noqa: ASYNC110 - the door commits it
            await asyncio.sleep(0.02)


async def test_what_has_waited_for_us_brings_the_moment_it_was_written(chat, slack):
    written_at = chat.house.company.clock.now() - timedelta(hours=9)
    await chat.dana.say("Note: thicker paper", ts=f"{written_at.timestamp():.6f}")
    await slack.settled()

    (source,) = await chat.house.sources()
    kept = await chat.house.outbox.recall(f"written:{source.id}")
    assert kept is not None
    assert abs(datetime.fromisoformat(kept) - written_at) < timedelta(seconds=1)


async def test_stop_is_answered_at_once_although_the_database_takes_nothing(chat, slack):
    place = chat.house.company.data / "steward.db"
    with contextlib.closing(sqlite3.connect(place, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        await chat.dana.say("stop")
        await chat.dana.until(
            lambda dana: any("Nothing leaves" in one for one in dana.asides), within_s=10
        )
        held = chat.house.outbox.stopped()
        other.execute("ROLLBACK")
    await slack.settled()

    assert held
    assert chat.house.outbox.stopped()
