"""Nothing is acknowledged before it is committed, by socket and by request."""

import asyncio
import sqlite3

import pytest

from memory.errors import Refused
from tests.bot.slack_chat import a_chat, at_work
from tests.doubles.slack import broken_before


async def test_a_message_is_committed_before_it_is_acknowledged(data, slack):
    async with a_chat(data, slack, busy_s=0.05) as chat, at_work(chat.door):
        await chat.dana.sees("yours alone")
        await chat.quiet()
        slack.delivery.patience_s = 0.3
        lock = sqlite3.connect(data / "steward.db", isolation_level=None)
        lock.execute("BEGIN IMMEDIATE")
        await chat.dana.say("Note: thicker paper")
        await slack.until(lambda: slack.delivery.journal)
        lock.execute("ROLLBACK")
        lock.close()
        await slack.settled()

        acknowledged = [one.acknowledged for one in slack.delivery.journal]

        assert acknowledged[0] is False
        assert acknowledged[-1] is True
        assert await chat.texts() == ["Note: thicker paper"]


async def test_a_request_that_was_not_committed_is_answered_503(data, slack):
    async with a_chat(data, slack, busy_s=0.05, by_request=True) as chat, at_work(chat.door):
        await chat.dana.sees("yours alone")
        await chat.quiet()
        notice = await chat.house.put_card()
        card = await chat.shows("Reply to Marta", button="Approve")
        await chat.quiet()
        lock = sqlite3.connect(data / "steward.db", isolation_level=None)
        lock.execute("BEGIN IMMEDIATE")
        answer = await chat.dana.press(card, "Approve")
        lock.execute("ROLLBACK")
        lock.close()

        assert (answer.acknowledged, answer.status) == (False, 503)
        assert await chat.house.state_of(notice) == "awaiting"


async def test_what_comes_after_a_restart_is_not_lost(closed, slack):
    async with at_work(closed.door):
        await closed.dana.sees("yours alone")
    slack.delivery.patience_s = 0.5

    await closed.dana.say("while you were away")
    await asyncio.sleep(0.05)
    async with at_work(closed.another_door()):
        await slack.settled()

        assert await closed.texts() == ["while you were away"]


async def test_a_broken_line_is_opened_again(data, slack):
    async with a_chat(data, slack) as chat, at_work(chat.door):
        await chat.dana.sees("yours alone")
        await slack.delivery.refresh()
        await slack.until(lambda: len(slack.calls("apps.connections.open")) >= 2)
        await chat.dana.say("still there?")
        await slack.settled()

        assert await chat.texts() == ["still there?"]


@pytest.mark.parametrize(
    ("tokens", "sentence"),
    [
        ({"bot_token": "xoxb-old"}, "does not accept the token of your app"),
        ({"app_token": "xapp-old"}, "does not accept the app-level token"),
        ({"app_token": ""}, "neither an app-level token nor a signing secret"),
    ],
    ids=["bot token", "app token", "no way in"],
)
async def test_a_wrong_token_is_refused_with_the_next_step(data, slack, tokens, sentence):
    async with a_chat(data, slack, **tokens) as chat:
        with pytest.raises((Refused, ExceptionGroup)) as raised:
            async with asyncio.timeout(5):
                await chat.door.run()

    trouble = raised.value
    while isinstance(trouble, ExceptionGroup):
        trouble = trouble.exceptions[0]
    assert isinstance(trouble, Refused)
    assert sentence in trouble.sentence
    assert "config.toml" in trouble.hint


async def test_a_line_that_breaks_is_mended_in_silence(chat, slack):
    before = await chat.house.told()
    slack.fail("apps.connections.open", broken_before())
    await slack.delivery.drop()
    await chat.dana.say("still there?")
    await slack.settled()

    assert await chat.texts() == ["still there?"]
    assert await chat.house.told() == before


async def test_an_app_token_that_is_taken_away_closes_the_door(closed, slack):
    running = asyncio.create_task(closed.door.run())
    await closed.dana.sees("yours alone")
    slack.refuses_socket = True
    await slack.delivery.drop()

    with pytest.RaisesGroup(pytest.RaisesExc(Refused, match="app-level token")):
        async with asyncio.timeout(10):
            await running
