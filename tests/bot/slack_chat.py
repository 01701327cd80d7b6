"""A Slack door in a small real house, on the local Slack server."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bot.intake import Intake
from bot.pump import Pump
from bot.slack import SlackDoor
from bot.slack_hooks import SlackHooks
from bot.web import Web
from bot.welcome import Welcome
from jobs.outbox import Outbox
from memory.config import Config, Owner
from memory.config import Slack as SlackConfig
from tests.bot.house import House, a_house
from tests.doubles.slack import Slack
from tests.doubles.slack_person import Person
from tests.doubles.slack_workspace import Message

DANA = "U111"
MALLORY = "U999"
_CALM_S = 0.03


@dataclass
class Chat:
    """The house, its door, and Dana."""

    house: House
    slack: Slack
    dana: Person
    door: SlackDoor
    wake: asyncio.Event
    web: Web | None = None

    def another_door(self, outbox: Outbox | None = None) -> SlackDoor:
        """The door as a second process would open it."""
        company, outbox = self.house.company, outbox or self.house.outbox
        intake = Intake(company, outbox)
        return SlackDoor(company, outbox, intake, self.wake, ping_s=1.0, pause_s=0.01)

    async def shows(self, words: str, *, button: str = "") -> Message:
        """Wait until Dana sees a message with these words and this button."""
        self.wake.set()
        return await self.dana.sees(words, button=button)

    async def quiet(self) -> None:
        """Wait until Slack shows everything, and the house knows that it does."""
        (pairing,) = await self.house.outbox.pairings("slack")
        async with asyncio.timeout(5):
            while await self.house.outbox.due(pairing):  # noqa: ASYNC110 - the pump writes it
                await asyncio.sleep(0.02)

    async def texts(self) -> list[str]:
        return [one.text for one in await self.house.sources()]

    async def turned_away(self) -> int:
        return list(await self.house.events()).count("stranger_turned_away")


@asynccontextmanager
async def at_work(door: SlackDoor) -> AsyncGenerator[None]:
    """The door while it runs."""
    task = asyncio.create_task(door.run())
    try:
        yield
    finally:
        # Let it finish what the test set off: sqlite minds to be dropped while it opens.
        await asyncio.sleep(_CALM_S)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@asynccontextmanager
async def a_chat(
    data: Path,
    slack: Slack,
    *,
    paired: bool = True,
    by_request: bool = False,
    busy_s: float = 5.0,
    **tokens: str,
) -> AsyncGenerator[Chat]:
    """Dana's chat, its door still closed.

    Args:
        paired: Whether the configuration names Dana, so that no code is needed.
        by_request: Whether Slack calls us, instead of a socket.
        tokens: What stands in the configuration instead of what is right.
    """
    way = {"signing_secret": slack.signing_secret} if by_request else {"app_token": slack.app_token}
    config = Config(
        owner=Owner(name="Dana Reyes", timezone="Europe/Lisbon", slack_id=DANA if paired else None),
        slack=SlackConfig.model_validate(
            {"bot_token": slack.bot_token, "api_url": slack.url, **way, **tokens}
        ),
    )
    dana = slack.person(DANA, email="dana@reyesstudio.example")
    async with a_house(data, config, busy_s=busy_s) as house:
        wake = asyncio.Event()
        welcome = Welcome(house.company, house.outbox)
        hooks = SlackHooks() if by_request else None
        door = SlackDoor(
            house.company, house.outbox, house.intake, wake,
            welcome=welcome, hooks=hooks, ping_s=1.0, pause_s=0.01,
        )  # fmt: skip
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(Pump(house.company, house.outbox, door, wake).run())]
            web = None
            if hooks is not None:
                web = Web(
                    house.company, house.outbox, house.intake,
                    port=0, welcome=welcome, wake=asyncio.Event(), hooks=hooks.routes(),
                )  # fmt: skip
                tasks.append(group.create_task(web.run()))
                await web.ready.wait()
                slack.delivery.address = f"http://127.0.0.1:{web.port}"
            yield Chat(house, slack, dana, door, wake, web)
            await asyncio.sleep(_CALM_S)
            for task in tasks:
                task.cancel()
    assert slack.unknown_methods == []
