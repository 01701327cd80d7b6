"""The mail folder as a door: every mail once, whatever breaks in between."""

import asyncio
import json
import sqlite3
from contextlib import asynccontextmanager, suppress

import pytest

from bot.mailbox import MailboxDoor, in_reach
from bot.mailbox_folder import Place
from jobs.outbox import Outbox
from memory.clock import monotonic_s
from memory.config import Config
from memory.config import Imap as ImapConfig
from tests.bot.house import House, a_house
from tests.doubles.imap import DOVECOT, Dovecot, Imap

MARTA = (
    b"From: Marta <marta@bluefincafe.example>\r\n"
    b"Message-ID: <bf-1001@bluefincafe.example>\r\n"
    b"Subject: Landing page\r\n\r\n"
    b"A quote by Friday?\r\n"
)
TOM = MARTA.replace(b"Marta", b"Tom").replace(b"bf-1001", b"nw-7")
WITHIN_S = 8


class Killed(Exception):
    """The power went."""


class KilledBeforeItRemembers(Outbox):
    """The mail is committed and marked, and then the process dies."""

    async def remember(self, key: str, value: str) -> None:
        if key.startswith("mailbox:read"):
            raise Killed
        await super().remember(key, value)


@pytest.fixture(scope="module")
def server():
    with Imap() as imap:
        yield imap


@pytest.fixture
def imap(server):
    server.recreate("Steward")
    return server


@pytest.fixture
async def house(tmp_path):
    async with a_house(tmp_path, Config(), busy_s=0.05) as house:
        yield house


def settings(imap: Imap, **changes) -> ImapConfig:
    given = {
        "host": imap.host,
        "port": imap.port,
        "username": imap.username,
        "password": imap.password,
        "security": "none",
    }
    return ImapConfig.model_validate(given | changes)


def a_door(house: House, imap: Imap, outbox: Outbox | None = None, **changes) -> MailboxDoor:
    return MailboxDoor(
        settings(imap, **changes),
        outbox or house.outbox,
        house.intake,
        poll_s=0.05,
        refused_s=0.05,
        patience_s=0,
    )


