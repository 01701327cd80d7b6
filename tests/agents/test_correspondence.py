from dataclasses import replace

from agents import correspondence
from memory.config import Mail
from memory.records.fact import Fact
from memory.records.message import Message
from tests.doubles.builders import Desk, some_work

READS = ("fact", "message")


async def test_the_name_under_a_mail_is_what_was_configured_else_said_else_the_owners(desk: Desk):
    async with some_work(desk, reads=READS) as work:
        as_owner = await correspondence.signed(work)
        mail = Mail(signature="Dana, Reyes Studio")
        config = work.config.model_copy(update={"mail": mail})
        configured = await correspondence.signed(replace(work, config=config))
    await desk.keep(Fact(subject="me", field="name", value="Daniela Reyes"))
    async with some_work(desk, reads=READS) as work:
        said = await correspondence.signed(work)

    assert (as_owner, configured, said) == ("Dana", "Dana, Reyes Studio", "Daniela")


async def test_only_a_mail_that_left_makes_an_address_known(desk: Desk):
    await desk.keep(
        Message(direction="in", subject="Hi", text="x", address="tom@n.example", content="1")
    )
    async with some_work(desk, reads=READS) as work:
        came_in = await correspondence.written_before(work, "tom@n.example")
    await desk.keep(
        Message(direction="out", subject="Hi", text="x", address="tom@n.example", content="2")
    )
    async with some_work(desk, reads=READS) as work:
        went_out = await correspondence.written_before(work, "tom@n.example")

    assert (came_in, went_out) == (False, True)


async def test_without_an_account_there_is_no_address_to_leave_from(desk: Desk):
    async with some_work(desk, reads=READS) as work:
        assert correspondence.from_address(work) == ""
