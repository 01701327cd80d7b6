"""Telegram brings messages by itself: proved before it is read, committed before it is taken."""

import asyncio
import socket
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from bot.telegram_hook import PATH, TelegramHook
from bot.web import Web
from bot.welcome import Welcome
from memory.errors import Refused
from tests.bot.telegram_chat import SECRET, Chat, a_chat, at_work
from tests.doubles.telegram import Telegram

HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
async def telegram():
    async with Telegram() as server:
        yield server


@asynccontextmanager
async def a_called_chat(
    data: Path,
    telegram: Telegram,
    *,
    secret: str = SECRET,
    busy_s: float = 5.0,
    address: str = "",
) -> AsyncGenerator[tuple[Chat, str]]:
    """Dana's chat, and the address at which Telegram brings what she says; not open yet."""
    hook = TelegramHook(secret)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = f"http://127.0.0.1:{port}"
    async with a_chat(data, telegram, hook=hook, address=address or own, busy_s=busy_s) as chat:
        house = chat.house
        web = Web(
            house.company,
            house.outbox,
            house.intake,
            port=port,
            welcome=Welcome(house.company, house.outbox),
            wake=chat.wake,
            hooks=(hook.route(),),
        )
        async with asyncio.TaskGroup() as group:
            running = group.create_task(web.run())
            await web.ready.wait()
            yield chat, own
            running.cancel()


async def hooked(telegram: Telegram) -> None:
    await telegram.until(lambda: telegram.account.webhook)


async def test_a_message_that_is_brought_is_committed_and_shown(tmp_path, telegram):
    async with a_called_chat(tmp_path, telegram) as (chat, _), at_work(chat.door):
        await hooked(telegram)
        sent = await chat.phone.send("Note: thicker paper")
        await chat.settled()
        await chat.phone.until(lambda _: sent.reaction)
        notice = await chat.house.put_card()
        card = await chat.shows("Reply to Marta", button="Approve")
        await chat.phone.press(card, "Approve")
        await chat.settled()

        state = await chat.house.state_of(notice)
        (source,) = await chat.house.sources()
        (asked,) = telegram.calls("setWebhook")

    assert source.text == "Note: thicker paper"
    assert state == "held"
    assert asked.params["max_connections"] == "1"
    assert "my_chat_member" in str(asked.params["allowed_updates"])
    assert telegram.calls("getUpdates") == ()


async def test_the_same_update_brought_twice_is_one_message(tmp_path, telegram):
    async with a_called_chat(tmp_path, telegram) as (chat, address), at_work(chat.door):
        await hooked(telegram)
        await chat.phone.send("Note: thicker paper")
        await chat.settled()
        (update,) = telegram.account.updates.confirmed
        async with httpx.AsyncClient() as client:
            again = await client.post(
                f"{address}/telegram/any", json=update.wire(), headers={HEADER: SECRET}
            )

        assert again.status_code == 200
        assert len(await chat.house.sources()) == 1


@pytest.mark.parametrize("headers", [{}, {HEADER: ""}, {HEADER: "another"}, {HEADER: "é"}])
async def test_without_the_secret_nothing_is_read(tmp_path, telegram, headers):
    raw = {name: value.encode() for name, value in headers.items()}
    async with a_called_chat(tmp_path, telegram) as (chat, address), at_work(chat.door):
        await hooked(telegram)
        _, _, place = address.partition("//")
        host, _, port = place.partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        lines = [b"POST /telegram/update HTTP/1.1", b"Host: bot.example", b"Content-Length: 1000"]
        lines += [name.encode() + b": " + value for name, value in raw.items()]
        writer.write(b"\r\n".join(lines) + b"\r\n\r\n")
        # not one byte of the body is sent, and the answer is there
        async with asyncio.timeout(2):
            answer = await reader.readline()
        writer.close()
        await writer.wait_closed()

        assert b" 403 " in answer
        assert await chat.house.sources() == []


