"""The settings sheet in a real browser: opened, filled in wrongly and rightly, closed."""

import pytest
from playwright.async_api import Page, expect

from tests.bot.test_settings import TOKEN, a_sheet, local
from tests.doubles.slack import Slack
from tests.doubles.telegram import Telegram
from tests.house.words import assert_plain

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def opened(page: Page, what: str) -> None:
    await page.get_by_role("button", name="Menu", exact=True).tap()
    await page.get_by_role("menuitem", name="Settings").tap()
    await page.locator("#settings .panels > details > summary", has_text=what).tap()


async def test_a_wrong_token_is_told_at_its_field_and_a_right_one_shows_what_to_scan(data, phones):
    async with Telegram(token=TOKEN) as telegram, a_sheet(data, local(telegram)) as sheet:
        page = await phones.phone(sheet.web.fresh_link())
        await opened(page, "Phone")
        token, connect = (
            page.get_by_label("Token", exact=True),
            page.get_by_role("button", name="Connect"),
        )

        await connect.tap()
        await expect(page.get_by_role("alert")).to_have_text(
            "There is no token yet.Copy it from BotFather's message and paste it here."
        )
        await expect(token).to_be_focused()
        await expect(token).to_have_attribute("aria-invalid", "true")
        await token.fill(TOKEN)
        await connect.tap()

        await expect(page.get_by_alt_text("A code that opens the chat")).to_be_visible()
        await expect(page.get_by_role("alert")).to_have_count(0)
        await expect(token).to_be_hidden()
        assert TOKEN not in await page.content()

        await sheet.house.outbox.pair("telegram", "111", "111")
        await expect(page.get_by_text("Your phone is paired.")).to_be_visible(timeout=15_000)


async def test_an_address_fills_in_its_servers_and_leaves_what_was_typed(data, phones):
    async with a_sheet(data) as sheet:
        page = await phones.phone(sheet.web.fresh_link())
        await opened(page, "Mail")

        await page.get_by_label("Your address").fill("dana@gmail.com")
        await page.get_by_label("App password").focus()
        await expect(page.locator(".servers summary span")).to_have_text("Gmail")
        await expect(page.get_by_text("myaccount.google.com/apppasswords")).to_be_visible()
        await page.locator(".servers summary").tap()
        await page.locator("[name=imap_host]").fill("127.0.0.1")
        await page.get_by_label("Your address").fill("dana@own.example")
        await page.get_by_label("App password").focus()

        await expect(page.locator("[name=smtp_host]")).to_have_value("smtp.own.example")
        await expect(page.locator("[name=imap_host]")).to_have_value("127.0.0.1")
        await expect(page.get_by_text("guessed from the address")).to_be_visible()


async def test_what_is_set_is_shown_without_its_secret(data, phones):
    text = (
        '[mail]\nfrom_address = "dana@own.example"\n[mail.smtp]\nhost = "smtp.own.example"\n'
        'username = "dana@own.example"\npassword = "hush"\n'
    )
    async with a_sheet(data, text) as sheet:
        page = await phones.phone(sheet.web.fresh_link())
        await opened(page, "Mail")

        await expect(page.get_by_label("Your address")).to_have_value("dana@own.example")
        await expect(page.get_by_label("App password")).to_have_value("")
        await expect(
            page.get_by_placeholder("Kept. Leave it empty to go on with it.")
        ).to_be_visible()
        assert "hush" not in await page.content()


async def test_escape_closes_it_and_leaves_no_secret_behind(data, phones):
    async with a_sheet(data) as sheet:
        page = await phones.phone(sheet.web.fresh_link())
        await opened(page, "Mail")
        await page.get_by_label("App password").fill("hush")

        await page.keyboard.press("Escape")

        await expect(page.get_by_label("App password")).to_be_hidden()
        await expect(page.locator("#set-mail [name=password]")).to_have_value("")


async def test_everything_in_the_sheet_fits_a_thumb_and_a_narrow_screen(data, phones):
    async with a_sheet(data) as sheet:
        page = await phones.phone(sheet.web.fresh_link())
        for what in ("Phone", "Mail", "Model", "Slack"):
            await opened(page, what)
            if what == "Mail":
                await page.locator(".servers summary").tap()
            assert_plain(await page.locator("#settings").inner_text(), quoted=[str(sheet.file)])
            boxes = "#settings button:visible, #settings input:visible, #settings select:visible"
            for box in await page.locator(f"{boxes}, #settings summary:visible").all():
                size = await box.bounding_box()
                assert size is not None
                assert size["height"] >= 44, await box.inner_html()
                assert size["x"] >= 0, await box.inner_html()
                assert size["x"] + size["width"] <= 390, await box.inner_html()
            await page.get_by_role("button", name="Close", exact=True).tap()


async def test_slack_shows_the_words_to_send_until_the_chat_is_yours(data, phones):
    async with Slack() as slack, a_sheet(data, f'[slack]\napi_url = "{slack.url}"\n') as sheet:
        page = await phones.phone(sheet.web.fresh_link())
        await opened(page, "Slack")
        panel = page.locator("#set-slack")

        await panel.get_by_label("Bot token").fill(slack.bot_token)
        await panel.get_by_label("App token").fill(slack.app_token)
        await panel.get_by_role("button", name="Connect").tap()
        code = panel.get_by_role("button", name="pair ")
        await expect(code).to_be_visible()
        await sheet.house.outbox.pair("slack", "U111", "D111")

        await expect(
            panel.get_by_text("Your chat with the app is yours alone now.")
        ).to_be_visible()
        await expect(code).to_be_hidden()
