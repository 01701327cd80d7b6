"""The words that pair, and where Slack answers."""

import pytest

from bot.slack_link import code, invitation, is_paired, server_of, spend
from memory.config import Config, Slack
from tests.bot.house import a_house


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("", "https://slack.com/api/"),
        ("http://127.0.0.1:9", "http://127.0.0.1:9/api/"),
        ("http://127.0.0.1:9/", "http://127.0.0.1:9/api/"),
        ("http://127.0.0.1:9/api", "http://127.0.0.1:9/api/"),
        ("http://127.0.0.1:9/api/", "http://127.0.0.1:9/api/"),
    ],
)
def test_an_address_may_name_the_host_or_its_methods(said: str, meant: str):
    assert server_of(Slack(api_url=said)) == meant


async def test_the_words_stay_the_same_until_they_were_used(tmp_path):
    async with a_house(tmp_path, Config()) as house:
        first = await invitation(house.outbox)
        again = await invitation(house.outbox)
        await spend(house.outbox)
        spent = await code(house.outbox)
        fresh = await invitation(house.outbox)

    assert first == again
    assert first.startswith("pair ")
    assert spent == ""
    assert fresh != first


async def test_somebody_is_paired_once_a_chat_is_the_owners(tmp_path):
    async with a_house(tmp_path, Config()) as house:
        before = await is_paired(house.outbox)
        await house.outbox.pair("slack", "U111", "D111")

        assert (before, await is_paired(house.outbox)) == (False, True)
