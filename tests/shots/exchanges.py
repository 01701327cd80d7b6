"""Ten exchanges on a phone, played with the running product and shown as the chat holds them."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from tests.doubles.forwards import unforwarded
from tests.doubles.steward import Steward
from tests.doubles.telegram import Telegram
from tests.doubles.telegram_account import Message
from tests.journeys.test_s1_quote import ENQUIRY
from tests.shots.camera import Camera
from tests.shots.mails import QUESTION, THREE, VOICE, till_slip
from tests.shots.slack_page import slack_page
from tests.shots.story import PATIENCE_S, ZONE, Clock, Story, a_story
from tests.shots.telegram_page import telegram_page

_NIGHT = timedelta(hours=9, minutes=26)


async def pairing(camera: Camera, folder: Path) -> None:
    """A new bot, a scanned code, and the first question."""
    clock = Clock.at("2026-03-10T09:00")
    (folder / "data").mkdir()
    async with Telegram(now=clock.now) as telegram:
        (folder / "data" / "config.toml").write_text(
            f'[owner]\nname = "Dana Reyes"\ncurrency = "EUR"\ntimezone = "Europe/Lisbon"\n'
            f'[telegram]\ntoken = "{telegram.token}"\napi_url = "{telegram.url}"\n'
        )
        steward = Steward(folder / "data")
        phone = telegram.phone(111, started=False)
        try:
            await steward.start()
            await phone.opens_link((await _link(steward)).partition("start=")[2])
            question = await phone.sees("What do you sell", within_s=PATIENCE_S)
            await phone.send("landing page 1,200 EUR, hourly 85 EUR")
            await phone.sees("Who are you?", within_s=PATIENCE_S)
            await phone.until(lambda _: question.edits, within_s=PATIENCE_S)
            shown = telegram_page(telegram.account, phone.messages, ZONE, begins=True)
            await camera.take("01-pairing", shown)
        finally:
            await steward.kill()


async def first_brief(camera: Camera, folder: Path) -> None:
    """Eight in the morning, after a day's work."""
    async with a_story(folder, begins="2026-03-09T15:30") as story:
        phone = story.phone
        for said, seen in (
            ("task: send the migration plan to Tom, tomorrow", "Task:"),
            ("call with Anna tomorrow 3pm", "Anna"),
            ("remind me tomorrow at 11:00 to order business cards", "business cards"),
        ):
            await phone.send(said)
            await phone.sees(seen, within_s=PATIENCE_S)
        await phone.document("mail.eml", unforwarded(QUESTION), mime="message/rfc822")
        await phone.press(await _card(story, "Approve"), "Approve")
        await phone.sees("Leaves at", within_s=PATIENCE_S)
        await story.pass_time(timedelta(seconds=61))
        await phone.sees("Your mail server took it", within_s=PATIENCE_S)
        await phone.document("mail.eml", unforwarded(ENQUIRY), mime="message/rfc822")
        await phone.sees("Reply to Marta Silva", within_s=PATIENCE_S)
        await _rest(story)
        seen = len(phone.messages)
        await story.pass_time(timedelta(hours=16, minutes=30))
        await phone.sees("Good morning", within_s=PATIENCE_S)
        await _take(camera, "02-first-brief", story, seen)


async def a_morning(camera: Camera, folder: Path) -> None:
    """Three mails at once, a contact, a receipt, a voice message, and a correction."""
    async with a_story(folder) as story:
        await three_mails(camera, story)
        await shared_contact(camera, story)
        await receipt(camera, story)
        await voice(camera, story)
        await correction(camera, story)


async def three_mails(camera: Camera, story: Story) -> None:
    """Three mails passed on in one gesture."""
    seen = len(story.phone.messages)
    for one in THREE:
        await story.phone.document(f"{one.subject}.eml", unforwarded(one), mime="message/rfc822")
    await story.phone.sees("3 mails filed", within_s=PATIENCE_S)
    await _take(camera, "03-three-mails", story, seen)


async def shared_contact(camera: Camera, story: Story) -> None:
    """An entry of the address book."""
    seen = len(story.phone.messages)
    await story.phone.contact("Paulo Nunes", "+351 210 000 099")
    await story.phone.sees("Contact saved", within_s=PATIENCE_S)
    await _take(camera, "04-contact", story, seen)


async def receipt(camera: Camera, story: Story) -> None:
    """A photo that nobody here can read."""
    seen = len(story.phone.messages)
    await story.phone.photo(till_slip())
    line = await story.phone.sees("photo is kept", within_s=PATIENCE_S)
    await story.phone.reply(line, "paper and ink, Papelaria Fernandes, 43.30 EUR")
    await story.phone.sees("Kept: ", within_s=PATIENCE_S)
    await _take(camera, "05-receipt", story, seen)


async def voice(camera: Camera, story: Story) -> None:
    """A voice message that nobody here can hear."""
    seen = len(story.phone.messages)
    await story.phone.voice(VOICE)
    await story.phone.sees("voice message is kept", within_s=PATIENCE_S)
    await story.phone.send("remind me Friday to call the printer")
    await story.phone.sees("I remind you Friday", within_s=PATIENCE_S)
    await _take(camera, "06-voice", story, seen)


