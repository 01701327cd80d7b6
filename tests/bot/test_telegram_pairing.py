"""The link that makes a chat the owner's."""

import pytest
import segno

from bot.telegram_client import client
from bot.telegram_pairing import TelegramPairing
from memory.config import Config
from memory.config import Telegram as TelegramConfig
from memory.errors import Unavailable
from tests.bot.house import a_house
from tests.doubles.telegram import Telegram
from tests.doubles.telegram_account import BOT_NAME

DANA = 111


@pytest.fixture
async def telegram():
    async with Telegram() as server:
        yield server


@pytest.fixture
async def parts(tmp_path, telegram):
    config = TelegramConfig.model_validate({"token": telegram.token, "api_url": telegram.url})
    async with a_house(tmp_path, Config()) as house, client(config) as bot:
        yield bot, house


def a_pairing(parts, owner: int | None = None) -> TelegramPairing:
    bot, house = parts
    return TelegramPairing(bot, house.outbox, house.intake, None, owner)


async def test_there_is_no_link_before_the_bots_name_is_known(parts):
    with pytest.raises(Unavailable):
        await a_pairing(parts).link()


async def test_the_link_opens_the_bot_with_a_code_nobody_can_guess(parts):
    pairing = a_pairing(parts)
    await pairing.begin()

    address, _, code = (await pairing.link()).partition("?start=")

    assert address == f"https://t.me/{BOT_NAME}"
    assert len(code) == 26
    assert code.isalnum()


async def test_the_link_stays_the_same_after_a_restart(parts):
    first, second = a_pairing(parts), a_pairing(parts)
    await first.begin()
    await second.begin()

    assert await first.link() == await second.link()


async def test_the_picture_shows_the_link(parts):
    pairing = a_pairing(parts)
    await pairing.begin()

    picture = await pairing.qr()

    assert picture == segno.make(await pairing.link(), error="m").svg_data_uri(scale=6)
    assert picture.startswith("data:image/svg+xml")


async def test_the_configured_owner_who_wrote_before_is_paired_at_once(parts, telegram):
    telegram.phone(DANA)

    await a_pairing(parts, DANA).begin()

    assert [one.chat for one in await parts[1].outbox.pairings("telegram")] == [str(DANA)]


@pytest.mark.parametrize("known", [True, False], ids=["known to telegram", "never seen"])
async def test_the_configured_owner_who_never_wrote_waits_for_the_first_word(
    parts, telegram, known: bool
):
    if known:
        telegram.phone(DANA, started=False)

    await a_pairing(parts, DANA).begin()

    assert await parts[1].outbox.pairings("telegram") == ()


async def test_pairing_twice_is_one_pairing(parts):
    pairing = a_pairing(parts)

    await pairing.pair("111", "111")
    await pairing.pair("111", "111")

    assert list(await parts[1].events()).count("paired") == 1
