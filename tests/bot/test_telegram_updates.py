"""Faults between Telegram and us: whatever is late, doubled, lost or forged, it counts once."""

import contextlib
import sqlite3
from datetime import datetime, timedelta

import pytest

from tests.bot.telegram_chat import a_chat, at_work
from tests.doubles.telegram import Telegram
from tests.doubles.telegram_fault import (
    bad_gateway,
    cut_after_processing,
    slow,
    too_many_requests,
)


@pytest.fixture
async def telegram():
    async with Telegram() as server:
        yield server


@pytest.fixture
async def chat(tmp_path, telegram):
    """Dana's chat, at work, with nothing left to show."""
    async with a_chat(tmp_path, telegram) as chat, at_work(chat.door):
        await chat.phone.sees("yours alone")
        await chat.quiet()
        yield chat


async def texts(chat) -> list[str]:
    return [source.text for source in await chat.house.sources()]


async def test_updates_in_another_order_are_all_taken(chat, telegram):
    telegram.delay_updates()
    for words in ("one", "two", "three"):
        await chat.phone.send(words)
    telegram.shuffle_updates()
    telegram.release_updates()
    await chat.settled()

    assert sorted(await texts(chat)) == ["one", "three", "two"]


async def test_an_edit_that_overtakes_its_message_is_a_message_like_any_other(chat, telegram):
    telegram.delay_updates()
    sent = await chat.phone.send("Note: thicker paper")
    await chat.phone.edit(sent, "Note: thinner paper")
    telegram.shuffle_updates()
    telegram.release_updates()
    await chat.settled()

    assert sorted(await texts(chat)) == ["Note: thicker paper", "Note: thinner paper"]


async def test_updates_that_were_taken_though_the_answer_was_lost_come_again(chat, telegram):
    telegram.fail("getUpdates", cut_after_processing(), times=2)
    await chat.phone.send("Note: thicker paper")
    await chat.settled()

    assert await texts(chat) == ["Note: thicker paper"]


@pytest.mark.filterwarnings("ignore:.*PTB_TIMEDELTA")
@pytest.mark.parametrize(
    "fault",
    [bad_gateway(is_processed=True), cut_after_processing(), too_many_requests(), bad_gateway()],
    ids=["refused though done", "answer lost", "not so fast", "refused"],
)
async def test_a_reaction_that_fails_stops_nothing(chat, telegram, fault):
    telegram.fail("setMessageReaction", fault)

    await chat.phone.send("one")
    await chat.phone.send("two")
    await chat.settled()

    assert await texts(chat) == ["one", "two"]


@pytest.mark.parametrize(
    "fault", [bad_gateway(is_processed=True), cut_after_processing()], ids=["refused", "lost"]
)
async def test_a_press_counts_once_whatever_becomes_of_its_answer(chat, telegram, fault):
    notice = await chat.house.put_card()
    card = await chat.shows("Reply to Marta", button="Approve")
    telegram.fail("answerCallbackQuery", fault)

    await chat.phone.press(card, "Approve")
    await chat.settled()
    telegram.repeat_updates()
    await chat.phone.send("one")
    await chat.settled()

    assert [one.accepted for one in await chat.house.decisions()] == [True]
    assert await chat.house.state_of(notice) == "held"


async def test_an_edit_of_a_card_whose_answer_was_lost_is_shown_in_place(chat, telegram):
    notice = await chat.house.put_card()
    card = await chat.shows("Reply to Marta", button="Approve")
    telegram.fail("editMessageText", cut_after_processing())

    await chat.phone.press(card, "Approve")
    await chat.phone.until(lambda _: card.buttons == ("Undo",))

    shown = [one for one in chat.phone.received if "Reply to Marta" in one.text]
    assert shown == [card]
    assert await chat.house.state_of(notice) == "held"


@pytest.mark.filterwarnings("ignore:.*PTB_TIMEDELTA")
async def test_slow_down_while_a_card_is_shown_is_waited_for_and_nothing_is_lost(chat, telegram):
    telegram.fail("sendMessage", too_many_requests(retry_after_s=1))

    await chat.house.outbox.tell("First.")
    await chat.house.outbox.tell("Second.")
    await chat.shows("Second.")

    said = [one.text for one in chat.phone.received][-2:]
    assert said == ["First.", "Second."]


async def test_a_late_answer_to_a_poll_loses_nothing(chat, telegram):
    telegram.fail("getUpdates", slow(0.3))

    await chat.phone.send("one")
    await chat.settled()

    assert await texts(chat) == ["one"]


async def test_a_press_on_a_message_that_is_gone_decides_all_the_same(chat):
    notice = await chat.house.put_card()
    card = await chat.shows("Reply to Marta", button="Approve")
    data = card.button("Approve").data or ""
    card.is_deleted = True

    await chat.phone.forge_press(card, data)
    await chat.settled()

    assert await chat.house.state_of(notice) == "held"


async def test_the_numbers_jump_up_and_down_and_everything_is_taken_once(chat, telegram):
    for number, words in ((None, "one"), (7, "two"), (900_000_000, "three"), (3, "four")):
        telegram.jump_update_id(number)
        await chat.phone.send(words)
        await chat.settled()

    assert await texts(chat) == ["one", "two", "three", "four"]


async def test_a_code_that_is_delivered_twice_opens_the_chat_once(tmp_path, telegram):
    async with a_chat(tmp_path, telegram, paired=False) as chat, at_work(chat.door):
        await telegram.until(lambda: telegram.calls("getUpdates"))
        code = (await chat.door.pairing_link()).partition("?start=")[2]
        await chat.phone.send(f"/start {code}")
        await chat.settled()
        telegram.repeat_updates()
        await chat.phone.send("one")
        await chat.settled()
        await chat.quiet()

        hellos = [one for one in chat.phone.received if "yours alone" in one.text]
        said = await texts(chat)

    assert len(hellos) == 1
    assert not [one for one in chat.phone.received if "/today" in one.text]
    assert said == ["one"]


async def test_a_correction_by_reply_reaches_the_line_that_is_answered(chat):
    notice = await chat.house.outbox.tell("Task: Send the plan.")
    line = await chat.shows("Task: Send the plan.")

    await chat.phone.reply(line, "no, Friday week")
    await chat.settled()

    (source,) = await chat.house.sources()
    assert source.reply_to == notice


async def test_what_has_waited_for_us_brings_the_moment_it_was_written(chat, telegram):
    written_at = chat.house.company.clock.now() - timedelta(hours=9)
    telegram.account.now = lambda: written_at
    await chat.phone.send("task: call the printer tomorrow")
    await chat.settled()

    (source,) = await chat.house.sources()
    kept = await chat.house.outbox.recall(f"written:{source.id}")
    assert kept is not None
    assert abs(datetime.fromisoformat(kept) - written_at) < timedelta(seconds=1)


async def test_what_comes_at_once_brings_none(chat):
    await chat.phone.send("task: call the printer tomorrow")
    await chat.settled()

    (source,) = await chat.house.sources()
    assert await chat.house.outbox.recall(f"written:{source.id}") is None


async def test_stop_is_answered_at_once_although_the_database_takes_nothing(chat):
    place = chat.house.company.data / "steward.db"
    with contextlib.closing(sqlite3.connect(place, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        await chat.phone.send("stop")
        await chat.phone.sees("Stopped. Nothing leaves until you say resume.", within_s=10)
        held = chat.house.outbox.stopped()
        other.execute("ROLLBACK")
    await chat.settled()

    assert held
    assert await texts(chat) == ["stop"]
