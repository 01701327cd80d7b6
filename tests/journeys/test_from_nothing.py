"""From an empty folder to a paired phone and a mail that left, by what is printed and shown."""

import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.doubles.browser import browser
from tests.doubles.chromium import find_chromium
from tests.doubles.forwards import Mailbox, Original, unforwarded
from tests.doubles.imap import Imap
from tests.doubles.smtp import Smtp
from tests.doubles.steward import ROOT, Steward
from tests.doubles.telegram import Telegram
from tests.house.words import assert_plain
from tests.journeys.doors import AtPage, OnPhone
from tests.journeys.test_s1_quote import ENQUIRY

ADDRESS = "dana@reyesstudio.example"
TOKEN = "42424242:local-test-token"
RENEWED_S = 60
"""The longest that doors and worker may take to begin anew, on a machine that has much to do."""
FIRST = Original(
    author=Mailbox(name="Nora Feld", email="nora@feldweddings.example"),
    written_at=datetime(2026, 3, 9, 10, 0, tzinfo=UTC),
    subject="Landing page for our shop",
    body="Hello Dana, what would a landing page for our shop cost? Best, Nora",
    message_id="<n-1@feldweddings.example>",
)


def init(data: Path, *arguments: str) -> str:
    """What `steward init` prints."""
    return subprocess.run(
        [sys.executable, "-m", "bot", "init", "--data", str(data), *arguments],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=60,
    ).stdout  # fmt: skip


@pytest.mark.skipif(find_chromium() is None, reason="there is no browser to look with")
async def test_an_empty_home_becomes_a_company_with_a_phone_and_a_mail_account(tmp_path):
    data = tmp_path / "home"
    async with Telegram(token=TOKEN) as telegram, browser() as chromium:
        # the two settings nobody is asked for: our own Telegram, and no minute of waiting
        said = init(
            data, *("--name", "Dana Reyes", "--currency", "EUR"),
            *("--set", f"telegram.api_url={telegram.url}", "--set", "policy.mail_hold_s=0"),
        )  # fmt: skip
        assert_plain(said.partition("\n----")[0])
        assert f"1. steward run --data {data}\n" in said
        assert "choose Settings" in said

        steward = Steward(data)
        await steward.start()
        try:
            with (
                Smtp(tmp_path / "journal", username="dana", password=Imap.password) as smtp,
                Imap() as imap,
            ):
                page = await chromium.phone(steward.link)
                owner = AtPage(page)
                await owner.sees("What do you sell")
                await owner.says("landing page 1,200 EUR")

                await owner.opens_settings("Phone")
                await owner.connects(token="42424242:not-this-token")
                await owner.sees("Telegram doesn't know this token.")
                await owner.connects(token=TOKEN)
                await owner.sees("Scan this with your phone's camera")
                link = await page.locator("#set-telegram .paired .link").inner_text()
                code = re.search(r"\?start=(\S+)", link)
                assert code is not None
                phone = telegram.phone(111, started=False)
                await phone.send(f"/start {code[1]}")
                await owner.sees("Your phone is paired.", within_s=RENEWED_S)
                await owner.closes_settings()

                held = OnPhone(phone)
                await owner.passes_on(unforwarded(FIRST))
                await held.sees("Reply to Nora Feld", within_s=RENEWED_S)
                await held.presses("Approve text")
                await held.sees("Written, not sent")
                await held.presses("Connect mail")
                await held.sees("type steward link and open what it prints")
                await owner.presses("Connect mail")

                servers = {
                    "smtp_host": "127.0.0.1",
                    "smtp_port": str(smtp.port),
                    "smtp_security": "none",
                    "imap_host": "127.0.0.1",
                    "imap_port": str(imap.port),
                    "imap_security": "none",
                    "username": "dana",
                }
                await owner.connects(address=ADDRESS, password="not this", **servers)
                await owner.sees("127.0.0.1 refused this password.")
                await owner.connects(password=Imap.password)
                await owner.sees("Mail is connected: I send from")
                await owner.closes_settings()

                imap.deliver("Steward", unforwarded(ENQUIRY))
                await held.sees("Reply to Marta Silva", within_s=RENEWED_S)
                await held.presses("Approve")
                await held.sees("Sent ")

                (sent,) = smtp.sent
                assert sent.sender == ADDRESS
                assert "1,200 EUR" in sent.raw.decode()
                for message in phone.received:
                    assert_plain(message.text)

                # BotFather gives the bot another token: the page says it, and takes the new one
                telegram.token = "42424242:another-test-token"
                await owner.sees("Telegram does not accept the token of your bot.", within_s=60)
                await owner.opens_settings("Phone")
                await owner.presses("Use another bot")
                await owner.connects(token=telegram.token)
                await owner.sees("@steward_test_bot is connected.")
                await phone.send("/waiting")
                await held.sees("Waiting for your word", within_s=RENEWED_S)
        finally:
            await steward.kill()
