"""A day whose money for models is spent: the card, a pulled plug, one press, and the sums."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from memory.prices import price_in
from tests.doubles.model_server import (
    HONEST,
    UNSURE,
    Behaviour,
    ModelServer,
    a_model_server,
    earned_micro,
)
from tests.doubles.steward import Steward
from tests.house.words import assert_plain

SMALL, LARGE = "1 / 4", "100 / 200"
A_DAY_MICRO, A_PRESS_MICRO = 400_000, 300_000


def how(_number: int, model: str) -> Behaviour:
    return UNSURE if model == "small" else HONEST


@pytest.fixture
async def house(tmp_path: Path) -> AsyncGenerator[tuple[Steward, Path]]:
    journal = tmp_path / "journal"
    prices = {"small": price_in(SMALL), "large": price_in(LARGE)}
    async with a_model_server(ModelServer(journal, prices, how)) as url:
        steward = Steward(tmp_path / "data")
        steward.make(
            "[models]",
            'small = "small"',
            'large = "openai:large"',
            f'base_url = "{url}"',
            f'small_price = "{SMALL}"',
            f'large_price = "{LARGE}"',
            "[budget]",
            'per_day = "0.40"',
        )
        await steward.start()
        try:
            yield steward, journal
        finally:
            await steward.kill()


async def test_a_spent_day_asks_survives_a_pulled_plug_and_goes_on_after_one_press(
    house: tuple[Steward, Path],
):
    steward, journal = house
    nothing = await steward.ask("say", "/cost")
    for number, wait_s in enumerate(("30", "30", "0.1")):
        await steward.ask("say", f"hosting ate another {number}, ugh", "--wait", wait_s)
    card = await steward.until("cards", 60, kind="question", state="awaiting")
    spent = earned_micro(journal)

    assert [one["text"] for one in nothing] == ["Models have cost nothing today."]
    assert "Today's 0.40 USD for the large model is spent." in card["says"]
    assert_plain(card["says"])
    assert 0 < spent <= A_DAY_MICRO

    await steward.kill()
    await steward.start()
    await steward.ask("say", "hosting ate yet another, ugh", "--wait", "3")
    assert earned_micro(journal) <= A_DAY_MICRO

    await steward.ask("press", card["card"], "choose:0")
    for _ in range(300):
        if earned_micro(journal) > spent + 50_000:
            break
        await asyncio.sleep(0.2)
    (cost,) = await steward.ask("say", "/cost")
    assert spent < earned_micro(journal) <= A_DAY_MICRO + A_PRESS_MICRO
    assert "By customer:\n- your own words: " in cost["text"]
    assert steward.run("ledger", "verify")
