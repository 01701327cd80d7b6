"""A Telegram door in a small real house, on the local Bot API server."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bot.pump import Pump
from bot.telegram import TelegramDoor
from bot.telegram_hook import TelegramHook
from bot.welcome import Welcome
from jobs.outbox import Outbox
from memory.config import Config, Owner
from memory.config import Telegram as TelegramConfig
from tests.bot.house import House, a_house
from tests.doubles.telegram import Telegram
from tests.doubles.telegram_account import Message
from tests.doubles.telegram_phone import Phone

DANA = 111
MALLORY = 999
SECRET = "a-secret-of-its-own"


@dataclass
class Chat:
    """The house, its door, and Dana's phone."""

    house: House
    telegram: Telegram
    phone: Phone
    door: TelegramDoor
    wake: asyncio.Event

    def another_door(self, outbox: Outbox | None = None) -> TelegramDoor:
        """The door as a second process would open it."""
        house = self.house
        return TelegramDoor(
            house.company, outbox or house.outbox, house.intake, self.wake, pause_s=0.01
        )

    async def shows(self, words: str, *, button: str = "") -> Message:
        """Wait until the phone shows a message with these words and this button."""
        self.wake.set()

        def found(phone: Phone) -> Message | None:
            message = phone.latest(containing=words)
            return message if message and (not button or button in message.buttons) else None

        return await self.phone.until(found)

    async def quiet(self) -> None:
        """Wait until the phone shows everything, and the house knows that it does."""
        (pairing,) = await self.house.outbox.pairings("telegram")
        async with asyncio.timeout(30):
            waiting = await self.house.outbox.due(pairing)
            while waiting:
                await asyncio.sleep(0.02)
                waiting = await self.house.outbox.due(pairing)

    async def settled(self) -> None:
        """Wait until Telegram was told that everything sent so far was received."""
        await self.telegram.until(lambda: not self.telegram.account.updates.pending)


@asynccontextmanager
async def at_work(door: TelegramDoor) -> AsyncGenerator[None]:
    """The door while it runs."""
    task = asyncio.create_task(door.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@asynccontextmanager
async def a_chat(
    data: Path,
    telegram: Telegram,
    *,
    paired: bool = True,
    started: bool = True,
    busy_s: float = 5.0,
    token: str | None = None,
    hook: TelegramHook | None = None,
    address: str = "",
) -> AsyncGenerator[Chat]:
    """Dana's chat, its door still closed.

    Args:
        paired: Whether the configuration names Dana, so that no code is needed.
        started: Whether Dana ever wrote to the bot.
        hook: Where Telegram brings messages; without one the door asks for them.
        address: What Telegram is told of where that is.
    """
    config = Config(
        owner=Owner(name="Dana Reyes", timezone="Europe/Lisbon", telegram_id=DANA)
        if paired
        else Owner(name="Dana Reyes", timezone="Europe/Lisbon"),
        telegram=TelegramConfig.model_validate(
            {
                "token": token or telegram.token,
                "api_url": telegram.url,
                "webhook_url": address,
                "webhook_secret": SECRET if address else "",
            }
        ),
    )
    phone = telegram.phone(DANA, started=started)
    async with a_house(data, config, busy_s=busy_s) as house:
        wake = asyncio.Event()
        welcome = Welcome(house.company, house.outbox)
        door = TelegramDoor(
            house.company,
            house.outbox,
            house.intake,
            wake,
            welcome=welcome,
            hook=hook,
            pause_s=0.01,
            watch_s=0.05,
        )
        pump = asyncio.create_task(Pump(house.company, house.outbox, door, wake).run())
        try:
            yield Chat(house, telegram, phone, door, wake)
        finally:
            pump.cancel()
            with suppress(asyncio.CancelledError):
                await pump
            telegram.assert_only_known_methods()
