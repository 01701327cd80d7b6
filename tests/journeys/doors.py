"""The owner at each door: the same gestures, whatever they hold in their hand."""

import asyncio
import re
from pathlib import Path
from typing import Any, Protocol

from playwright.async_api import Page, expect

from tests.doubles.imap import Imap
from tests.doubles.slack_person import Person
from tests.doubles.steward import Steward
from tests.doubles.telegram_phone import Message, Phone

VERBS = {
    "Approve": "approve",
    "Undo": "undo",
    "Send after all": "send",
    "Why?": "why",
    "Leave it": "reject",
    "Send": "approve",
    "No": "reject",
    "Stop": "stop",
    "Resume": "resume",
    "Show": "show",
    "Cancel": "cancel",
}
"""What each label of the story means at the scripting door."""


class Owner(Protocol):
    """The owner with one door in hand."""

    async def says(self, text: str) -> None:
        """Write a message."""
        ...

    async def passes_on(self, raw: bytes) -> None:
        """Forward a mail."""
        ...

    async def passes_on_again(self, raw: bytes) -> None:
        """Forward the same mail once more, and see that nothing new is made of it."""
        ...

    async def presses(self, label: str) -> None:
        """Press the newest button with this label."""
        ...

    async def sees(self, words: str) -> None:
        """Wait until the door shows these words."""
        ...


class AtScript:
    """The owner's own scripts."""

    def __init__(self, steward: Steward, folder: Path) -> None:
        self._steward = steward
        self._folder = folder
        self._count = 0

    async def passes_on(self, raw: bytes) -> None:
        await self._say(raw)

    async def passes_on_again(self, raw: bytes) -> None:
        lines = await self._say(raw)
        assert ["Already filed" in str(line.get("text")) for line in lines] == [True]

    async def _say(self, raw: bytes) -> list[dict[str, Any]]:
        self._count += 1
        file = self._folder / f"mail-{self._count}.eml"
        file.write_bytes(raw)
        return await self._steward.ask("say", "--forward", "--file", str(file))

    async def presses(self, label: str) -> None:
        # a count belongs to the label and not to what it means
        verb = VERBS[label.rstrip(" 0123456789")]
        card = await self._newest(verb)
        await self._steward.ask("press", card["card"], verb)

    async def says(self, text: str) -> None:
        await self._steward.ask("say", text)

    async def sees(self, words: str) -> None:
        lines: list[dict[str, Any]] = []
        try:
            async with asyncio.timeout(15):
                while True:
                    lines = await self._steward.look("cards?all=1")
                    if any(words in str(line.get("text", "")) for line in lines):
                        return
                    await asyncio.sleep(0.1)
        except TimeoutError:
            shown = "\n---\n".join(str(line.get("text", "")) for line in lines)
            raise AssertionError(f'"{words}" is not among:\n{shown}') from None

    async def _newest(self, verb: str) -> dict[str, Any]:
        cards = await self._steward.look("cards?all=1")
        able = [
            one for one in cards if verb in one.get("buttons", []) and one.get("kind") != "file"
        ]
        assert able, f"no card offers {verb}: {cards}"
        return able[-1]


