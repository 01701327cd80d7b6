"""Cards on the owner's screen, through the real client."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.adapter import Card
from bot.telegram_client import client
from bot.telegram_screen import TelegramScreen
from memory.config import Config
from memory.config import Telegram as TelegramConfig
from memory.errors import Refused, Unavailable
from tests.bot.house import a_house
from tests.doubles.telegram import Telegram
from tests.doubles.telegram_fault import bad_gateway, cut_after_processing, too_many_requests

DANA = 111
CHAT = str(DANA)


def a_card(says: str = "Filed: Task: Send quote", **parts) -> Card:
    return Card(notice="note_1", seq=1, at=datetime(2026, 3, 10, tzinfo=UTC), says=says, **parts)


@pytest.fixture
async def telegram():
    async with Telegram() as server:
        yield server


@pytest.fixture
def phone(telegram):
    return telegram.phone(DANA)


@pytest.fixture
async def screen(tmp_path, telegram, phone):
    config = TelegramConfig.model_validate({"token": telegram.token, "api_url": telegram.url})
    async with a_house(tmp_path, Config()) as house, client(config) as bot:
        yield TelegramScreen(bot, house.outbox)


async def test_only_a_card_that_rings_makes_a_sound(screen, phone):
    await screen.show(CHAT, a_card("quiet"), None)
    await screen.show(CHAT, a_card("loud", rings=True), None)

    assert [one.silent for one in phone.received] == [True, False]


async def test_links_are_never_looked_up(screen, phone):
    await screen.show(CHAT, a_card("see http://evil.example/?leak=1"), None)

    assert '"is_disabled": true' in phone.latest().params["link_preview_options"]


async def test_a_card_that_moves_changes_in_place(screen, phone):
    message = await screen.show(CHAT, a_card(state="Leaves at 10:42:30."), None)

    assert await screen.show(CHAT, a_card(state="Sent 10:42."), message) == message
    assert len(phone.received) == 1
    assert phone.latest().text.endswith("Sent 10:42.")


async def test_a_card_that_did_not_move_is_fine(screen, phone):
    message = await screen.show(CHAT, a_card(), None)

    assert await screen.show(CHAT, a_card(), message) == message
    assert phone.latest().edits == 0


async def test_a_card_that_was_deleted_is_shown_anew(screen, phone):
    message = await screen.show(CHAT, a_card(), None)
    phone.latest().is_deleted = True

    assert await screen.show(CHAT, a_card("now"), message) != message
    assert phone.latest().text == "now"


async def test_the_file_of_a_card_is_handed_over_once(screen, phone, tmp_path):
    file = tmp_path / "kickoff.ics"
    file.write_bytes(b"BEGIN:VCALENDAR")
    message = await screen.show(CHAT, a_card(file=file), None)

    await screen.show(CHAT, a_card(state="Done.", file=file), message)

    handed = [one for one in phone.received if one.file]
    assert [phone.downloaded(one) for one in handed] == [b"BEGIN:VCALENDAR"]


async def test_a_long_card_is_a_file_and_a_short_card_that_still_moves(screen, phone):
    letter = "A long letter. " * 500
    message = await screen.show(CHAT, a_card(letter), None)

    await screen.show(CHAT, a_card(letter, state="Sent 10:42."), message)

    file, card = phone.received
    assert letter.strip() in phone.downloaded(file).decode()
    assert card.text.endswith("Sent 10:42.")


async def test_a_reply_to_a_file_is_a_reply_to_its_card(screen, phone, tmp_path):
    file = tmp_path / "kickoff.ics"
    file.write_bytes(b"BEGIN:VCALENDAR")

    await screen.show(CHAT, a_card(file=file), None)

    handed = phone.received[0]
    assert await screen.notice_behind(CHAT, str(handed.id)) == "note_1"


# The client announces with each RetryAfter that a later version will hold a timedelta (22.8).
@pytest.mark.filterwarnings("ignore:.*PTB_TIMEDELTA")
async def test_not_so_fast_is_passed_on_with_its_wait(screen, telegram):
    telegram.fail("sendMessage", too_many_requests(retry_after_s=7))

    with pytest.raises(Unavailable) as told:
        await screen.show(CHAT, a_card(), None)

    assert told.value.retry_after == timedelta(seconds=7)


@pytest.mark.parametrize("fault", [bad_gateway(), cut_after_processing()], ids=["502", "cut"])
async def test_a_broken_network_is_told_as_try_again(screen, telegram, fault):
    telegram.fail("sendMessage", fault)

    with pytest.raises(Unavailable):
        await screen.show(CHAT, a_card(), None)


async def test_a_blocked_bot_is_told_as_never(screen, phone):
    await phone.block()

    with pytest.raises(Refused) as told:
        await screen.show(CHAT, a_card(), None)

    assert told.value.hint == "Start it again in Telegram, or use the page."


async def test_a_card_that_telegram_will_not_take_is_told_as_never(screen):
    with pytest.raises(Refused):
        await screen.show("5", a_card(), None)


async def test_a_picture_is_shown_as_one_and_another_file_is_handed_over(screen, phone, tmp_path):
    for name in ("week.png", "entry.ics"):
        (tmp_path / name).write_bytes(b"bytes of " + name.encode())
        await screen.show(CHAT, a_card("Your week", file=tmp_path / name), None)

    handed = [one.file.kind for one in phone.received if one.file]
    assert handed == ["photo", "document"]
    assert all(one.silent for one in phone.received)
