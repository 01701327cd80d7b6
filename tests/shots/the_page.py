"""The local page at a phone's width: the first questions, a day's cards, the settings."""

import tempfile
from pathlib import Path

from tests.doubles.browser import Browser
from tests.doubles.forwards import unforwarded
from tests.doubles.smtp import Smtp
from tests.doubles.steward import Steward, smtp_lines
from tests.doubles.telegram import Telegram
from tests.journeys.doors import AtPage
from tests.journeys.test_s1_quote import ENQUIRY
from tests.shots.camera import Console

TOKEN = "42424242:local-test-token"


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
        await owner.sees("It began with")
        await owner.says("/today")
        await owner.sees("Late: Northwind")
        await chromium.screenshot(page, into / "today.png")
        await page.close()
        await sample.kill()
