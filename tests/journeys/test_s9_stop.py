"""S9, its second half: a note to twelve people, stopped after the third, at every door."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.doubles.browser import browser
from tests.doubles.slack import Slack
from tests.doubles.slack_person import Person
from tests.doubles.smtp import Smtp
from tests.doubles.steward import Steward, running, smtp_lines
from tests.doubles.telegram import Telegram
from tests.doubles.telegram_phone import Phone
from tests.house.words import assert_plain
from tests.journeys.doors import AtPage, AtScript, OnPhone, OnSlack, Owner

SEND = "Send the spring opening note to the newsletter list"
PEOPLE = (
    *("Ines Duarte", "Paulo Reis", "Sofia Lopes", "Miguel Costa", "Clara Nunes", "Hugo Matos"),
    *("Rita Alves", "Bruno Pires", "Joana Melo", "Tiago Ramos", "Elsa Vaz", "Nuno Faria"),
)
POLICY = (
    "[policy]",
    'quiet_hours = ""',
    "mail_hold_s = 0",
    # longer than any step takes on a busy machine: what leaves, leaves when the story says so
    "pace_s = 100",
    "recipient_per_hour = 50",
    "recipient_per_day = 50",
)


@dataclass
class Everywhere:
    """The owner with every door at hand, of one running Steward."""

    steward: Steward
    smtp: Smtp
    doors: dict[str, Owner]
    phone: Phone
    dana: Person

    async def arrived(self, count: int) -> None:
        """Wait until the mail server has taken so many."""
        try:
            async with asyncio.timeout(30):
                while len(self.smtp.sent) < count:  # noqa: ASYNC110 - another process sends
                    await asyncio.sleep(0.1)
        except TimeoutError:
            message = f"{len(self.smtp.sent)} arrived instead of {count}"
            raise AssertionError(message) from None

    async def parts(self) -> list[dict[str, Any]]:
        """The mails of the newest list mail, in the order in which they leave."""
        actions = await self.steward.look("actions")
        whole = [one for one in actions if one["kind"] == "mail.many"][-1]
        return [
            one
            for one in actions
            if one["kind"] == "mail.send" and one["source"] == whole["source"]
        ]

    async def card(self) -> dict[str, Any]:
        """The newest list mail's card."""
        cards = await self.steward.look("cards?all=1")
        return [one for one in cards if one["kind"] == "mail.many"][-1]


@contextlib.asynccontextmanager
async def everywhere(folder: Path) -> AsyncGenerator[Everywhere]:
    """One Steward with all its doors open."""
    with Smtp(folder / "journal") as smtp:
        async with Telegram() as telegram, Slack() as slack, browser() as chromium:
            phone, dana = telegram.phone(111), slack.person("U111")
            lines = (
                *smtp_lines(smtp.port),
                "[telegram]",
                f'token = "{telegram.token}"',
                f'api_url = "{telegram.url}"',
                *slack.lines,
                *POLICY,
            )
            async with running(folder / "data", *lines) as steward:
                page = await chromium.phone(steward.link)
                await phone.send("/start")
                await phone.sees("yours alone", within_s=30)
                await dana.sees("yours alone", within_s=30)
                doors: dict[str, Owner] = {
                    "page": AtPage(page),
                    "telegram": OnPhone(phone),
                    "slack": OnSlack(dana),
                    "script": AtScript(steward, folder),
                }
                yield Everywhere(steward, smtp, doors, phone, dana)


async def test_stop_in_the_middle_ends_the_same_at_every_door_and_holds_through_a_kill(
    tmp_path: Path,
) -> None:
    async with everywhere(tmp_path) as house:
        endings: dict[str, object] = {}
        for name, owner in house.doors.items():
            endings[name] = await the_story(house, name, owner)

        assert endings == dict.fromkeys(house.doors, endings["page"])
        assert endings["page"] == {
            "mails": Counter({"cancelled": 9, "done": 3}),
            "whole": "done",
            "card": "3 sent, 9 cancelled. The last left at",
        }
        texts = [str(one["text"]) for one in await house.steward.look("cards?all=1")]
        for text in texts:
            assert_plain(text)
        assert await house.steward.ask("ledger", "verify")


async def the_story(house: Everywhere, name: str, owner: Owner) -> dict[str, object]:
    """One list mail from its order to its end; returns what is left of it."""
    before = len(house.smtp.sent)
    await owner.says(SEND)
    # who thinks about it may still be starting, on a busy machine
    await house.steward.until("cards?all=1", within_s=60, kind="mail.many", state="awaiting")
    await owner.sees("12 people, one mail each")
    card = await house.card()
    assert all(person in card["text"] for person in PEOPLE)
    assert len(house.smtp.sent) == before

    await owner.presses("Approve")
    await house.arrived(before + 1)
    for count in (2, 3):
        await house.steward.ask("clock", "+100s")
        await house.arrived(before + count)
    await owner.sees("3 sent, 9 to go")

    await owner.says("STOP")
    # whoever holds another door in hand sees the same
    for other in house.doors.values():
        await other.sees("3 sent, 9 held.")
    if name == "script":
        # the page and the phones would have to be opened anew: they had their turn
        await house.steward.kill()
        await house.steward.start()
    await house.steward.ask("clock", "+1h")
    await asyncio.sleep(0.5)
    assert len(house.smtp.sent) == before + 3
    assert Counter(one["state"] for one in await house.parts())["done"] == 3

    await owner.presses("Cancel 9")
    await owner.sees("3 sent, 9 cancelled. Everything is still stopped.")
    await owner.presses("Resume")
    await owner.sees("Going on since")
    if name == "script":
        await house.steward.ask("clock", "+1h")
    assert len(house.smtp.sent) == before + 3

    round_ = house.smtp.sent[before:]
    assert [len(mail.to) for mail in round_] == [1, 1, 1]
    assert len({mail.message_id for mail in round_}) == 3
    ended = await house.card()
    return {
        "mails": Counter(one["state"] for one in await house.parts()),
        "whole": ended["state"],
        "card": next(
            line.rpartition(" ")[0]
            for line in ended["text"].splitlines()
            if line.startswith("3 sent")
        ),
    }
