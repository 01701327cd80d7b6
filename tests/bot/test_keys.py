"""Links that open the page once, and the cookies that keep it open."""

from bot.keys import Keys
from memory.config import Config
from tests.bot.house import a_house


async def test_a_link_opens_the_page_once(tmp_path):
    async with a_house(tmp_path, Config()) as house:
        keys = Keys(house.outbox)
        token = keys.fresh()

        first, second = await keys.exchanged(token), await keys.exchanged(token)

        assert await keys.admits(first)
        assert second is None


async def test_a_made_up_token_or_cookie_opens_nothing(tmp_path):
    async with a_house(tmp_path, Config()) as house:
        keys = Keys(house.outbox)
        keys.fresh()

        assert await keys.exchanged("aaaa") is None
        assert not await keys.admits("aaaa")
        assert not await keys.admits(None)


async def test_a_browser_stays_let_in_after_a_restart(tmp_path):
    async with a_house(tmp_path, Config()) as house:
        before = Keys(house.outbox)
        cookie = await before.exchanged(before.fresh())

        assert await Keys(house.outbox).admits(cookie)


async def test_who_reads_the_database_gets_no_cookie(tmp_path):
    async with a_house(tmp_path, Config()) as house:
        keys = Keys(house.outbox)
        cookie = await keys.exchanged(keys.fresh())

        kept = await house.outbox.recall("page:cookies")

        assert cookie is not None
        assert kept is not None
        assert cookie not in kept


async def test_links_that_nobody_opens_stop_working_in_the_end(tmp_path):
    async with a_house(tmp_path, Config()) as house:
        keys = Keys(house.outbox)
        oldest = keys.fresh()
        later = [keys.fresh() for _ in range(8)]

        assert await keys.exchanged(oldest) is None
        assert await keys.exchanged(later[0]) is not None
