"""From a press on the phone to the card's final state, beside a bare bot of the same library.

`python -m tests.bench.press [--cards N] [--out F.jsonl]`

Our Bot API server notes when a press reaches it and when the card changes. Steward has N open cards
and a worker that is kept busy; the bare bot is python-telegram-bot's own polling with one handler
that edits the message. The server's own time is one edit asked for directly.
"""

import argparse
import asyncio
import contextlib
import json
import statistics
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import aiohttp
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import Application, CallbackQueryHandler, ContextTypes

from bot.client import Client
from tests.doubles.steward import Steward, running, smtp_lines
from tests.doubles.telegram import Telegram
from tests.doubles.telegram_phone import Message, Phone
from tests.faultkit.doors.platforms import letter

OWNER = 111
BUSY_EVERY_S = 0.5
WITHIN_S = 30.0


def main(arguments: list[str] | None = None) -> Mapping[str, float]:
    """Measure, print a table and return the figures in milliseconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", help="not needed here; taken so that every bench is called alike")
    parser.add_argument("--cards", type=int, default=100)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args(arguments)
    figures = asyncio.run(_measure(options.cards))
    for name, value in figures.items():
        print(f"{name:48} {value:8.2f}")
    if options.out:
        options.out.write_text(json.dumps(figures) + "\n")
    return figures


async def _measure(cards: int) -> dict[str, float]:
    own = await _server_alone(cards)
    bare = await _bare_bot(cards)
    ours = await _steward(cards)
    floor = statistics.median(own)
    return {
        "the server's own time, median ms": floor,
        "a bare bot, median ms": statistics.median(bare),
        "Steward, median ms": statistics.median(ours),
        "Steward, 95th of 100 ms": statistics.quantiles(ours, n=20)[18],
        "Steward above the server's own time, median ms": statistics.median(ours) - floor,
        "ratio to the bare bot": statistics.median(ours) / statistics.median(bare),
        "presses": len(ours),
    }


async def _server_alone(times: int) -> list[float]:
    """How long the server takes for one edit."""
    found: list[float] = []
    async with Telegram() as telegram, aiohttp.ClientSession() as session:
        telegram.phone(OWNER)
        url = f"{telegram.url}/bot{telegram.token}/"
        async with session.post(f"{url}sendMessage", json={"chat_id": OWNER, "text": "0"}) as sent:
            message = (await sent.json())["result"]["message_id"]
        for number in range(times):
            body = {"chat_id": OWNER, "message_id": message, "text": f"now {number}"}
            began = time.perf_counter()
            async with session.post(f"{url}editMessageText", json=body) as answer:
                await answer.read()
            found.append((time.perf_counter() - began) * 1000)
    return found


async def _bare_bot(presses: int) -> list[float]:
    """python-telegram-bot as its tutorial has it."""

    async def pressed(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        query = update.callback_query
        assert query is not None
        await query.answer()
        await query.edit_message_text("final")

    async with Telegram() as telegram:
        phone = telegram.phone(OWNER)
        builder = Application.builder().token(telegram.token)
        bot = builder.base_url(telegram.base_url).base_file_url(telegram.base_file_url).build()
        bot.add_handler(CallbackQueryHandler(pressed))
        async with bot:
            await bot.start()
            assert bot.updater is not None
            await bot.updater.start_polling()
            button = InlineKeyboardMarkup([[InlineKeyboardButton("No", callback_data="no")]])
            for number in range(presses):
                await bot.bot.send_message(OWNER, f"card {number}", reply_markup=button)
            cards = [one for one in phone.received if one.buttons]
            found = [await _pressed(phone, card, "final") for card in cards]
            await bot.updater.stop()
            await bot.stop()
    return found


async def _steward(cards: int) -> list[float]:
    with tempfile.TemporaryDirectory() as folder:
        async with Telegram() as telegram:
            phone = telegram.phone(OWNER)
            lines = ("[telegram]", f'token = "{telegram.token}"', f'api_url = "{telegram.url}"')
            async with running(Path(folder) / "data", *smtp_lines(9), *lines) as steward:
                await phone.send("/start")
                for number in range(cards):
                    await phone.document("mail.eml", _enquiry(number), mime="message/rfc822")
                open_cards = await phone.until(
                    lambda one: _open(one) if len(_open(one)) >= cards else None,
                    within_s=WITHIN_S + cards,
                )
                async with asyncio.TaskGroup() as group:
                    busy = group.create_task(_keep_busy(steward))
                    found = [await _pressed(phone, card, "Put away") for card in open_cards]
                    busy.cancel()
    return found


def _open(phone: Phone) -> list[Message]:
    return [one for one in phone.received if "No" in [str(button) for button in one.buttons]]


async def _pressed(phone: Phone, card: Message, final: str) -> float:
    began = time.perf_counter()
    await phone.press(card, "No")
    await phone.until(lambda _: final in card.text, within_s=WITHIN_S)
    return (time.perf_counter() - began) * 1000


async def _keep_busy(steward: Steward) -> None:
    """Give the worker letters to read, one after the other."""
    client = Client.of(steward.data)
    assert client is not None
    number = 0
    while True:
        number += 1
        body = {"text": letter(f"busy-{number}").decode(), "forward": True, "wait_s": 0}
        with contextlib.suppress(ConnectionError):
            await asyncio.to_thread(client.ask, "POST", "say", body)
        await asyncio.sleep(BUSY_EVERY_S)


def _enquiry(number: int) -> bytes:
    return (
        f"From: Marta {number} <marta@cafe{number}.example>\r\n"
        f"Subject: Landing page for menu {number}\r\nMessage-ID: <{number}@cafe.example>\r\n"
        "Date: Mon, 9 Mar 2026 18:12:00 +0000\r\n\r\n"
        "Hi Dana, we'd like a landing page. Could you send me a quote by Friday? Thanks, Marta\r\n"
    ).encode()


if __name__ == "__main__":
    main()
