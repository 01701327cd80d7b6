from jobs import marks
from tests.doubles.builders import Desk


async def write(desk: Desk, work):
    return await desk.company.store.write(work)


async def test_what_is_kept_is_recalled_and_kept_anew(desk: Desk):
    async def work(connection):
        before = await marks.recall(connection, "door")
        await marks.keep(connection, "door", "7")
        await marks.keep(connection, "door", "8")
        return before, await marks.recall(connection, "door")

    assert await write(desk, work) == (None, "8")


async def test_an_exchange_counts_only_if_nobody_was_quicker(desk: Desk):
    async def work(connection):
        return [
            await marks.exchange(connection, "lease", None, "a"),
            await marks.exchange(connection, "lease", None, "b"),
            await marks.exchange(connection, "lease", "b", "c"),
            await marks.exchange(connection, "lease", "a", "c"),
            await marks.recall(connection, "lease"),
        ]

    assert await write(desk, work) == [True, False, False, True, "c"]
