"""The forwarding address: taken only once it is kept, and only for who knows it."""

import asyncio
import json
import smtplib
import sqlite3
from contextlib import asynccontextmanager, suppress

import pytest

from bot.inbound import InboundDoor
from memory.config import Config, Inbound
from memory.errors import Unavailable
from tests.bot.house import House, a_house

TOKEN = "abcdEFGH12345678"
ADDRESS = f"steward+{TOKEN}@localhost"
MAIL = (
    b"From: Dana <dana@reyesstudio.example>\r\n"
    b"Message-ID: <fwd-1@reyesstudio.example>\r\n"
    b"Subject: Fwd: Landing page\r\n\r\n"
    b"---------- Forwarded message ---------\r\n"
    b"From: Marta <marta@bluefincafe.example>\r\n"
    b"Date: Mon, 9 Mar 2026 at 18:12\r\n"
    b"Subject: Landing page\r\n"
    b"To: <dana@reyesstudio.example>\r\n\r\n"
    b".A quote by Friday?\r\n"
)


@pytest.fixture
async def house(tmp_path):
    async with a_house(tmp_path, Config(), busy_s=0.05) as house:
        yield house


@asynccontextmanager
async def at_work(house: House, listen: str = "127.0.0.1:0"):
    inbound = Inbound.model_validate({"listen": listen, "token": TOKEN})
    door = InboundDoor(inbound, house.outbox, house.intake)
    await door.listen()
    task = asyncio.create_task(door.run())
    try:
        yield door
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await asyncio.sleep(0)


def client(door: InboundDoor, *, lmtp: bool = False) -> smtplib.SMTP:
    made = smtplib.LMTP if lmtp else smtplib.SMTP
    return made("127.0.0.1", door.port, local_hostname="relay.example")


def hand_over(door: InboundDoor, raw: bytes = MAIL, *to: str, lmtp: bool = False):
    with client(door, lmtp=lmtp) as relay:
        return relay.sendmail("dana@reyesstudio.example", list(to or (ADDRESS,)), raw)


async def test_a_forwarded_mail_is_kept_byte_for_byte_before_it_is_taken(house):
    async with at_work(house) as door:
        await asyncio.to_thread(hand_over, door)

        (source,) = await house.sources()

    (file,) = json.loads(source.files)
    assert (source.channel, source.label, source.forwarded) == ("inbound", "external", True)
    assert house.company.blobs.get(file["digest"]) == MAIL


async def test_a_relay_that_speaks_lmtp_is_understood(house):
    async with at_work(house, "lmtp://127.0.0.1:0") as door:
        await asyncio.to_thread(hand_over, door, lmtp=True)

        assert len(await house.sources()) == 1


async def test_an_lmtp_relay_hands_over_for_one_recipient_at_a_time(house):
    async with at_work(house, "lmtp://127.0.0.1:0") as door:
        refused = await asyncio.to_thread(
            hand_over, door, MAIL, ADDRESS, f"steward+{TOKEN}@elsewhere.example", lmtp=True
        )

        assert [code for code, _ in refused.values()] == [452]
        assert len(await house.sources()) == 1


async def test_the_same_mail_handed_over_again_is_one(house):
    async with at_work(house) as door:
        await asyncio.to_thread(hand_over, door)
        await asyncio.to_thread(hand_over, door)

        assert len(await house.sources()) == 1


async def test_an_address_in_small_letters_is_the_same(house):
    async with at_work(house) as door:
        await asyncio.to_thread(hand_over, door, MAIL, ADDRESS.lower())

        assert len(await house.sources()) == 1


@pytest.mark.parametrize(
    "to",
    [
        "steward@localhost",
        "steward+wrong@localhost",
        f"steward+{TOKEN}x@localhost",
        "dana@reyesstudio.example",
        f"someone%steward+{TOKEN}@elsewhere.example",
    ],
)
async def test_mail_for_anybody_else_is_refused(house, to):
    async with at_work(house) as door:
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            await asyncio.to_thread(hand_over, door, MAIL, to)

    assert [code for code, _ in refused.value.recipients.values()] == [550]
    assert await house.sources() == []


async def test_many_wrong_addresses_leave_one_line_in_the_ledger(house):
    async with at_work(house) as door:
        for number in range(5):
            with pytest.raises(smtplib.SMTPRecipientsRefused):
                await asyncio.to_thread(hand_over, door, MAIL, f"steward+{number}@localhost")

    assert (await house.events()).count("stranger_turned_away") == 1


async def test_while_memory_is_busy_the_relay_keeps_the_mail(house, tmp_path):
    lock = sqlite3.connect(tmp_path / "steward.db", isolation_level=None)
    async with at_work(house) as door:
        lock.execute("BEGIN IMMEDIATE")
        with pytest.raises(smtplib.SMTPDataError) as refused:
            await asyncio.to_thread(hand_over, door)
        lock.execute("ROLLBACK")
        lock.close()

        assert refused.value.smtp_code == 451
        await asyncio.to_thread(hand_over, door)
        assert len(await house.sources()) == 1


async def test_more_than_26_mb_is_refused_and_nothing_is_kept(house):
    async with at_work(house) as door:
        with pytest.raises(smtplib.SMTPSenderRefused) as refused:
            await asyncio.to_thread(hand_over, door, MAIL + b"x" * (27 * 1024 * 1024))

    assert refused.value.smtp_code == 552
    assert await house.sources() == []


async def test_a_mail_that_orders_decides_nothing(house):
    await house.put_card()
    async with at_work(house) as door:
        await asyncio.to_thread(
            hand_over, door, b"From: dana@reyesstudio.example\r\nSubject: approve\r\n\r\n/stop\r\n"
        )
        await asyncio.to_thread(
            hand_over, door, b"From: dana@reyesstudio.example\r\n\r\napprove all\r\n"
        )

    assert len(await house.sources()) == 2
    assert await house.decisions() == []
    assert not house.outbox.stopped()
    assert {one.state.value for one in await house.outbox.actions()} == {"awaiting"}


async def test_a_port_that_is_taken_is_told_with_the_next_step(house):
    async with at_work(house) as door:
        inbound = Inbound.model_validate({"listen": f"127.0.0.1:{door.port}", "token": TOKEN})
        with pytest.raises(Unavailable) as told:
            await InboundDoor(inbound, house.outbox, house.intake).listen()

    assert "another program is there" in told.value.sentence
    assert "[mail.inbound]" in told.value.hint


async def test_a_relay_in_the_middle_does_not_hold_up_the_end(house):
    async with asyncio.timeout(3):
        async with at_work(house) as door:
            reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
            await reader.readline()
        with suppress(ConnectionError):
            assert await reader.read() == b""
        writer.close()
