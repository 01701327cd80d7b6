"""What Slack's refusals mean to us, and what we never say."""

import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.slack_client import Declined, SlackClient, Unanswered
from memory.config import Slack as SlackConfig
from memory.errors import Refused, Unavailable
from tests.doubles.slack import Fault, Slack, broken_after, broken_before, too_many


@pytest.fixture
async def client(slack: Slack):
    made = SlackClient(
        SlackConfig.model_validate({"bot_token": slack.bot_token, "api_url": slack.url})
    )
    slack.person("U111")
    yield made
    await made.close()


async def say(client: SlackClient, text: str = "hello", chat: str = "D0111"):
    return await client.call("chat_postMessage", channel=chat, text=text)


async def test_who_we_are(client: SlackClient):
    identity = await client.identity()

    assert (identity.team, identity.user, identity.bot) == ("T0REYES", "U0STEWARD", "B0STEWARD")


async def test_slow_down_carries_how_long(client: SlackClient, slack: Slack):
    slack.fail("chat.postMessage", too_many(7))

    with pytest.raises(Unavailable) as raised:
        await say(client)

    assert raised.value.retry_after == timedelta(seconds=7)
    assert not isinstance(raised.value, Unanswered)


@pytest.mark.parametrize("fault", [broken_before(), broken_after(), Fault(200, code="fatal_error")])
async def test_what_may_have_happened_is_named_so_and_not_tried_again_here(
    client: SlackClient, slack: Slack, fault: Fault
):
    slack.fail("chat.postMessage", fault)

    with pytest.raises(Unanswered):
        await say(client)

    assert len(slack.calls("chat.postMessage")) == 1


async def test_a_server_that_is_not_there_is_waited_for():
    client = SlackClient(
        SlackConfig.model_validate({"bot_token": "xoxb-1", "api_url": "http://127.0.0.1:9"})
    )

    with pytest.raises(Unavailable):
        await client.identity()


async def test_a_no_has_slacks_own_word(client: SlackClient):
    with pytest.raises(Declined) as raised:
        await say(client, chat="D404")

    assert raised.value.code == "channel_not_found"
    assert not client.breaks.is_set()


@pytest.mark.parametrize("code", ["invalid_auth", "account_inactive", "token_revoked"])
async def test_what_only_the_owner_can_mend_breaks_the_door(
    client: SlackClient, slack: Slack, code: str
):
    slack.fail("chat.postMessage", Fault(200, code=code))

    with pytest.raises(Refused, match="does not accept the token"):
        await say(client)

    assert client.broken is not None
    assert "config.toml" in client.broken.hint


async def test_a_missing_permission_is_named(client: SlackClient, slack: Slack):
    slack.manifest = replace(slack.manifest, scopes=slack.manifest.scopes - {"chat:write"})

    with pytest.raises(Refused, match="lacks the permission chat:write"):
        await say(client)


async def test_neither_token_nor_text_is_ever_logged(client: SlackClient, slack: Slack, caplog):
    caplog.set_level(logging.DEBUG)
    slack.fail("chat.postMessage", broken_before())

    await client.identity()
    with pytest.raises(Unanswered):
        await say(client, "a secret between us")

    assert slack.bot_token not in caplog.text
    assert "a secret between us" not in caplog.text


@pytest.mark.parametrize("ending", ["", "/", "/api", "/api/"])
async def test_any_server_that_speaks_the_api_will_do(slack: Slack, ending: str):
    config = {"bot_token": slack.bot_token, "api_url": f"{slack.url}{ending}"}

    client = SlackClient(SlackConfig.model_validate(config))

    assert (await client.identity()).team == "T0REYES"