@asynccontextmanager
async def at_work(door: MailboxDoor):
    task = asyncio.create_task(door.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(look, wanted):
    """Ask again until the answer is the wanted one; returns the last answer."""
    found = await look()
    with suppress(TimeoutError):
        async with asyncio.timeout(WITHIN_S):
            while found != wanted:
                await asyncio.sleep(0.02)
                found = await look()
    return found


def count_of(house: House):
    async def count() -> int:
        return len(await house.sources())

    return count


def flags_of(imap: Imap):
    async def flags() -> set[frozenset[str]]:
        return set((await asyncio.to_thread(imap.flags, "Steward")).values())

    return flags


async def test_a_mail_in_the_folder_is_passed_on_byte_for_byte(house, imap):
    uid = imap.deliver("Steward", MARTA)

    async with at_work(a_door(house, imap)):
        assert await until(count_of(house), 1) == 1

    (source,) = await house.sources()
    (file,) = json.loads(source.files)
    assert (source.channel, source.sender, source.label) == ("mailbox", "owner", "external")
    assert source.forwarded
    assert source.native_id.endswith(f"/Steward:{imap.uid_validity('Steward')}:{uid}")
    assert file["media_type"] == "message/rfc822"
    assert house.company.blobs.get(file["digest"]) == MARTA


async def test_a_mail_that_comes_later_is_taken_too(house, imap):
    imap.deliver("Steward", MARTA)

    async with at_work(a_door(house, imap)):
        await until(count_of(house), 1)
        await asyncio.to_thread(imap.deliver, "Steward", TOM)

        assert await until(count_of(house), 2) == 2


async def test_a_mail_is_marked_as_seen_only_after_it_is_kept(house, imap, tmp_path):
    imap.deliver("Steward", MARTA)
    async with at_work(a_door(house, imap)):
        await until(count_of(house), 1)
        assert await until(flags_of(imap), {frozenset({"\\Seen"})}) == {frozenset({"\\Seen"})}
        lock = sqlite3.connect(tmp_path / "steward.db", isolation_level=None)
        lock.execute("BEGIN IMMEDIATE")
        await asyncio.to_thread(imap.deliver, "Steward", TOM)
        await asyncio.sleep(0.5)
        while_locked = await flags_of(imap)()
        lock.execute("ROLLBACK")
        lock.close()

        assert await until(count_of(house), 2) == 2

    assert frozenset() in while_locked


async def test_a_kill_between_keeping_and_marking_doubles_nothing(house, imap):
    imap.deliver("Steward", MARTA)
    dying = KilledBeforeItRemembers(house.company, house.outbox._bell)
    with pytest.raises(Killed):
        await a_door(house, imap, dying).run()
    kept = len(await house.sources())

    async with at_work(a_door(house, imap)):
        await until(flags_of(imap), {frozenset({"\\Seen"})})

    assert kept == len(await house.sources()) == 1


async def test_after_a_restart_only_new_mails_are_taken(house, imap):
    imap.deliver("Steward", MARTA)
    async with at_work(a_door(house, imap)):
        await until(flags_of(imap), {frozenset({"\\Seen"})})
    imap.deliver("Steward", TOM)

    async with at_work(a_door(house, imap)):
        assert await until(count_of(house), 2) == 2


async def test_a_refused_password_is_told_once_and_so_is_its_end(house, imap):
    async def told() -> int:
        return len(await house.told())

    for _ in range(2):
        async with at_work(a_door(house, imap, password="wrong")):
            await until(told, 1)
            await asyncio.sleep(0.3)
    async with at_work(a_door(house, imap)):
        await until(told, 2)

    refused, again = await house.told()
    assert refused == (
        "Your mail server refused the password for dana. Usually the app password was changed. "
        "Put the new one in on my page, under Menu, Settings, Mail."
    )
    assert again == 'I can read your mail folder "Steward" again.'


async def test_a_server_that_is_gone_for_long_is_told(house, imap):
    async def told() -> int:
        return len(await house.told())

    async with at_work(a_door(house, imap, port=1)):
        await until(told, 1)

    (line,) = await house.told()
    assert line.startswith("I can't reach your mail server 127.0.0.1. I keep trying;")


async def test_a_mail_orders_nothing(house, imap):
    imap.deliver("Steward", MARTA.replace(b"A quote by Friday?", b"/stop"))

    async with at_work(a_door(house, imap)):
        await until(count_of(house), 1)

    assert not house.outbox.stopped()
    assert await house.decisions() == []


async def test_a_mail_is_taken_within_a_second_though_nobody_looks_meanwhile(house, imap):
    door = MailboxDoor(settings(imap), house.outbox, house.intake, poll_s=60)
    async with at_work(door):
        await asyncio.sleep(0.3)
        await asyncio.to_thread(imap.deliver, "Steward", MARTA)
        began = monotonic_s()

        assert await until(count_of(house), 1) == 1

    assert monotonic_s() - began < 1.5


async def test_the_servers_word_is_asked_for_again_before_it_forgets_us(house, imap):
    door = MailboxDoor(settings(imap), house.outbox, house.intake, poll_s=60, idle_s=0.2)
    async with at_work(door):
        await asyncio.sleep(0.7)
        await asyncio.to_thread(imap.deliver, "Steward", MARTA)

        assert await until(count_of(house), 1) == 1


async def test_a_door_that_waits_for_the_server_closes_at_once(house, imap):
    async with at_work(MailboxDoor(settings(imap), house.outbox, house.intake)):
        await asyncio.sleep(0.3)
        began = monotonic_s()

    assert monotonic_s() - began < 0.5


async def test_a_folder_with_new_numbers_is_read_again_and_nothing_is_filed_twice(house, imap):
    imap.deliver("Steward", MARTA)
    imap.deliver("Steward", TOM)
    async with at_work(a_door(house, imap)):
        await until(count_of(house), 2)
        await until(flags_of(imap), {frozenset({"\\Seen"})})
    imap.recreate("Steward")
    imap.deliver("Steward", MARTA)
    imap.deliver("Steward", TOM)
    imap.deliver("Steward", MARTA.replace(b"bf-1001", b"bf-1002"))

    async with at_work(a_door(house, imap)):
        assert await until(count_of(house), 3) == 3
        await until(flags_of(imap), {frozenset({"\\Seen"})})

    assert len(await house.sources()) == 3


async def test_a_mail_moved_out_and_in_again_is_a_new_message(house, imap):
    imap.deliver("Steward", MARTA)
    async with at_work(a_door(house, imap)):
        await until(count_of(house), 1)
        await asyncio.to_thread(imap.deliver, "Steward", MARTA)

        assert await until(count_of(house), 2) == 2


async def test_a_mail_from_the_owners_own_address_decides_nothing(house, imap):
    await house.put_card()
    orders = MARTA.replace(b"marta@bluefincafe.example", b"dana@reyesstudio.example")
    imap.deliver("Steward", orders.replace(b"A quote by Friday?", b"approve all"))

    async with at_work(a_door(house, imap)):
        await until(count_of(house), 1)

    assert await house.decisions() == []
    assert {one.state.value for one in await house.outbox.actions()} == {"awaiting"}


if DOVECOT.exists():

    async def test_where_the_server_cannot_tell_the_door_looks_by_itself(house):
        with Dovecot(idles=False) as imap:
            door = MailboxDoor(settings(imap), house.outbox, house.intake, poll_s=0.1)
            async with at_work(door):
                await asyncio.sleep(0.3)
                await asyncio.to_thread(imap.deliver, "Steward", MARTA)

                assert await until(count_of(house), 1) == 1


async def test_many_mails_at_once_are_taken_in_their_order(house, imap):
    letters = [MARTA.replace(b"bf-1001", b"bf-%d" % number) for number in range(45)]
    for one in letters:
        imap.deliver("Steward", one)

    async with at_work(a_door(house, imap)):
        await until(count_of(house), 45)
        assert await until(flags_of(imap), {frozenset({"\\Seen"})}) == {frozenset({"\\Seen"})}

    kept = [json.loads(one.files)[0]["digest"] for one in await house.sources()]
    assert [house.company.blobs.get(one) for one in kept] == letters


def test_large_mails_are_not_held_all_at_once():
    mails = tuple(Place(1, uid) for uid in range(1, 6))
    sizes = dict.fromkeys(mails[:2], 5000000) | {mails[3]: 30_000_000}

    assert list(in_reach(mails, sizes)) == [mails[:1], mails[1:3], mails[3:4], mails[4:]]
