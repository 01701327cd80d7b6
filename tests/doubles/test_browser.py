"""The phone's browser, on a page of our own."""

import struct
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from tests.doubles.browser import Browser, browser

PAGE = """<!doctype html><meta name=viewport content="width=device-width">
<button onclick="this.textContent = 'Sent'; document.cookie = 'seen=1'">Approve</button>
<p id=cookie></p><script>cookie.textContent = document.cookie</script>"""


@pytest.fixture
async def url() -> AsyncIterator[str]:
    async def show(_: web.Request) -> web.Response:
        return web.Response(text=PAGE, content_type="text/html")

    app = web.Application()
    app.router.add_get("/", show)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    await runner.cleanup()


@pytest.fixture
async def phones() -> AsyncIterator[Browser]:
    async with browser() as started:
        yield started


async def test_a_phone_taps_and_takes_a_screenshot(phones, url, tmp_path):
    page = await phones.phone(url)
    await page.get_by_role("button", name="Approve").tap()
    picture = await phones.screenshot(page, tmp_path / "card.png")

    size = struct.unpack(">II", picture.read_bytes()[16:24])
    assert await page.get_by_role("button").text_content() == "Sent"
    assert size == (780, 1688)


async def test_two_phones_share_nothing(phones, url):
    first = await phones.phone(url)
    await first.get_by_role("button").tap()
    await first.reload()
    second = await phones.phone(url, is_dark=True)

    assert await first.locator("#cookie").text_content() == "seen=1"
    assert await second.locator("#cookie").text_content() == ""
    assert await second.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
