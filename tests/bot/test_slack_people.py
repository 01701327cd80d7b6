"""People of another workspace are nobody; an author has a name as far as Slack tells it."""

import asyncio

import pytest

from bot.slack_client import Identity
from bot.slack_people import author, stranger_in
from tests.bot.slack_chat import Chat
from tests.doubles.slack import Slack, broken_before

HERE = Identity(team="T1", enterprise="E1", user="U0", bot="B0", address="https://x.example/")


@pytest.mark.parametrize(
    "body",
    [
        {"team_id": "T2"},
        {"team_id": "T1", "event": {"user_team": "T2"}},
        {"team_id": "T1", "event": {"source_team": "T2"}},
        {"team_id": "T1", "event": {"message": {"team": "T2"}}},
        {"team": {"id": "T1"}, "user": {"id": "U1", "team_id": "T2"}},
    ],
)
def test_anybody_of_another_workspace_is_a_stranger(body):
    assert stranger_in(body, HERE)


@pytest.mark.parametrize(
    "body",
    [
        {"team_id": "T1", "event": {"team": "T1", "message": {"user_team": "T1"}}},
        {"team": {"id": "T1"}, "user": {"team_id": "E1"}},
    ],
)
def test_our_own_people_are_not(body):
    assert not stranger_in(body, HERE)


async def test_an_author_has_name_and_address(chat: Chat, slack: Slack):
    slack.person("U222", "Tom Becker", email="tom@northwind.example")
    client = chat.door._client

    assert await author(client, {"user": "U222"}) == "Tom Becker <tom@northwind.example>"
    assert await author(client, {"username": "A bot"}) == "A bot"
    assert await author(client, {"user": "U404"}) == ""


async def test_the_shortcut_files_what_somebody_wrote(chat: Chat, slack: Slack):
    tom = slack.person("U222", "Tom Becker", email="tom@northwind.example")
    wrote = await tom.say("Could you send the hosting quote by Friday?")
    await slack.settled()
    slack.fail("users.info", broken_before())

    answer = await chat.dana.shortcut(wrote)
    async with asyncio.timeout(5):
        while not await chat.house.sources():  # noqa: ASYNC110 - another task commits it
            await asyncio.sleep(0.02)

    (source,) = await chat.house.sources()
    assert answer.acknowledged
    assert source.forwarded
    assert "From: Tom Becker <tom@northwind.example>\n" in source.text
    assert source.text.endswith("Could you send the hosting quote by Friday?")
    assert source.chat == chat.dana.chat.id
