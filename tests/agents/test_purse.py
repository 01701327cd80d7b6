"""A purse that runs dry says so, and hears what every call has cost."""

from agents.purse import Held, Purse, Settled
from tests.doubles.builders import NOW
from tests.doubles.builders import Purse as Pocket


async def test_whoever_pays_says_what_stands_in_the_way():
    purse: Purse = Pocket(100)

    assert await purse.reserve("small", 100) is None
    assert await purse.reserve("large", 1) == Held("large", "money")


async def test_what_a_call_did_not_cost_comes_back():
    purse: Purse = Pocket(100)
    await purse.reserve("small", 100)

    assert await purse.settle(Settled(40)) is None
    assert await purse.reserve("small", 60) is None


async def test_for_a_call_that_failed_there_is_a_time_to_ask_again():
    purse: Purse = Pocket(100)
    await purse.reserve("small", 100)

    assert await purse.settle(Settled(100, failed=True)) == Held("small", "silence", NOW)