async def test_while_memory_is_busy_telegram_is_asked_to_come_again(tmp_path, telegram):
    async with (
        a_called_chat(tmp_path, telegram, busy_s=0.05) as (chat, _),
        at_work(chat.door),
    ):
        await hooked(telegram)
        hook = telegram.account.webhook
        lock = sqlite3.connect(tmp_path / "steward.db", isolation_level=None)
        lock.execute("BEGIN IMMEDIATE")
        await chat.phone.send("Note: thicker paper")
        await telegram.until(lambda: hook and hook.last_error)
        while_busy = list(telegram.account.updates.confirmed)
        lock.execute("ROLLBACK")
        lock.close()
        await chat.settled()

        texts = [one.text for one in await chat.house.sources()]

    assert while_busy == []
    assert hook is not None
    assert "503" in (hook.last_error or "")
    assert texts == ["Note: thicker paper"]


async def test_a_door_that_is_not_open_asks_to_come_again(tmp_path, telegram):
    async with a_called_chat(tmp_path, telegram) as (_, address):
        async with httpx.AsyncClient() as client:
            answer = await client.post(f"{address}{PATH}", json={}, headers={HEADER: SECRET})

        assert answer.status_code == 503


@pytest.mark.parametrize("body", [b"", b"[]", b'"x"', b"{}", b'{"update_id": 1', b'{"a": 1}'])
async def test_what_is_no_update_is_refused(tmp_path, telegram, body):
    async with a_called_chat(tmp_path, telegram) as (chat, address), at_work(chat.door):
        await hooked(telegram)
        async with httpx.AsyncClient() as client:
            answer = await client.post(f"{address}{PATH}", content=body, headers={HEADER: SECRET})

        assert answer.status_code == 400
        assert await chat.house.sources() == []


async def test_more_than_a_megabyte_is_not_taken(tmp_path, telegram):
    async with a_called_chat(tmp_path, telegram) as (chat, address), at_work(chat.door):
        await hooked(telegram)
        async with httpx.AsyncClient() as client:
            answer = await client.post(
                f"{address}{PATH}", content=b" " * 1_100_000, headers={HEADER: SECRET}
            )

        assert answer.status_code == 413


async def test_a_hook_that_somebody_took_away_is_set_again(tmp_path, telegram):
    async with a_called_chat(tmp_path, telegram) as (chat, address), at_work(chat.door):
        await hooked(telegram)
        telegram.account.webhook = None

        await hooked(telegram)

        assert telegram.account.webhook is not None
        assert telegram.account.webhook.url == address + PATH


async def test_an_address_that_leads_nowhere_is_told_of_once(tmp_path, telegram):
    async with (
        a_called_chat(tmp_path, telegram, secret="other") as (chat, _),
        at_work(chat.door),
    ):
        await hooked(telegram)
        await chat.phone.send("Note: thicker paper")
        await chat.shows("Telegram can't bring me your messages")
        looked = len(telegram.calls("getWebhookInfo"))
        await telegram.until(lambda: len(telegram.calls("getWebhookInfo")) > looked + 3)

    assert len([one for one in await told(chat) if "can't bring" in one]) == 1


async def told(chat: Chat) -> list[str]:
    return [one.text for one in chat.phone.received]


async def test_an_address_that_telegram_refuses_is_said_with_the_way_out(tmp_path, telegram):
    async with a_called_chat(tmp_path, telegram, address="http://bot.example/x") as (chat, _):
        with pytest.raises(Refused) as refused:
            await chat.door.run()

    assert "webhook_url in config.toml" in refused.value.hint


async def test_asking_again_takes_the_hook_away_and_loses_nothing(tmp_path, telegram):
    async with a_called_chat(tmp_path, telegram) as (chat, _):
        async with at_work(chat.door):
            await hooked(telegram)
        await chat.phone.send("Note: thicker paper")
        async with at_work(chat.another_door()):
            await chat.settled()

        assert telegram.account.webhook is None
        assert [one.text for one in await chat.house.sources()] == ["Note: thicker paper"]
