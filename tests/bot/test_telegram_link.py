"""The link that pairs a phone, and whether it was used."""

from bot.telegram_link import code, is_paired, link, met, paired, picture, spend
from memory.config import Config
from tests.bot.house import a_house


async def test_the_link_is_the_same_until_its_code_is_used(data):
    async with a_house(data, Config()) as house:
        first = await link(house.outbox, "dana_bot")
        again = await link(house.outbox, "dana_bot")
        made = await code(house.outbox)
        await spend(house.outbox)
        later = await link(house.outbox, "dana_bot")

    assert first == again == f"https://t.me/dana_bot?start={made}"
    assert later != first


async def test_another_bot_is_another_chat(data):
    async with a_house(data, Config()) as house:
        await met(house.outbox, "old_bot")
        before = await is_paired(house.outbox)
        await house.outbox.pair("telegram", "111", "111")
        await paired(house.outbox, "old_bot")
        opened = await is_paired(house.outbox)
        await met(house.outbox, "new_bot")
        after = await is_paired(house.outbox)

    assert (before, opened, after) == (False, True, False)


def test_the_picture_is_data_and_no_address():
    assert picture("https://t.me/x?start=y").startswith("data:image/svg+xml")
