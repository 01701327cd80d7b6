"""What the internet may send us: three paths, signed, and nothing before that is believed."""

import json
import time

import pytest

from bot.slack_hooks import PATHS
from tests.bot.served import a_served_house
from tests.bot.slack_chat import DANA, Chat, a_chat, at_work
from tests.doubles.slack import Slack
from tests.doubles.slack_delivery import encoded

FORM = "application/x-www-form-urlencoded"
SAID = {
    "type": "event_callback",
    "team_id": "T0REYES",
    "event_id": "Ev1",
    "event": {
        "type": "message",
        "channel_type": "im",
        "user": DANA,
        "text": "approve",
        "channel": "D0111",
        "ts": "1.1",
        "event_ts": "1.1",
    },
}


@pytest.fixture
async def served(data, slack):
    async with a_chat(data, slack, by_request=True) as chat, at_work(chat.door):
        await chat.dana.sees("yours alone")
        yield chat


async def post(slack: Slack, path: str, raw: bytes, **headers: str):
    return await slack.delivery.post(f"{slack.delivery.address}{path}", raw, headers)


async def test_a_signed_request_comes_through_a_proxy_with_another_name(served: Chat, slack):
    raw, _ = encoded("events_api", SAID)
    headers = {**slack.delivery.signed(raw), "Content-Type": "application/json"}

    answer = await post(
        slack, "/slack/events", raw, Host="steward.example", Origin="https://x.example", **headers
    )

    assert answer.status == 200
    assert await served.texts() == ["approve"]


@pytest.mark.parametrize("kind", ["none", "wrong", "old", "from tomorrow", "of another body"])
async def test_without_a_valid_signature_nothing_is_believed(served: Chat, slack, kind: str):
    raw, _ = encoded("events_api", SAID)
    signed = {
        "none": {},
        "wrong": {**slack.delivery.signed(raw), "X-Slack-Signature": "v0=" + "0" * 64},
        "old": slack.delivery.signed(raw, at=time.time() - 301),
        "from tomorrow": slack.delivery.signed(raw, at=time.time() + 86400),
        "of another body": slack.delivery.signed(raw + b" "),
    }[kind]

    for path in PATHS:
        answer = await post(slack, path, raw, **signed, **{"Content-Type": "application/json"})

        assert answer.status == 401
    assert await served.texts() == []


@pytest.mark.parametrize(
    ("raw", "content_type"),
    [
        (json.dumps({**SAID, "ssl_check": "1"}).encode(), "application/json"),
        (b"ssl_check=1&command=%2Fsteward&user_id=U111&text=approve", FORM),
        (b"\xff\xfe", "application/json"),
        (b"{", "application/json"),
    ],
    ids=["a check that says more", "the same as a form", "no text", "no json"],
)  # fmt: skip
async def test_no_odd_request_gets_past_the_signature(served: Chat, slack, raw, content_type):
    answer = await post(slack, "/slack/events", raw, **{"Content-Type": content_type})

    assert answer.status != 404
    assert await served.texts() == []


async def test_an_address_is_proven_to_slack(served: Chat, slack):
    raw = json.dumps({"type": "url_verification", "challenge": "c1"}).encode()
    headers = {**slack.delivery.signed(raw), "Content-Type": "application/json"}

    answer = await post(slack, "/slack/events", raw, **headers)

    assert answer.payload == {"challenge": "c1"}


async def test_a_large_request_is_not_read(served: Chat, slack):
    raw = b"x" * (1024 * 1024 + 1)

    answer = await post(slack, "/slack/events", raw, **slack.delivery.signed(raw))

    assert answer.status == 413


async def test_everything_else_still_wants_our_own_name(served: Chat, slack):
    raw = b"{}"

    for path, status in (("/api/say", 421), ("/door/say", 421), ("/slack/else", 404)):
        answer = await post(slack, path, raw, Host="steward.example", **slack.delivery.signed(raw))

        assert answer.status == status


async def test_while_the_door_is_closed_slack_shall_come_again(data, slack):
    async with a_chat(data, slack, by_request=True):
        raw, _ = encoded("events_api", SAID)

        answer = await post(slack, "/slack/events", raw, **slack.delivery.signed(raw))

        assert answer.status == 503


async def test_without_slack_there_are_no_such_paths(tmp_path):
    async with a_served_house(tmp_path) as served, served.stranger() as browser:
        for path in PATHS:
            assert (await browser.post(path, json={})).status_code == 404
