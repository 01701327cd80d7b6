import pytest

from jobs.patience import insist
from memory.errors import Stale, Unavailable
from tests.doubles.builders import Desk


async def test_it_tries_until_the_database_takes_it(desk: Desk):
    tries: list[int] = []

    async def work(connection) -> str:
        tries.append(1)
        if len(tries) < 4:
            raise Unavailable("My memory is busy.")
        return "written"

    assert await insist(desk.company.store, work, first_s=0.001) == "written"
    assert len(tries) == 4


async def test_any_other_trouble_is_passed_on_at_once(desk: Desk):
    async def work(connection) -> None:
        raise Stale("It moved on.")

    with pytest.raises(Stale):
        await insist(desk.company.store, work)
