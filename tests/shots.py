"""Pictures of the running product at a phone's width: `python -m tests.shots [--into docs]`.

It fails when the browser's console shows an error.
"""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from playwright.async_api import ConsoleMessage, Page

from tests.doubles.browser import Browser, browser
from tests.doubles.forwards import unforwarded
from tests.doubles.smtp import Smtp
from tests.doubles.steward import Steward, smtp_lines
from tests.doubles.telegram import Telegram
from tests.journeys.doors import AtPage
from tests.journeys.test_s1_quote import ENQUIRY

TOKEN = "42424242:local-test-token"
NOBODY_THERE = "net::ERR_CONNECTION_REFUSED"
"""What a browser notes while the doors begin anew; at any other time it is an error."""


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


async def take(into: Path) -> tuple[str, ...]:
    """Every picture; what the browser's console complained of."""
    console = Console()
    async with browser() as chromium:
        await take_the_day(chromium, into, console)
        await take_the_settings(chromium, into, console)
    return tuple(console.errors)


async def take_the_settings(chromium: Browser, into: Path, console: Console) -> None:
    """The settings: empty, a wrong token, connected with what to scan, paired, a mail's servers."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "home"
        data.mkdir()
        async with Telegram(token=TOKEN) as telegram:
            (data / "config.toml").write_text(f'[telegram]\napi_url = "{telegram.url}"\n')
            steward = Steward(data)
            await steward.start()
            try:
                page = console.watch(await chromium.phone(steward.link))
                owner = AtPage(page)
                await owner.opens_settings("Phone")
                await page.get_by_label("Token", exact=True).focus()
                await chromium.screenshot(page, into / "settings.png")
                await owner.connects(token="42424242:not-this-token")
                await owner.sees("Telegram doesn't know this token.")
                await chromium.screenshot(page, into / "settings-wrong.png")
                console.may_be_away = True
                await owner.connects(token=TOKEN)
                await owner.sees("Scan this with your phone's camera")
                await chromium.screenshot(page, into / "settings-scan.png")
                link = await page.locator("#set-telegram .paired .link").inner_text()
                await telegram.phone(111).send(f"/start {link.partition('start=')[2]}")
                await owner.sees("Your phone is paired.", within_s=60)
                console.may_be_away = False
                await chromium.screenshot(page, into / "settings-paired.png")
                await page.locator("#set-mail > summary").click()
                await page.get_by_label("Your address").fill("dana@gmail.com")
                await owner.connects(password="")
                await owner.sees("There is no password yet.")
                await chromium.screenshot(page, into / "settings-mail.png")
                dark = console.watch(await chromium.phone("about:blank", is_dark=True))
                (link_again,) = await steward.ask("link")
                await dark.goto(link_again["link"])
                await AtPage(dark).opens_settings("Mail")
                await dark.locator(".servers > summary").click()
                await chromium.screenshot(dark, into / "settings-dark.png")
                await page.close()
                await dark.close()
            finally:
                await steward.kill()


async def take_the_day(chromium: Browser, into: Path, console: Console) -> None:
    """The first questions, a card, the card after Undo, and a list of what is due."""
    with tempfile.TemporaryDirectory() as folder, Smtp(Path(folder) / "journal") as smtp:
        fresh = Steward(Path(folder) / "fresh")
        Path(folder, "fresh").mkdir()  # noqa: ASYNC240 - a picture waits for nobody
        sample = Steward(Path(folder) / "sample")
        sample.make(*smtp_lines(smtp.port))
        await fresh.start()
        page = console.watch(await chromium.phone(fresh.link))
        owner = AtPage(page)
        await owner.sees("What do you sell")
        await owner.says("landing page 1,200 EUR, hourly 85 EUR")
        await owner.sees("Who are you?")
        await owner.says("I'm Lena, brand designer in Porto")
        await owner.sees("What should you not forget")
        await chromium.screenshot(page, into / "welcome.png")
        await page.close()
        await fresh.kill()

        await sample.start()
        page = console.watch(await chromium.phone(sample.link))
        owner = AtPage(page)
        await owner.passes_on(unforwarded(ENQUIRY))
        await owner.sees("Reply to Marta Silva")
        await chromium.screenshot(page, into / "card.png")
        await owner.presses("Approve")
        await owner.presses("Undo")
        await owner.sees("Taken back. Nothing left.")
        await chromium.screenshot(page, into / "undone.png")
        await owner.presses("Why?")
        await owner.says("/today")
        await owner.sees("Late: Northwind")
        await chromium.screenshot(page, into / "today.png")
        await page.close()
        await sample.kill()


def main(arguments: list[str] | None = None) -> int:
    """Take them all; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, default=Path("docs"))
    options = parser.parse_args(arguments)
    options.into.mkdir(parents=True, exist_ok=True)
    errors = asyncio.run(take(options.into))
    for error in errors:
        sys.stderr.write(f"the browser complains: {error}\n")
    sys.stdout.write(f"pictures are in {options.into}\n")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