class AtPage:
    """The page in headless Chromium."""

    def __init__(self, page: Page) -> None:
        self._page = page

    async def opens_settings(self, what: str) -> None:
        """Menu, Settings, and one of its four parts: Phone, Mail, Model or Slack."""
        await self._page.get_by_role("button", name="Menu", exact=True).click()
        await self._page.get_by_role("menuitem", name="Settings").click()
        await self._page.locator("#settings summary", has_text=what).first.click()

    async def connects(self, **fields: str) -> None:
        """Fill the open part's fields by their names, and press Connect."""
        part = self._page.locator("#settings .panels > details[open]")
        for name, value in fields.items():
            box = part.locator(f"[name={name}]")
            if not await box.is_visible():
                await part.locator(".servers > summary").click()
            if await box.evaluate("box => box.tagName") == "SELECT":
                await box.select_option(value)
            else:
                await box.fill(value)
        await part.get_by_role("button", name="Connect", exact=True).click()

    async def closes_settings(self) -> None:
        """Back to the conversation."""
        await self._page.get_by_role("button", name="Close", exact=True).click()

    async def says(self, text: str) -> None:
        """Type a message and send it."""
        await self._page.get_by_placeholder("Message Steward").fill(text)
        await self._page.get_by_role("button", name="Send", exact=True).click()

    async def passes_on(self, raw: bytes) -> None:
        await self._page.set_input_files(
            "input[type=file]",
            files=[{"name": "mail.eml", "mimeType": "message/rfc822", "buffer": raw}],
        )
        send = self._page.get_by_role("button", name=re.compile("^send$", re.IGNORECASE))
        if await send.is_visible() and await send.is_enabled():
            await send.click()

    async def passes_on_again(self, raw: bytes) -> None:
        await self.passes_on(raw)
        await self.sees("Already filed")

    async def presses(self, label: str) -> None:
        buttons = self._page.get_by_role("button", name=label, exact=True)
        await expect(buttons.last).to_be_visible(timeout=15_000)
        await buttons.last.click()

    async def sees(self, words: str, *, within_s: float = 45) -> None:
        await expect(self._page.get_by_text(words).last).to_be_visible(timeout=within_s * 1000)


class OnPhone:
    """Telegram, through the real client on Steward's side."""

    def __init__(self, phone: Phone) -> None:
        self._phone = phone

    async def says(self, text: str) -> None:
        await self._phone.send(text)

    async def passes_on(self, raw: bytes) -> None:
        await self._phone.document("mail.eml", raw, mime="message/rfc822")

    async def passes_on_again(self, raw: bytes) -> None:
        await self.passes_on(raw)
        await self.sees("Already filed")

    async def presses(self, label: str) -> None:
        def has_button(phone: Phone) -> bool:
            return any(label in _labels(message) for message in phone.messages)

        await self._phone.until(has_button, within_s=45)
        message = [one for one in self._phone.messages if label in _labels(one)][-1]
        await self._phone.press(message, label)

    async def sees(self, words: str, *, within_s: float = 45) -> None:
        await self._phone.until(
            lambda phone: any(words in (one.text or "") for one in phone.messages),
            within_s=within_s,
        )


class OnSlack:
    """Slack, through the real client libraries on Steward's side."""

    def __init__(self, person: Person) -> None:
        self._person = person

    async def says(self, text: str) -> None:
        await self._person.say(text)

    async def passes_on(self, raw: bytes) -> None:
        await self._person.upload("mail.eml", raw, "message/rfc822")

    async def passes_on_again(self, raw: bytes) -> None:
        await self.passes_on(raw)
        await self.sees("Already filed")

    async def presses(self, label: str) -> None:
        message = await self._person.sees("", button=label, within_s=45)
        await self._person.press(message, label)

    async def sees(self, words: str) -> None:
        await self._person.sees(words, within_s=45)


class AtMailbox(AtScript):
    """A mail moved into the folder "Steward"; decisions at the scripting door."""

    def __init__(self, steward: Steward, folder: Path, imap: Imap) -> None:
        super().__init__(steward, folder)
        self._imap = imap

    async def passes_on(self, raw: bytes) -> None:
        self._imap.deliver("Steward", raw)

    async def passes_on_again(self, raw: bytes) -> None:
        """Wait until the ledger says that both mails were planned and concluded.

        This door shows nothing by itself.
        """
        await self.passes_on(raw)
        async with asyncio.timeout(15):
            while len(await self._concluded()) < 4:  # noqa: ASYNC110 - another process decides
                await asyncio.sleep(0.1)

    async def _concluded(self) -> list[dict[str, Any]]:
        entries = await self._steward.look("ledger/export")
        return [
            one
            for one in entries
            if one["event"] == "run_done" and str(one["actor"]).startswith("coordinator")
        ]


def _labels(message: Message) -> tuple[str, ...]:
    return message.buttons
