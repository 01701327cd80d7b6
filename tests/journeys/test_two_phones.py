"""Telegram and Slack in two hands: one company, one card, one mail."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

from tests.doubles.forwards import unforwarded
from tests.doubles.slack import Slack
from tests.doubles.slack_person import Person
from tests.doubles.smtp import Smtp
from tests.doubles.steward import Steward, running, smtp_lines
from tests.doubles.telegram import Telegram
from tests.doubles.telegram_account import Message as Bubble
from tests.doubles.telegram_phone import Phone
from tests.house.words import assert_plain
from tests.journeys.test_s1_quote import ENQUIRY


@dataclass
class Hands:
    """The owner with both phones."""

    steward: Steward
    smtp: Smtp
    phone: Phone
    slack: Slack
    dana: Person

    async def card(self) -> Bubble:
        """The card on Telegram."""

        def found(phone: Phone) -> Bubble | None:
            message = phone.latest(containing="Reply to Marta Silva")
            return message if message and "Approve" in message.buttons else None

        return await self.phone.until(found, within_s=15)

    async def both_see(self, words: str) -> tuple[str, str]:
        """The whole card on each phone, once both show these words."""
        await self.phone.until(
            lambda phone: any(words in (one.text or "") for one in phone.messages), within_s=15
        )
        on_slack = await self.dana.sees(words, within_s=15)
        on_telegram = self.phone.latest(containing=words)
        assert on_telegram is not None
        return on_telegram.text, on_slack.text


@contextlib.asynccontextmanager
async def both_phones(folder: Path) -> AsyncGenerator[Hands]:
    """A Steward with the enquiry of S1 forwarded, its card on both phones."""
    with Smtp(folder / "journal") as smtp:
        async with Telegram() as telegram, Slack() as slack:
            phone, dana = telegram.phone(111), slack.person("U111")
            lines = (
                *smtp_lines(smtp.port),
                "[telegram]",
                f'token = "{telegram.token}"',
                f'api_url = "{telegram.url}"',
                *slack.lines,
            )
            async with running(folder / "data", *lines) as steward:
                await phone.send("/start")
                await phone.sees("yours alone", within_s=15)
                await dana.sees("yours alone", within_s=15)
                await dana.upload("mail.eml", unforwarded(ENQUIRY), "message/rfc822")
                yield Hands(steward, smtp, phone, slack, dana)


async def test_what_one_phone_decides_both_show_and_the_other_is_told_who_was_first(
    tmp_path: Path,
) -> None:
    async with both_phones(tmp_path) as hands:
        card = await hands.card()
        other = await hands.dana.sees("Reply to Marta Silva", button="Approve", within_s=15)
        old = other.button("Approve")

        await hands.phone.press(card, "Approve")
        await hands.both_see("Leaves at")
        where = {"type": "message", "message_ts": other.ts, "channel_id": hands.dana.chat.id}
        await hands.dana.press_raw(old, where)
        await hands.dana.until(lambda dana: dana.asides, within_s=15)
        await hands.steward.ask("clock", "+61s")
        on_telegram, on_slack = await hands.both_see("Your mail server took it")
        await hands.dana.press_raw(old, where)
        await hands.dana.until(lambda dana: len(dana.asides) > 1, within_s=15)

        assert len(hands.smtp.sent) == 1
        assert hands.dana.asides[0] == "Already approved 09:00 on Telegram."
        assert "You approved it 09:00 on Telegram." in hands.dana.asides[1]
        assert _words(on_telegram) == _words(on_slack)
        for said in (*hands.dana.asides, on_slack):
            assert_plain(said, quoted=("Bluefin Cafe",))


async def test_a_card_that_waited_through_a_crash_is_decided_once_whoever_presses_first(
    tmp_path: Path,
) -> None:
    async with both_phones(tmp_path) as hands:
        card = await hands.card()
        other = await hands.dana.sees("Reply to Marta Silva", button="Approve", within_s=15)
        # what a thumb presses is what its screen showed, however fast the card moves on
        data, button = card.button("Approve").data, other.button("Approve")
        assert data is not None
        where = {"type": "message", "message_ts": other.ts, "channel_id": hands.dana.chat.id}
        # the card hangs there for a day and a half; half a second of it is enough for its rows
        await asyncio.sleep(0.5)
        await hands.steward.kill()
        await hands.steward.start()
        await hands.steward.ask("clock", "+35h")
        await hands.slack.until(lambda: hands.slack.delivery.sockets, within_s=15)

        presses = [await hands.phone.forge_press(card, data)]
        await asyncio.sleep(0.2)
        presses.append(await hands.phone.forge_press(card, data))
        await hands.dana.press_raw(button, where)
        await hands.phone.until(lambda _: all(one.is_answered for one in presses), within_s=15)
        await hands.both_see("Leaves at")
        await hands.steward.ask("clock", "+61s")
        on_telegram, on_slack = await hands.both_see("Your mail server took it")
        told = [*(one.answer or "" for one in presses), *hands.dana.asides]
        late = [one for one in told if "lready" in one]

        assert len(hands.smtp.sent) == 1
        assert len([one for one in told if one.startswith("Leaves at")]) <= 1
        assert len(late) == 2, told
        assert all("20:00 on Telegram" in one or "20:00 on Slack" in one for one in late)
        assert _words(on_telegram) == _words(on_slack)


def _words(text: str) -> list[str]:
    """The lines of a card, without the marks that one phone sets around a quotation."""
    return [line.strip('" ') for line in text.splitlines() if line.strip()]
