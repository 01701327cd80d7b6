"""A model that fails rests, for every process; one call finds out whether it is back."""

from datetime import datetime, timedelta

from jobs import rests
from tests.doubles.builders import NOW, Desk

MINUTE = timedelta(minutes=1)


async def note(
    desk: Desk, at: datetime, *, failed: bool = True, again_s: float | None = None
) -> datetime | None:
    async def work(connection) -> datetime | None:
        return await rests.note(connection, "small", at, failed=failed, again_s=again_s)

    return await desk.company.store.write(work)


async def begin(desk: Desk, at: datetime) -> datetime | None:
    async def work(connection) -> datetime | None:
        return await rests.begin(connection, "small", at)

    return await desk.company.store.write(work)


async def test_two_failures_are_no_reason_to_leave_it_alone(desk: Desk):
    assert await begin(desk, NOW) is None
    await note(desk, NOW)
    assert await note(desk, NOW) == NOW + timedelta(seconds=5)
    assert await begin(desk, NOW) is None


async def test_it_rests_after_three_and_longer_after_each_one_more(desk: Desk):
    now, pauses = NOW, []
    for _ in range(10):
        until = await note(desk, now)
        assert until is not None
        pauses.append(until - now)
        assert await begin(desk, until) is None
        now = until

    minutes = [pause / MINUTE for pause in pauses[2:]]
    assert minutes == [1, 2, 4, 8, 15, 15, 15, 15]


async def test_when_its_rest_is_over_one_call_finds_out(desk: Desk):
    for _ in range(3):
        await note(desk, NOW)

    assert await begin(desk, NOW + MINUTE) is None
    assert await begin(desk, NOW + MINUTE) == NOW + 2 * MINUTE
    await note(desk, NOW + MINUTE, failed=False)
    assert await begin(desk, NOW + MINUTE) is None


async def test_what_the_provider_asks_for_is_kept_to_from_the_first_time(desk: Desk):
    assert await note(desk, NOW, again_s=30) == NOW + timedelta(seconds=30)

    assert await begin(desk, NOW + timedelta(seconds=29)) == NOW + timedelta(seconds=30)
    assert await begin(desk, NOW + timedelta(seconds=30)) is None


async def test_an_answer_that_was_on_its_way_ends_no_pause_that_was_asked_for(desk: Desk):
    await note(desk, NOW, again_s=30)
    await note(desk, NOW, failed=False)

    assert await begin(desk, NOW) == NOW + timedelta(seconds=30)


async def test_a_shorter_pause_does_not_end_a_longer_one(desk: Desk):
    await note(desk, NOW, again_s=60)
    await note(desk, NOW, again_s=1)

    assert await begin(desk, NOW + timedelta(seconds=30)) == NOW + MINUTE
