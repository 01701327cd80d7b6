"""The server: one port, a file that says where, and counts for a watchman."""

import asyncio
import json
import socket
import stat

import pytest

from bot.web import Web
from bot.welcome import Welcome
from memory.config import Config, Local
from memory.errors import Misconfigured
from tests.bot.house import a_house
from tests.bot.served import a_served_house


async def test_the_scripts_file_is_for_its_owner_only_and_goes_with_the_server(tmp_path):
    place = tmp_path / "door.json"
    async with a_served_house(tmp_path) as served:
        door = json.loads(place.read_text())
        mode = stat.S_IMODE(place.stat().st_mode)

        assert door["port"] == served.web.port
        assert mode == 0o600

    assert not place.exists()


async def test_another_servers_file_is_left_alone(tmp_path):
    place = tmp_path / "door.json"
    async with a_served_house(tmp_path):
        place.write_text(json.dumps({"port": 1, "key": "another"}))

    assert place.exists()


async def test_only_this_computer_can_reach_it(tmp_path):
    async with a_served_house(tmp_path) as served:
        bound = served.web._socket

        assert bound is not None
        assert bound.getsockname()[0] == "127.0.0.1"


async def test_a_free_port_is_used_again_after_a_restart(tmp_path):
    async with a_served_house(tmp_path) as served:
        first = served.web.port
    async with a_served_house(tmp_path) as served:
        assert served.web.port == first


async def test_a_taken_port_is_a_fault_with_a_name(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        async with a_house(tmp_path, Config(local=Local(port=port))) as house:
            web = Web(
                house.company,
                house.outbox,
                house.intake,
                port=port,
                welcome=Welcome(house.company, house.outbox),
                wake=asyncio.Event(),
            )

            with pytest.raises(Misconfigured, match=str(port)):
                await web.run()


async def test_an_open_stream_does_not_hold_up_the_end(tmp_path):
    async with asyncio.timeout(10):
        async with a_served_house(tmp_path) as served, served.browser() as browser:
            stream = browser.stream("GET", "/api/stream", params={"stamp": 0})
            answer = await stream.__aenter__()
        await answer.aclose()


async def test_health_says_whether_anybody_works(tmp_path):
    async with a_served_house(tmp_path) as served, served.stranger() as watchman:
        found = (await watchman.get("/health")).json()

        assert found == {"ok": True, "worker": False, "worker_seen_at": None, "waiting": 0}


async def test_the_counts_are_for_prometheus(tmp_path):
    async with a_served_house(tmp_path) as served, served.stranger() as watchman:
        await served.house.put_card()
        await served.house.outbox.tell("A line.")

        text = (await watchman.get("/metrics")).text

        assert 'steward_actions{state="awaiting"} 1.0' in text
        assert "steward_rings_today " in text
        assert 'steward_notices{kind="line"} 1.0' in text


async def test_a_fresh_link_names_the_port_it_listens_on(tmp_path):
    async with a_served_house(tmp_path) as served:
        assert served.web.fresh_link().startswith(f"http://127.0.0.1:{served.web.port}/?token=")
