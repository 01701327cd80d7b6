"""A small house with its server on a real port, and browsers and scripts that talk to it."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from bot.disk import LEAST_BYTES
from bot.web import Web
from bot.welcome import Welcome
from memory.config import Config, Owner
from memory.ids import new_id
from tests.bot.house import House, a_house

DANA = Config(owner=Owner(name="Dana Reyes", timezone="Europe/Lisbon"))


@dataclass
class Served:
    """A company whose server runs."""

    house: House
    web: Web
    welcome: Welcome

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.web.port}"

    def stranger(self) -> httpx.AsyncClient:
        """A browser on this computer that was never let in."""
        return httpx.AsyncClient(base_url=self.address, headers={"Origin": self.address})

    @asynccontextmanager
    async def browser(self) -> AsyncGenerator[httpx.AsyncClient]:
        """A browser that has opened a fresh link."""
        async with self.stranger() as client:
            await client.get(self.web.fresh_link())
            yield client

    @asynccontextmanager
    async def script(self) -> AsyncGenerator[httpx.AsyncClient]:
        """A script that has read DATA/door.json."""
        door = json.loads((self.house.company.data / "door.json").read_text())
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{door['port']}/door",
            headers={"Authorization": f"Bearer {door['key']}"},
        ) as client:
            yield client


@asynccontextmanager
async def a_served_house(
    data: Path, config: Config = DANA, *, least_bytes: int = LEAST_BYTES
) -> AsyncGenerator[Served]:
    """The house with its server, while a test runs; without a worker."""
    async with a_house(data, config, least_bytes=least_bytes) as house:
        welcome = Welcome(house.company, house.outbox)
        web = Web(
            house.company,
            house.outbox,
            house.intake,
            port=config.local.port,
            welcome=welcome,
            wake=asyncio.Event(),
        )
        async with asyncio.TaskGroup() as group:
            running = group.create_task(web.run())
            await web.ready.wait()
            yield Served(house, web, welcome)
            running.cancel()


def a_message(text: str, **fields: str) -> dict[str, str]:
    """The fields of a message as the page sends it."""
    return {"id": new_id("m").replace("_", "-"), "text": text, **fields}


async def the_cards(browser: httpx.AsyncClient) -> list[dict]:
    """The cards that the page begins with."""
    return (await browser.get("/api/history")).json()["cards"]


async def press(
    browser: httpx.AsyncClient, card: dict, verb: str, text: str = ""
) -> httpx.Response:
    """Press the first button of a card with this verb."""
    token = next(one["token"] for one in card["buttons"] if one["verb"] == verb)
    pressed = {"id": new_id("p").replace("_", "-"), "token": token, "text": text}
    return await browser.post("/api/press", json=pressed)
