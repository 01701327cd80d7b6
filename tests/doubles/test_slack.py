"""The local Slack refuses, repeats and forgets as the real one does."""

import asyncio
from dataclasses import replace

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from tests.doubles.slack import Slack, broken_after, too_many


@pytest.fixture
async def slack():
    async with Slack() as server:
        server.person("U111")
        yield server


@pytest.fixture
def web(slack: Slack) -> AsyncWebClient:
    return AsyncWebClient(slack.bot_token, base_url=f"{slack.url}/api/", retry_handlers=[])


async def refusal(call) -> str:
    with pytest.raises(SlackApiError) as raised:
        await call
    return raised.value.response["error"]


async def test_a_message_is_posted_changed_and_found_again(slack: Slack, web: AsyncWebClient):
    about = {"event_type": "card", "event_payload": {"notice": "n1"}}
    sent = await web.chat_postMessage(channel="D0111", text="hello", metadata=about)
    await web.chat_update(channel="D0111", ts=str(sent["ts"]), text="goodbye")
    found = await web.conversations_history(channel="D0111", include_all_metadata=True)

    (message,) = slack.workspace.chats["D0111"].messages
    assert (message.text, message.edits) == ("goodbye", 1)
    assert [one["metadata"] for one in found["messages"] or ()] == [about]


@pytest.mark.parametrize(
    "block",
    [
        {"type": "section", "text": {"type": "plain_text", "text": "x" * 3001}},
        {"type": "section", "text": {"type": "plain_text", "text": ""}},
        {"type": "header", "text": {"type": "mrkdwn", "text": "x"}},
        {"type": "actions", "elements": []},
        {"type": "carousel"},
    ],
)
async def test_blocks_beyond_the_limits_are_refused(web: AsyncWebClient, block):
    call = web.chat_postMessage(channel="D0111", text="x", blocks=[block])

    assert await refusal(call) == "invalid_blocks"


async def test_what_the_manifest_does_not_grant_is_refused(slack: Slack, web: AsyncWebClient):
    slack.manifest = replace(slack.manifest, scopes=frozenset({"im:write"}))

    assert await refusal(web.chat_postMessage(channel="D0111", text="x")) == "missing_scope"


async def test_a_removed_app_may_do_nothing(slack: Slack, web: AsyncWebClient):
    slack.revoke()

    assert await refusal(web.auth_test()) == "account_inactive"
    assert await refusal(web.apps_connections_open(app_token=slack.app_token)) == "invalid_auth"


async def test_slow_down_and_a_lost_answer(slack: Slack, web: AsyncWebClient):
    slack.fail("chat.postMessage", too_many(3))
    with pytest.raises(SlackApiError) as slow:
        await web.chat_postMessage(channel="D0111", text="x")
    slack.fail("chat.postMessage", broken_after())
    with pytest.raises(SlackApiError):
        await web.chat_postMessage(channel="D0111", text="x")

    assert slow.value.response.headers["Retry-After"] == "3"
    assert len(slack.workspace.chats["D0111"].messages) == 1


async def test_a_trigger_opens_one_form(slack: Slack, web: AsyncWebClient):
    trigger = slack.workspace.trigger("U111")
    view = {
        "type": "modal",
        "title": {"type": "plain_text", "text": "Form"},
        "blocks": [{"type": "divider"}],
    }

    await web.views_open(trigger_id=trigger, view=view)

    assert await refusal(web.views_open(trigger_id=trigger, view=view)) == "exchanged_trigger_id"


async def test_a_file_is_uploaded_in_three_calls(slack: Slack, web: AsyncWebClient):
    sent = await web.chat_postMessage(channel="D0111", text="card")
    await web.files_upload_v2(
        channel="D0111", thread_ts=sent["ts"], filename="a.txt", content=b"all of it"
    )

    message = slack.workspace.chats["D0111"].messages[-1]
    assert [(one.name, one.raw) for one in message.files] == [("a.txt", b"all of it")]
    assert message.thread_ts == sent["ts"]


async def test_an_event_that_nobody_acknowledges_comes_four_times(slack: Slack):
    slack.delivery.patience_s = 0.1
    seen: list[int] = []
    async with asyncio.timeout(20):
        client = SocketModeClient(
            slack.app_token, web_client=AsyncWebClient(base_url=f"{slack.url}/api/")
        )

        async def listen(client, request):
            seen.append(request.retry_attempt or 0)

        client.socket_mode_request_listeners.append(listen)
        await client.connect()
        await slack.person("U111").say("hello")
        await slack.settled()
        await client.close()

    assert seen == [0, 1, 2, 3]
    assert [one.acknowledged for one in slack.delivery.journal] == [False] * 4


async def test_an_acknowledged_event_comes_once_unless_the_answer_is_lost(slack: Slack):
    seen: list[str] = []
    client = SocketModeClient(
        slack.app_token, web_client=AsyncWebClient(base_url=f"{slack.url}/api/")
    )

    async def listen(client, request):
        seen.append(request.payload["event"]["text"])
        await client.send_socket_mode_response(SocketModeResponse(request.envelope_id))

    client.socket_mode_request_listeners.append(listen)
    await client.connect()
    dana = slack.person("U111")
    await dana.say("one")
    await slack.settled()
    slack.delivery.lost_acks = 1
    await dana.say("two")
    await slack.settled()
    await client.close()

    assert seen == ["one", "two", "two"]


async def test_only_events_that_the_manifest_names_are_told(slack: Slack):
    slack.delivery.held = []
    slack.tell({"type": "app_mention", "event_ts": "1"})
    slack.tell({"type": "message", "channel_type": "channel", "event_ts": "1"})
    slack.tell({"type": "message", "channel_type": "im", "event_ts": "1"})

    assert len(slack.delivery.held) == 1
