"""A web page elsewhere can neither read nor press anything here."""

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from bot.shield import Shield
from tests.bot.served import a_message, a_served_house


async def test_another_name_for_this_computer_is_turned_away(tmp_path):
    async with a_served_house(tmp_path) as served, served.browser() as browser:
        answer = await browser.get(
            "/api/history", headers={"Host": f"evil.example:{served.web.port}"}
        )

        assert answer.status_code == 421


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1"])
async def test_a_message_from_another_page_is_refused(tmp_path, origin):
    async with a_served_house(tmp_path) as served, served.browser() as browser:
        answer = await browser.post("/api/say", data=a_message("hi"), headers={"Origin": origin})

        assert answer.status_code == 403
        assert await served.house.sources() == []


async def test_a_message_from_nowhere_is_refused(tmp_path):
    async with a_served_house(tmp_path) as served, served.browser() as browser:
        del browser.headers["Origin"]

        answer = await browser.post("/api/say", data=a_message("hi"))

        assert answer.status_code == 403


async def test_another_page_cannot_use_the_scripting_door(tmp_path):
    async with a_served_house(tmp_path) as served, served.script() as script:
        answer = await script.post(
            "/say", json={"text": "/help"}, headers={"Origin": "http://evil.example"}
        )

        assert answer.status_code == 403


async def test_another_page_cannot_read_with_the_owners_cookie(tmp_path):
    async with a_served_house(tmp_path) as served, served.browser() as browser:
        answer = await browser.get("/api/history", headers={"Sec-Fetch-Site": "cross-site"})

        assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/", "/page/page.js", "/api/history", "/health", "/nowhere"])
async def test_every_answer_forbids_frames_scripts_of_others_and_keeping_it(tmp_path, path):
    async with a_served_house(tmp_path) as served, served.browser() as browser:
        headers = (await browser.get(path)).headers

        assert "script-src 'self'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"


async def test_more_than_25_mb_is_refused_and_nothing_is_kept(tmp_path):
    async with a_served_house(tmp_path) as served, served.browser() as browser:
        large = {"file": ("film.mov", b"0" * (27 * 1024 * 1024), "video/quicktime")}

        answer = await browser.post("/api/say", data=a_message("look"), files=large)

        assert answer.status_code == 413
        assert "25 MB" in answer.json()["error"]
        assert await served.house.sources() == []


async def test_what_platforms_call_may_come_under_any_name_of_ours(tmp_path):
    async def answer(_request):
        return Response("taken")

    shield = Shield(
        Starlette(routes=[Route("/telegram/{name}", answer, methods=["POST"])]),
        1,
        hooks=("/telegram/",),
    )
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(shield), base_url="http://bot.example"
    ) as client:
        taken = await client.post("/telegram/update")
        elsewhere = await client.post("/api/say")

    assert (taken.status_code, elsewhere.status_code) == (200, 421)
