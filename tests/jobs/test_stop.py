import fcntl

from jobs import stop
from memory.clock import monotonic_s
from tests.doubles.builders import Desk
from tests.doubles.smtp import Smtp


async def test_stop_is_a_file_and_a_number_that_grows(desk: Desk):
    await desk.outbox.stop("local owner")
    stopped = stop.stopped(desk.company)
    await desk.outbox.resume("local owner")

    async with desk.company.store.read() as connection:
        assert await stop.epoch(connection) == 2
    assert (stopped, desk.outbox.stopped()) == (True, False)


async def test_stopping_twice_is_stopping(desk: Desk):
    await desk.outbox.stop("local owner")
    await desk.outbox.stop("telegram 111")

    assert desk.outbox.stopped()


async def test_what_waits_while_stopped_leaves_after_the_resume(mailing: Desk, witness: Smtp):
    await mailing.approved()
    await mailing.outbox.stop("local owner")
    await mailing.act()
    before = witness.sent

    await mailing.outbox.resume("local owner")
    await mailing.act()

    assert (len(before), len(witness.sent)) == (0, 1)


async def test_lifting_an_old_stop_leaves_a_newer_one_in_force(desk: Desk):
    old = stop.hold(desk.company, "local owner")
    stop.hold(desk.company, "telegram 111")

    assert not stop.lift(desk.company, old)
    assert stop.stopped(desk.company)


async def test_a_stop_waits_for_nobody_who_holds_the_lock(desk: Desk):
    with desk.company.stop_file.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        began = monotonic_s()

        stop.hold(desk.company, "local owner")

    assert stop.stopped(desk.company)
    assert monotonic_s() - began < 1


async def test_a_file_that_somebody_made_by_hand_stops_and_can_be_lifted(desk: Desk):
    desk.company.stop_file.write_text("enough")

    seen = stop.standing(desk.company)

    assert seen is not None
    assert stop.lift(desk.company, seen)


async def test_what_the_file_says_is_who_and_until_when(desk: Desk):
    until = desk.now.replace(microsecond=0)

    made = stop.hold(desk.company, "telegram 111", until)

    assert stop.standing(desk.company) == made
    assert (made.by, made.until) == ("telegram 111", until)
