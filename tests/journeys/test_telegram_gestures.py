"""What a phone really does in one gesture, through the door, with a worker behind it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from agents.ladder import Ladder
from jobs.compose import connectors_for
from jobs.presence import Presence
from tests.bot.telegram_chat import Chat, a_chat, at_work
from tests.doubles.builders import Desk, a_letter, a_mail_from, a_rate
from tests.doubles.telegram import Telegram
from tests.house.words import assert_plain

MARTA = a_letter()
RUI = a_letter(name="Rui Costa", email="rui@costa.example", message_id="<r@costa.example>")
ANNA = a_letter(
    "The new timetable is attached. See you on Monday.",
    subject="Timetable",
    name="Harbor Yoga",
    email="anna@harboryoga.example",
    message_id="<y@harboryoga.example>",
)


@pytest.fixture
async def telegram():
    async with Telegram() as server:
        yield server


@asynccontextmanager
async def a_working_chat(data: Path, telegram: Telegram) -> AsyncGenerator[Chat]:
    """Dana's chat with a worker that thinks about everything that comes in."""
    async with a_chat(data, telegram) as chat, at_work(chat.door):
        await chat.phone.sees("yours alone")
        company = chat.house.company
        with Presence(data) as here:
            desk = Desk(company, here, connectors_for(company), Ladder(company.config))
            await desk.keep(a_rate("landing page", "1200"))
            thinking = asyncio.create_task(_think(desk, chat))
            try:
                yield chat
            finally:
                thinking.cancel()
                with suppress(asyncio.CancelledError):
                    await thinking


async def _think(desk: Desk, chat: Chat) -> None:
    while True:
        await desk.think()
        chat.wake.set()
        await asyncio.sleep(0.05)


async def test_three_mails_forwarded_at_once_ring_once(tmp_path, telegram):
    async with a_working_chat(tmp_path, telegram) as chat:
        await chat.quiet()
        seen = len(chat.phone.received)
        for letter in (MARTA, RUI, ANNA):
            await chat.phone.document("mail.eml", a_mail_from(letter))
        last = await chat.phone.sees("mails filed", within_s=20)

        rang = [one for one in chat.phone.received[seen:] if not one.silent]

    assert rang == [last]
    assert last.text == (
        "3 mails filed:\n- Marta Silva: 1 draft\n- Rui Costa: 1 draft\n- Harbor Yoga: Timetable\n"
        "2 drafts wait for you above."
    )
    assert_plain(last.text)


async def test_a_reply_and_an_edit_correct_what_was_filed(tmp_path, telegram):
    async with a_working_chat(tmp_path, telegram) as chat:
        sent = await chat.phone.send("task: send the plan")
        line = await chat.phone.sees("Task: Send the plan", within_s=20)
        await chat.phone.reply(line, "call it Send the contract")
        told = await chat.phone.sees("Changed:", within_s=20)
        await chat.phone.until(lambda _: "Send the contract" in line.text, within_s=20)
        await chat.phone.reply(sent, "done")
        await chat.phone.sees("Done: Send the contract.", within_s=20)
        price = await chat.phone.send("poster is 300")
        await chat.phone.sees("Noted: poster, 300 EUR.", within_s=20)
        await chat.phone.edit(price, "poster is 350")
        await chat.phone.sees("Corrected. Noted: poster, 350 EUR; before, 300 EUR.", within_s=20)

    assert told.text == 'Changed: "Send the contract" (was "Send the plan").'
    assert told.silent


async def test_a_shared_contact_is_filed_without_a_ring(tmp_path, telegram):
    async with a_working_chat(tmp_path, telegram) as chat:
        await chat.phone.contact("Paulo Nunes", "+351210000099")
        line = await chat.phone.sees("Contact saved", within_s=20)

    assert line.text == "Contact saved: Paulo Nunes, +351210000099."
    assert line.silent
    assert "Undo" in line.buttons
