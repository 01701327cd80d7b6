"""The page in a real browser: typed, pressed, edited, reloaded."""

import pytest
from playwright.async_api import Page, expect

from tests.bot.house import a_mail
from tests.bot.served import a_served_house

pytestmark = pytest.mark.asyncio(loop_scope="module")

NASTY = '<img src=x onerror="document.title=1"><script>document.title=1</script>'


async def say(page: Page, text: str) -> None:
    await page.get_by_label("Message", exact=True).fill(text)
    await page.get_by_role("button", name="Send", exact=True).tap()


async def test_what_is_typed_is_received_and_answered(tmp_path, phones):
    async with a_served_house(tmp_path) as served:
        page = await phones.phone(served.web.fresh_link())

        await say(page, "/find banana")

        await expect(page.get_by_text('I have nothing about "banana".')).to_be_visible()
        await expect(page.locator(".mine small")).not_to_have_text("Sending")


async def test_line_breaks_arrive_as_they_were_typed(tmp_path, phones):
    async with a_served_house(tmp_path) as served:
        page = await phones.phone(served.web.fresh_link())

        await say(page, "Notes:\n- one\n- two")

        await expect(page.locator(".mine small")).not_to_have_text("Sending")
        (kept,) = await served.house.sources()
        assert kept.text == "Notes:\n- one\n- two"


async def test_a_press_changes_the_card_in_place_and_a_reload_keeps_it(tmp_path, phones):
    async with a_served_house(tmp_path) as served:
        page = await phones.phone(served.web.fresh_link())
        await served.house.put_card()

        await page.get_by_role("button", name="Approve").tap()
        await expect(page.get_by_text("Leaves at")).to_be_visible()
        await page.reload()

        await expect(page.get_by_text("Leaves at")).to_be_visible()
        await expect(page.get_by_role("button", name="Undo")).to_be_visible()
        await expect(page.get_by_role("button", name="Approve")).to_have_count(0)


async def test_edit_begins_with_the_cards_text_and_shows_the_new_one(tmp_path, phones):
    async with a_served_house(tmp_path) as served:
        page = await phones.phone(served.web.fresh_link())
        await served.house.put_card(a_mail("Hi Marta, 1,200 EUR."))

        await page.get_by_role("button", name="Edit").tap()
        area = page.get_by_label("Write the new text")
        await expect(area).to_have_value("Hi Marta, 1,200 EUR.")
        await area.fill("Hi Marta, 1,300 EUR.")
        await page.get_by_role("button", name="Use this text").tap()

        await expect(page.locator("blockquote")).to_have_text(
            ["Hi Marta, 1,200 EUR.", "Hi Marta, 1,300 EUR."]
        )
        await expect(page.get_by_role("button", name="Approve")).to_have_count(1)


async def test_a_strangers_markup_is_shown_and_never_run(tmp_path, phones):
    async with a_served_house(tmp_path) as served:
        page = await phones.phone(served.web.fresh_link())
        await served.house.put_card(a_mail(NASTY))
        await served.house.outbox.tell(NASTY)

        await expect(page.locator("blockquote")).to_have_text(NASTY)
        await expect(page.locator(".says").last).to_have_text(NASTY)
        assert await page.title() == "Steward"
        assert await page.locator("#log img").count() == 0


async def test_a_question_is_skipped_and_the_next_one_comes(tmp_path, phones):
    async with a_served_house(tmp_path) as served:
        page = await phones.phone(served.web.fresh_link())

        await page.get_by_role("button", name="Skip").tap()

        await expect(page.get_by_text("Who are you?")).to_be_visible()
        await expect(page.get_by_text("Skipped.")).to_be_visible()


async def test_a_file_goes_with_the_message_and_can_be_left_out(tmp_path, phones):
    async with a_served_house(tmp_path) as served:
        page = await phones.phone(served.web.fresh_link())
        mail = {"name": "offer.eml", "mimeType": "message/rfc822", "buffer": b"From: a@b.example"}
        note = {"name": "secret.txt", "mimeType": "text/plain", "buffer": b"not this one"}
        await page.locator("#picker").set_input_files([mail, note])

        await page.get_by_role("button", name="Leave out secret.txt").tap()
        await page.get_by_role("button", name="Send", exact=True).tap()

        await expect(page.locator(".mine .attached")).to_have_text(["offer.eml"])
        await expect(page.locator(".mine small")).not_to_have_text("Sending")
        (kept,) = await served.house.sources()
        assert "offer.eml" in kept.files
        assert "secret.txt" not in kept.files


async def test_stop_from_the_menu_shows_on_the_page_and_on_what_waits(tmp_path, phones):
    async with a_served_house(tmp_path) as served:
        page = await phones.phone(served.web.fresh_link())
        await served.house.put_card()
        await page.get_by_role("button", name="Approve").tap()

        await page.get_by_role("button", name="Menu").tap()
        await page.get_by_role("menuitem", name="Stop").tap()

        await expect(page.get_by_text("Stopped. Nothing leaves.", exact=True)).to_be_visible()
        await expect(page.get_by_text("Everything is stopped. This waits")).to_be_visible()


async def test_a_message_that_did_not_arrive_is_sent_again_by_itself(tmp_path, phones):
    async with a_served_house(tmp_path) as served:
        page = await phones.phone(served.web.fresh_link())
        await page.context.set_offline(True)
        await say(page, "/find banana")
        await expect(page.get_by_text("Not received yet. I keep trying.")).to_be_visible()

        await page.context.set_offline(False)

        await expect(page.get_by_text('I have nothing about "banana".')).to_be_visible(
            timeout=15_000
        )
        assert len(await served.house.sources()) == 1


async def test_everything_to_press_is_large_enough_for_a_thumb(tmp_path, phones):
    async with a_served_house(tmp_path) as served:
        page = await phones.phone(served.web.fresh_link())
        await served.house.put_card()
        await page.get_by_role("button", name="Approve").wait_for()

        for button in await page.locator("button:visible").all():
            box = await button.bounding_box()
            assert box is not None
            assert box["width"] >= 44, await button.inner_text()
            assert box["height"] >= 44, await button.inner_text()


async def test_a_long_word_does_not_widen_the_page(tmp_path, phones):
    async with a_served_house(tmp_path) as served:
        page = await phones.phone(served.web.fresh_link())
        await served.house.put_card(a_mail("x" * 400))
        await page.get_by_role("button", name="Approve").wait_for()

        assert await page.evaluate("document.documentElement.scrollWidth") <= 390
