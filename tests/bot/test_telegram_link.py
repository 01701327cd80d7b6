"""The link that pairs a phone, and whether it was used."""

from bot import telegram_link
from memory.config import Config
from tests.bot.house import a_house


async def test_the_link_is_the_same_until_its_code_is_used(data):
    async with a_house(data, Config()) as house:
        first = await telegram_link.link(house.outbox, "dana_bot")
        again = await telegram_link.link(house.outbox, "dana_bot")
        code = await telegram_link.code(house.outbox)
        await telegram_link.spend(house.outbox)
        later = await telegram_link.link(house.outbox, "dana_bot")

    assert first == again == f"https://t.me/dana_bot?start={code}"
    assert later != first


async def test_another_bot_is_another_chat(data):
    async with a_house(data, Config()) as house:
        await telegram_link.met(house.outbox, "old_bot")
        before = await telegram_link.is_paired(house.outbox)
        await house.outbox.pair("telegram", "111", "111")
        await telegram_link.paired(house.outbox, "old_bot")
        paired = await telegram_link.is_paired(house.outbox)
        await telegram_link.met(house.outbox, "new_bot")
        after = await telegram_link.is_paired(house.outbox)

    assert (before, paired, after) == (False, True, False)


def test_the_picture_is_data_and_no_address():
    assert telegram_link.picture("https://t.me/x?start=y").startswith("data:image/svg+xml")
