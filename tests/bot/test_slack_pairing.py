"""A chat on Slack becomes the owner's by a code or by the configuration, and no other way."""

import pytest

from tests.bot.slack_chat import DANA, MALLORY, a_chat, at_work


async def test_a_code_pairs_once(data, slack):
    async with a_chat(data, slack, paired=False) as chat, at_work(chat.door):
        invitation = await chat.door.invitation()
        words = invitation.partition('"')[2].rstrip('"')
        thief = slack.person(MALLORY, "Mallory")
        await chat.dana.say(words)
        await chat.dana.sees("Hello Dana. This chat on Slack is now yours alone")
        await thief.say(words)
        await slack.settled()

        owners = [one.person for one in await chat.house.outbox.pairings("slack")]

        assert owners == [DANA]
        assert thief.received == ()
        assert words not in await chat.door.invitation()
        assert await chat.texts() == []


@pytest.mark.parametrize("text", ["pair", "pair wrong", "hello", "pair "])
async def test_without_the_code_nobody_is_paired(data, slack, text: str):
    async with a_chat(data, slack, paired=False) as chat, at_work(chat.door):
        await chat.door.invitation()
        await chat.dana.say(text)
        await slack.settled()

        assert await chat.house.outbox.pairings("slack") == ()
        assert chat.dana.received == ()


async def test_an_id_that_nobody_has_is_said(data, slack):
    async with a_chat(data, slack) as chat:
        del slack.workspace.people[DANA]
        async with at_work(chat.door):
            await chat.door.invitation()

            (said,) = await chat.house.told()

    assert said.startswith("There is nobody with the member id U111 on your Slack.")