async def correction(camera: Camera, story: Story) -> None:
    """A reply to a filed line puts it right."""
    phone, seen = story.phone, len(story.phone.messages)
    await phone.send("task: send the new price list by Friday, for Northwind")
    line = await phone.sees("rice list", within_s=PATIENCE_S)
    await phone.reply(line, "that's for Harbor")
    await phone.sees("Changed", within_s=PATIENCE_S)
    await _take(camera, "07-correction", story, seen)


async def two_phones(camera: Camera, folder: Path) -> None:
    """One card on Telegram and on Slack, approved on one of them."""
    async with a_story(folder, with_slack=True) as story:
        assert story.slack is not None
        assert story.dana is not None
        phone, dana = story.phone, story.dana
        await _rest(story)
        begun, met = len(phone.messages), len(dana.messages)
        await dana.upload("mail.eml", unforwarded(ENQUIRY), "message/rfc822")
        other = await dana.sees("Reply to Marta Silva", button="Approve", within_s=PATIENCE_S)
        card = await _card(story, "Approve")
        old = other.button("Approve")
        await _take(camera, "08-telegram-asks", story, begun)
        await phone.press(card, "Approve")
        await dana.sees("Leaves at", within_s=PATIENCE_S)
        where = {"type": "message", "message_ts": other.ts, "channel_id": dana.chat.id}
        await dana.press_raw(old, where)
        await dana.until(lambda person: person.asides, within_s=PATIENCE_S)
        await story.pass_time(timedelta(seconds=61))
        await dana.sees("Your mail server took it", within_s=PATIENCE_S)
        await phone.sees("Your mail server took it", within_s=PATIENCE_S)
        await _take(camera, "08-telegram", story, begun)
        shown = sorted([*dana.messages[met:], *dana.chat.asides], key=lambda one: one.ts)
        await camera.take("08-slack", slack_page(story.slack.workspace, shown, ZONE))


async def refused_password(camera: Camera, folder: Path) -> None:
    """The mail server does not take the password."""
    async with a_story(folder, password="this-years") as story:
        phone, seen = story.phone, len(story.phone.messages)
        await phone.document("mail.eml", unforwarded(ENQUIRY), mime="message/rfc822")
        card = await _card(story, "Approve")
        await phone.press(card, "Approve")
        await phone.sees("Leaves at", within_s=PATIENCE_S)
        await story.pass_time(timedelta(seconds=61))
        await phone.sees("refused the password", within_s=PATIENCE_S)
        await phone.until(lambda _: phone.received[-1] is not card, within_s=PATIENCE_S)
        await _take(camera, "09-refused-password", story, seen)


async def lid_closed(camera: Camera, folder: Path) -> None:
    """A night asleep, with a mail that should have left."""
    async with a_story(folder, begins="2026-03-09T22:10") as story:
        phone = story.phone
        await phone.document("mail.eml", unforwarded(ENQUIRY), mime="message/rfc822")
        card = await _card(story, "Approve")
        await phone.press(card, "Approve")
        await phone.sees("Leaves at", within_s=PATIENCE_S)
        seen = len(phone.messages)
        story.steward.freeze()
        await phone.document("mail.eml", unforwarded(THREE[2]), mime="message/rfc822")
        await phone.send("task: call the printer tomorrow")
        await phone.send("poster is 300")
        await story.pass_time(_NIGHT)
        story.steward.thaw()
        await phone.sees("I'm back", within_s=PATIENCE_S)
        await phone.sees("should have left", within_s=PATIENCE_S)
        await phone.sees("New timetable", within_s=PATIENCE_S)
        await _take(camera, "10-back", story, seen)


SCENES: dict[str, Callable[[Camera, Path], Awaitable[None]]] = {
    "pairing": pairing,
    "brief": first_brief,
    "morning": a_morning,
    "phones": two_phones,
    "password": refused_password,
    "lid": lid_closed,
}
"""What can be photographed alone, by name."""


async def take_exchanges(camera: Camera, scenes: tuple[str, ...]) -> None:
    """Play the scenes of these names, each in a folder of its own."""
    for name in scenes:
        with tempfile.TemporaryDirectory() as folder:
            await SCENES[name](camera, Path(folder))


async def _card(story: Story, button: str) -> Message:
    """The card on Telegram, once it shows this button."""

    def found(_: object) -> Message | None:
        able = [one for one in story.phone.received if button in one.buttons]
        return able[-1] if able else None

    return await story.phone.until(found, within_s=PATIENCE_S)


async def _take(camera: Camera, name: str, story: Story, since: int) -> None:
    """Photograph the Telegram chat from a message on, once it has come to rest."""
    await _rest(story)
    shown = story.phone.messages[since:]
    await camera.take(name, telegram_page(story.telegram.account, shown, ZONE))


async def _link(steward: Steward) -> str:
    """The link that pairs a phone, as the start prints it."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            for line in steward.said:
                if line.startswith("telegram http"):
                    return line.removeprefix("telegram ")
            await asyncio.sleep(0.1)


async def _rest(story: Story) -> None:
    """Wait until the chat has not changed for a second."""
    while True:
        before = [(one.id, one.edits, one.reaction) for one in story.phone.messages]
        await asyncio.sleep(1.2)
        if before == [(one.id, one.edits, one.reaction) for one in story.phone.messages]:
            return
