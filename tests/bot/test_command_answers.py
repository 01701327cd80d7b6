"""The answers to words of command, each from what the company's own rows say."""

import pytest

from bot.adapter import Inbound
from bot.command_answers import CommandAnswers
from bot.commands import MENU, Command, command_in
from memory.config import Config
from memory.records.action import State
from memory.records.decision import Verb
from tests.bot.house import House, a_house
from tests.house.words import assert_plain

DANA = "111"


@pytest.fixture
async def house(data):
    async with a_house(data, Config()) as house:
        yield house


async def asked(house: House, text: str) -> str | None:
    """What is answered to a word that the owner types."""
    command = command_in(text)
    assert command is not None
    inbound = Inbound(door="chat", native_id="m1", chat=DANA, person=DANA, text=text)
    answer = await CommandAnswers(house.company, house.outbox).to(inbound, command)
    assert_plain(answer or "")
    return answer


async def test_every_command_of_the_menu_is_answered_or_decides_about_a_card(house):
    silent = [name for name, _ in MENU if await asked(house, f"/{name}") is None]

    assert silent == ["undo", "stop"]


@pytest.mark.parametrize("verb", [Verb.APPROVE, Verb.REJECT, Verb.TAKE, Verb.UNDO, Verb.WHY])
async def test_what_decides_about_a_card_is_left_to_whoever_knows_the_cards(house, verb: Verb):
    inbound = Inbound(door="chat", native_id="m1", chat=DANA, person=DANA)

    answers = CommandAnswers(house.company, house.outbox)

    assert await answers.to(inbound, Command(name=verb.value)) is None


async def test_waiting_names_what_the_mail_server_does_not_take_yet(house):
    await house.force(await house.put_card(), State.RETRY_WAIT)

    assert await asked(house, "/waiting") == (
        "Waiting for your word:\nNot sent yet, I keep trying: Reply to Marta Silva"
    )


async def test_waiting_names_the_first_eight_and_counts_the_rest(house):
    for _ in range(10):
        await house.put_card()

    lines = (await asked(house, "/waiting") or "").splitlines()

    assert lines[-1] == "and 2 more"
    assert len(lines) == 1 + 8 + 1


async def test_today_counts_the_drafts(house):
    await house.put_card()

    answer = await asked(house, "/today") or ""

    assert answer.endswith("You: 1 draft to approve (/waiting).")


async def test_find_without_words_says_how_to_ask(house):
    assert await asked(house, "/find") == "Find what? For example: /find Marta"


async def test_resume_lets_go_what_a_stop_holds(house):
    await house.outbox.stop("chat 111")
    resumed = await asked(house, "resume"), house.outbox.stopped()

    assert resumed == ("Going on. What waited leaves now.", False)
    assert await asked(house, "resume") == "Nothing was stopped."


async def test_help_names_the_address_to_forward_to(data):
    inbound = {"address": "dana-steward@reyesstudio.example"}
    config = Config.model_validate({"mail": {"inbound": inbound}})
    async with a_house(data, config) as house:
        helped = await asked(house, "/help") or ""

    assert helped.endswith("Or forward a mail to dana-steward@reyesstudio.example.")
