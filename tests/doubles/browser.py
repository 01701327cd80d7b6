"""A phone's browser: headless Chromium, with the screen of an iPhone."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser as Chromium
from playwright.async_api import Page, ViewportSize, async_playwright

from tests.doubles.chromium import FLAGS, find_chromium

WIDTH, HEIGHT = 390, 844
SCALE = 2


class Browser:
    """A running browser. Each phone is its own: no cookies are shared."""

    def __init__(self, chromium: Chromium) -> None:
        self._chromium = chromium

    async def phone(self, url: str, *, is_dark: bool = False) -> Page:
        """A page on a fresh phone, loaded."""
        context = await self._chromium.new_context(
            viewport=ViewportSize(width=WIDTH, height=HEIGHT),
            device_scale_factor=SCALE,
            is_mobile=True,
            has_touch=True,
            color_scheme="dark" if is_dark else "light",
            reduced_motion="reduce",
        )
        page = await context.new_page()
        await page.goto(url)
        return page

    async def put_away(self) -> None:
        """Every phone is switched off; the browser goes on."""
        for context in list(self._chromium.contexts):
            await context.close()

    async def stage(self, *, width: int, height: int) -> Page:
        """An empty page of its own size, to put pictures side by side."""
        return await self._chromium.new_page(viewport=ViewportSize(width=width, height=height))

    async def screenshot(self, page: Page, path: Path, *, is_whole: bool = False) -> Path:
        """Save what the phone shows as a PNG; with `is_whole`, the page beyond the screen too."""
        await page.screenshot(path=path, full_page=is_whole, animations="disabled", caret="hide")
        return path


@asynccontextmanager
async def browser() -> AsyncGenerator[Browser]:
    """Start Chromium, and stop it at the end.

    Raises:
        FileNotFoundError: No Chromium is installed.
    """
    program = find_chromium()
    if program is None:
        raise FileNotFoundError("no Chromium: install the package chromium")
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        try:
            yield Browser(chromium)
        finally:
            await chromium.close()
