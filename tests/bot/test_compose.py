"""A door that breaks says so once, on the others, and takes nobody with it."""

import asyncio
import contextlib
import json
import re
import sqlite3

import httpx
import pytest

from bot.compose import keep_open, run_doors
from bot.embedded import url_of
from memory.config import Config, load
from memory.errors import Refused, Unavailable
from tests.bot.house import House, a_house
from tests.doubles.slack import Slack
from tests.doubles.telegram import Telegram


class Door:
    """A door that breaks each time in a way of its own, then stays open."""

    def __init__(self, *troubles: Exception) -> None:
        self._troubles = list(troubles)
        self.opened = 0
        self.steady = asyncio.Event()

    async def run(self) -> None:
        self.opened += 1
        if self._troubles:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._break(self._troubles.pop(0)))
        self.steady.set()
        await asyncio.Event().wait()

    async def _break(self, trouble: Exception) -> None:
        raise trouble


@pytest.fixture
async def house(data):
    async with a_house(data, Config(), busy_s=0.05) as house:
        yield house


async def kept(house: House, door: Door) -> None:
    """Keep a door open until it stays so."""
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        keeping = group.create_task(keep_open(house.outbox, "Telegram", door.run, pause_s=0.01))
        await door.steady.wait()
        keeping.cancel()


async def test_the_same_trouble_is_said_once(house):
    door = Door(*[Unavailable("I can't reach Telegram.", hint="I try again.") for _ in range(3)])

    await kept(house, door)

    assert door.opened == 4
    assert await house.told() == ("I can't reach Telegram. I try again.",)


async def test_another_trouble_is_news(house):
    await kept(house, Door(Unavailable("It is gone."), Unavailable("It is slow.")))

    assert await house.told() == ("It is gone.", "It is slow.")


async def test_it_rings(house):
    await kept(house, Door(Unavailable("It is gone.")))

    assert [one.notice.rings for one in await house.outbox.all_shown()] == [True]


async def test_a_door_that_breaks_in_an_unknown_way_says_so_too(house, caplog):
    await kept(house, Door(ValueError("a bug"), ValueError("a bug")))

    assert await house.told() == ("The Telegram door broke. I open it again by myself.",)
    assert [record.message for record in caplog.records] == ["door broke", "door broke"]


async def test_a_refused_token_closes_that_door_for_good(house):
    door = Door(Refused("Telegram does not know this token.", hint="Put a new one in."))

    async with asyncio.timeout(10):
        await keep_open(house.outbox, "Telegram", door.run, pause_s=0.01)

    assert door.opened == 1
    assert await house.told() == ("Telegram does not know this token. Put a new one in.",)


async def test_what_could_not_be_said_while_memory_was_busy_is_said_later(house):
    lock = sqlite3.connect(house.company.data / "steward.db", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")

    class Freeing(Door):
        async def run(self) -> None:
            if self.opened == 2:
                lock.execute("ROLLBACK")
            await super().run()

    await kept(house, Freeing(*[Unavailable("It is gone.") for _ in range(4)]))
    lock.close()

    assert await house.told() == ("It is gone.",)


async def test_the_doors_end_by_themselves_once_new_settings_are_kept(data, capsys):
    async with Telegram(token="42424242:local-test-token") as telegram:
        (data / "config.toml").write_text(f'[telegram]\napi_url = "{telegram.url}"\n')
        async with asyncio.timeout(30), asyncio.TaskGroup() as group:
            doors = group.create_task(
                run_doors(load(data / "config.toml", {}), data, url_of(data), renewable=True)
            )
            while not (data / "door.json").exists():  # noqa: ASYNC110 - a file tells nobody
                await asyncio.sleep(0.02)
            link = capsys.readouterr().out.removeprefix("ready ").strip()
            origin = link.partition("/?")[0]
            async with httpx.AsyncClient(base_url=origin, headers={"Origin": origin}) as browser:
                await browser.get(link)
                kept = await browser.post(
                    "/api/settings/telegram", json={"token": telegram.token}, timeout=20
                )
            await doors

        assert kept.json()["kept"]
        assert load(data / "config.toml", {}).telegram.token.get_secret_value() == telegram.token
        assert not (data / "door.json").exists()


async def test_the_doors_open_without_redis_and_say_where(data, capsys):
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        doors = group.create_task(run_doors(Config(), data, url_of(data)))
        while not (data / "door.json").exists():  # noqa: ASYNC110 - a file tells nobody
            await asyncio.sleep(0.02)
        doors.cancel()

    assert capsys.readouterr().out.startswith("ready http://127.0.0.1:")


async def test_the_forwarding_address_opens_with_the_others(data, capsys):
    inbound = {"listen": "127.0.0.1:0", "token": "abcdefgh12345678"}
    config = Config.model_validate({"mail": {"inbound": inbound}})
    said = ""
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        doors = group.create_task(run_doors(config, data, url_of(data)))
        while "inbound" not in said:
            await asyncio.sleep(0.02)
            said += capsys.readouterr().out
        doors.cancel()

    assert re.search(r"^inbound 127\.0\.0\.1:[1-9]\d*$", said, re.MULTILINE)
    assert "abcdefgh" not in said


async def test_slack_opens_beside_the_page_and_says_how_to_pair(data, capsys):
    async with Slack() as slack:
        config = {"bot_token": slack.bot_token, "app_token": slack.app_token, "api_url": slack.url}
        printed = ""
        async with asyncio.timeout(20), asyncio.TaskGroup() as group:
            doors = group.create_task(
                run_doors(Config.model_validate({"slack": config}), data, url_of(data))
            )
            while "\nslack " not in printed or not slack.delivery.sockets:
                await asyncio.sleep(0.02)
                printed += capsys.readouterr().out
            doors.cancel()

        assert f'slack {slack.url}/team/U0STEWARD write "pair ' in printed


async def test_a_slack_token_that_is_no_good_is_said_on_the_other_doors(data):
    async with Slack() as slack:
        config = {"bot_token": "xoxb-old", "app_token": slack.app_token, "api_url": slack.url}
        says = "SELECT text FROM notice WHERE text LIKE 'Slack does not accept the token%'"
        found: list[tuple[str]] = []
        async with asyncio.timeout(20), asyncio.TaskGroup() as group:
            doors = group.create_task(
                run_doors(Config.model_validate({"slack": config}), data, url_of(data))
            )
            while not found:
                await asyncio.sleep(0.05)
                with contextlib.closing(sqlite3.connect(data / "steward.db")) as looking:
                    found = looking.execute(says).fetchall()
            doors.cancel()

    assert "config.toml" in found[0][0]


async def test_a_full_disk_is_told_once_for_all_doors_though_nothing_comes_in(data):
    hook = {"token": "t0ken"}
    config = Config.model_validate({"hooks": {"shop": hook}})
    says = "SELECT text FROM notice WHERE text LIKE '%nearly full%'"
    found: list[tuple[str]] = []
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        doors = group.create_task(run_doors(config, data, url_of(data), least_bytes=2**62))
        while not found or not (data / "door.json").exists():
            await asyncio.sleep(0.05)
            with contextlib.closing(sqlite3.connect(data / "steward.db")) as looking:
                found = looking.execute(says).fetchall()
        port = json.loads((data / "door.json").read_text())["port"]
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as shop:
            headers = {"Authorization": "Bearer t0ken"}
            answer = await shop.post("/hooks/shop", json={"order": 7}, headers=headers)
        with contextlib.closing(sqlite3.connect(data / "steward.db")) as looking:
            found = looking.execute(says).fetchall()
        doors.cancel()

    assert answer.status_code == 503
    assert len(found) == 1
