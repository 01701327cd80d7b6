"""Takes the pictures, and notes what the browser complains of."""

import io
from pathlib import Path

from PIL import Image
from playwright.async_api import ConsoleMessage, Page

from tests.doubles.browser import Browser
from tests.shots.paper import CUT_LABELS

NOBODY_THERE = "net::ERR_CONNECTION_REFUSED"
"""What a browser notes while the doors begin anew; at any other time it is an error."""
_COLOURS = 256


class Console:
    """What the browser complains of."""

    def __init__(self) -> None:
        self.errors: list[str] = []
        self.may_be_away = False
        """Whether the doors are beginning anew."""

    def watch(self, page: Page) -> Page:
        """Listen to one page."""
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.errors.append(f"{page.url}: {error}"))
        return page

    def _note(self, message: ConsoleMessage) -> None:
        away = self.may_be_away and NOBODY_THERE in message.text
        if message.type == "error" and not away:
            self.errors.append(message.text)


class Camera:
    """Photographs a phone that shows one page of HTML."""

    def __init__(self, chromium: Browser, into: Path, console: Console) -> None:
        self._chromium = chromium
        self._into = into
        self._console = console

    async def take(self, name: str, page_html: str) -> None:
        """One picture, as tall as what there is to see, in few colours.

        Raises:
            ValueError: A button's label is too long for its place.
        """
        page = self._console.watch(await self._chromium.phone("about:blank"))
        await page.set_content(page_html)
        cut = await page.evaluate(CUT_LABELS)
        raw = await page.locator("body").screenshot(animations="disabled")
        await page.close()
        self._into.mkdir(parents=True, exist_ok=True)
        image = _in_few_colours(Image.open(io.BytesIO(raw)))
        image.convert("RGB").save(self._into / f"{name}.webp", lossless=True, method=6)
        if cut:
            raise ValueError(f"{name}: these do not fit on their buttons: {cut}")


def shrink(place: Path) -> None:
    """Save a PNG again with as few bytes as nobody will notice."""
    with Image.open(place) as image:
        smaller = _in_few_colours(image)
    smaller.save(place, optimize=True)


def _in_few_colours(image: Image.Image) -> Image.Image:
    return image.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
