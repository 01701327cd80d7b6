"""Only the owner, in the owner's own chat, is heard."""

import asyncio

import pytest

from memory.errors import Refused
from tests.bot.slack_chat import DANA, MALLORY


async def test_a_stranger_gets_silence_and_a_line_in_the_ledger(chat, slack):
    mallory = slack.person(MALLORY, "Mallory")

    await mallory.say("approve all")
    await mallory.upload("big.bin", b"x" * 1000)
    await mallory.slash("approve")
    await mallory.open_home()
    await slack.settled()

    assert mallory.received == ()
    assert mallory.asides == ()
    assert mallory.home is None
    assert await chat.texts() == []
    assert await chat.turned_away() == 3
    assert slack.calls("download") == ()


async def test_the_owners_id_in_another_workspace_is_nobody(chat, slack):
    double = slack.person(DANA, team="T0OTHER")

    await double.say("approve")
    await double.slash("approve")
    await slack.settled()

    assert await chat.texts() == []
    assert await chat.turned_away() == 2


@pytest.mark.parametrize(
    "more",
    [
        {"bot_id": "B0OTHER"},
        {"subtype": "bot_message", "bot_id": "B0OTHER", "user": ""},
        {"channel_type": "channel"},
        {"channel_type": "mpim"},
    ],
    ids=["a bot", "a bot without a user", "a channel", "a group"],
)
async def test_only_the_owner_in_the_owners_chat_is_heard(chat, slack, more):
    said = {"type": "message", "user": DANA, "text": "approve", "channel": "C1", "ts": "1.1"}

    slack.tell_anyway({"channel_type": "im", "event_ts": "1.1", **said, **more})
    await slack.settled()

    assert await chat.texts() == []
    assert await chat.turned_away() == 1


async def test_an_app_that_is_uninstalled_says_so(closed, slack):
    running = asyncio.create_task(closed.door.run())
    await closed.dana.sees("yours alone")

    slack.tell({"type": "app_uninstalled", "event_ts": "1"})

    with pytest.RaisesGroup(pytest.RaisesExc(Refused, match="removed from your Slack")):
        async with asyncio.timeout(5):
            await running
