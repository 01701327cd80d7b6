"""The Slack door with the real clients: nothing lost, nothing twice, nobody else."""

import asyncio

import pytest

from memory.errors import Refused
from tests.bot.slack_chat import a_chat, at_work
from tests.doubles.slack import broken_before


@pytest.mark.parametrize("by_request", [False, True], ids=["by socket", "by request"])
async def test_a_message_a_press_a_form_and_a_command_are_taken_in(data, slack, by_request: bool):
    async with a_chat(data, slack, by_request=by_request) as chat, at_work(chat.door):
        said = await chat.dana.say("Note: thicker paper & <b>ink</b>, see https://ink.example")
        await chat.dana.until(lambda _: said.reactions)
        await chat.house.put_card()
        card = await chat.shows("Reply to Marta", button="Edit")
        await chat.dana.press(card, "Edit")
        await chat.dana.until(lambda dana: dana.modal)
        await chat.dana.submit("Hi Marta, it is 1,300 EUR. Dana")
        fresh = await chat.shows("it is 1,300 EUR", button="Approve")
        await chat.dana.press(fresh, "Approve")
        await chat.shows("Leaves at")
        await chat.dana.slash("find Marta")
        await slack.settled()

        assert said.reactions == ["ok_hand"]
        assert await chat.texts() == [
            "Note: thicker paper & <b>ink</b>, see https://ink.example",
            "find Marta",
        ]
        assert [one.verb for one in await chat.house.decisions()] == ["edit", "approve"]


async def test_a_removed_app_closes_the_door_with_one_sentence(closed, slack):
    running = asyncio.create_task(closed.door.run())
    await closed.dana.sees("yours alone")
    slack.revoke()
    await closed.house.outbox.tell("Filed.")
    closed.wake.set()

    # whichever parts of the door were just asking hear the same
    with pytest.raises(ExceptionGroup) as caught:
        async with asyncio.timeout(5):
            await running
    refused, others = caught.value.split(Refused)
    assert others is None
    assert refused is not None
    assert {str(one) for one in refused.exceptions} == {
        "Slack does not accept the token of your app."
    }


async def test_slack_that_does_not_answer_is_waited_for(data, slack):
    slack.fail("auth.test", broken_before(), times=2)
    async with a_chat(data, slack) as chat, at_work(chat.door):
        await chat.dana.sees("yours alone")

    assert len(slack.calls("auth.test")) == 3
