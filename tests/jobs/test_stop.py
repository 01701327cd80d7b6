from jobs import stop
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
