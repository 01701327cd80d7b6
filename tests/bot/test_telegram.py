"""The Telegram door with the real client: nothing lost, nothing twice, nobody else."""

import asyncio
import json
import logging
import sqlite3
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import pytest
from sqlalchemy import select
from telegram import Bot
from telegram.error import TelegramError

from bot.telegram import TelegramDoor
from jobs.outbox import Outbox
from memory import tables
from memory.errors import Refused
from memory.records.decision import Decision, Verb
from tests.bot.house import House, a_mail
from tests.bot.telegram_chat import DANA, MALLORY, a_chat, at_work
from tests.doubles.telegram import DOWNLOAD, Telegram
from tests.doubles.telegram_fault import bad_gateway, cut_before_processing
from tests.doubles.telegram_phone import Phone

MAIL = b"From: Marta <marta@bluefincafe.example>\r\nSubject: Hello\r\n\r\nWe open on 3 April.\r\n"


@pytest.fixture
async def telegram():
    async with Telegram() as server:
        yield server


@pytest.fixture
async def closed(tmp_path, telegram):
    """Dana's chat, its door not open yet."""
    async with a_chat(tmp_path, telegram) as chat:
        yield chat


@pytest.fixture
async def chat(closed):
    """Dana's chat, at work."""
    async with at_work(closed.door):
        await closed.phone.sees("yours alone")
        yield closed


class Killed(Exception):
    """The power went."""


class KilledBeforeTheOffset(Outbox):
    """Everything is committed, and then the process dies."""

    async def remember(self, key: str, value: str) -> None:
        if key == "telegram:offset":
            raise Killed
        await super().remember(key, value)


async def test_a_message_is_committed_before_it_is_confirmed(tmp_path, telegram):
    async with a_chat(tmp_path, telegram, busy_s=0.05) as chat:
        phone = chat.phone
        async with at_work(chat.door):
            await phone.sees("yours alone")
            lock = sqlite3.connect(tmp_path / "steward.db", isolation_level=None)
            lock.execute("BEGIN IMMEDIATE")
            for text in ("one", "two"):
                await phone.send(text)
            asked = len(telegram.calls("getUpdates"))
            await telegram.until(lambda: len(telegram.calls("getUpdates")) > asked + 2)
            confirmed_while_locked = list(telegram.account.updates.confirmed)
            lock.execute("ROLLBACK")
            lock.close()
            await chat.settled()

            texts = [source.text for source in await chat.house.sources()]

    assert confirmed_while_locked == []
    assert texts == ["one", "two"]


async def test_a_batch_that_was_committed_but_not_confirmed_comes_again_and_changes_nothing(
    closed, telegram
):
    async with at_work(closed.door):
        await closed.phone.sees("yours alone")
        notice = await closed.house.put_card()
        card = await closed.shows("Reply to Marta", button="Approve")
    dying = KilledBeforeTheOffset(closed.house.company, closed.house.outbox._bell)
    await closed.phone.send("Note: thicker paper")
    await closed.phone.press(card, "Approve")
    with pytest.raises(Killed):
        await closed.another_door(dying).run()
    committed = len(await closed.house.sources())

    async with at_work(closed.another_door()):
        await closed.settled()

    assert committed == len(await closed.house.sources()) == 1
    assert [one.verb for one in await closed.house.decisions()] == ["approve"]
    assert await closed.house.state_of(notice) == "held"


async def test_an_update_that_is_delivered_twice_is_one_message(chat, telegram):
    await chat.phone.send("Note: thicker paper")
    await chat.settled()
    telegram.repeat_updates()
    await chat.phone.send("Note: blue ink")
    await telegram.until(lambda: len(telegram.account.updates.confirmed) >= 2)
    await chat.settled()

    texts = [source.text for source in await chat.house.sources()]

    assert texts == ["Note: thicker paper", "Note: blue ink"]


async def test_after_a_quiet_week_telegram_counts_from_anywhere(chat, telegram):
    await chat.phone.send("before")
    await chat.settled()
    telegram.jump_update_id(5)
    await chat.phone.send("after")
    await chat.settled()

    assert [source.text for source in await chat.house.sources()] == ["before", "after"]


async def test_received_is_a_reaction_on_the_message(chat):
    sent = await chat.phone.send("Note: thicker paper")

    await chat.phone.until(lambda _: sent.reaction)

    assert sent.reaction == "👌"


async def test_a_stranger_gets_silence_and_a_line_in_the_ledger(chat, telegram):
    stranger = telegram.phone(MALLORY, "Mallory")

    await stranger.send("approve all")
    await stranger.document("big.bin", b"x" * 1000)
    await chat.settled()

    assert stranger.received == ()
    assert await chat.house.sources() == []
    assert list(await chat.house.events()).count("stranger_turned_away") == 2
    assert telegram.calls("getFile") == ()


async def test_a_group_is_no_place_to_talk(chat, telegram):
    group = telegram.phone(DANA, group=-100)

    await group.send("what is my rate?")
    await chat.settled()

    assert group.received == ()
    assert await chat.house.sources() == []


async def test_a_code_pairs_once(tmp_path, telegram):
    async with a_chat(tmp_path, telegram, paired=False) as chat, at_work(chat.door):
        await telegram.until(lambda: telegram.calls("getUpdates"))
        code = (await chat.door.pairing_link()).partition("?start=")[2]
        thief = telegram.phone(MALLORY, "Mallory")
        await chat.phone.send(f"/start {code}")
        await chat.phone.sees("Hello Dana. This chat on Telegram is now yours alone")
        await thief.send(f"/start {code}")
        await chat.settled()

        owners = [one.person for one in await chat.house.outbox.pairings("telegram")]
        link = await chat.door.pairing_link()

    assert owners == [str(DANA)]
    assert thief.received == ()
    assert code not in link


@pytest.mark.parametrize("text", ["/start", "/start wrong", "/start ", "hello"])
async def test_without_the_code_nobody_is_paired(tmp_path, telegram, text: str):
    async with a_chat(tmp_path, telegram, paired=False) as chat, at_work(chat.door):
        await telegram.until(lambda: telegram.calls("getUpdates"))
        await chat.door.pairing_link()
        await chat.phone.send(text)
        await chat.settled()

        assert await chat.house.outbox.pairings("telegram") == ()
        assert chat.phone.received == ()


async def test_the_configured_owner_is_paired_by_the_first_word(tmp_path, telegram):
    async with a_chat(tmp_path, telegram, started=False) as chat, at_work(chat.door):
        await telegram.until(lambda: telegram.calls("getUpdates"))
        before = await chat.house.outbox.pairings("telegram")
        await chat.phone.send("Note: thicker paper")
        await chat.phone.sees("yours alone")

        texts = [source.text for source in await chat.house.sources()]

    assert before == ()
    assert texts == ["Note: thicker paper"]


async def test_a_press_decides_and_the_card_shows_it(chat):
    notice = await chat.house.put_card()
    card = await chat.shows("Reply to Marta", button="Approve")

    press = await chat.phone.press(card, "Approve")
    await chat.phone.until(lambda _: card.buttons == ("Undo",))

    assert await chat.house.state_of(notice) == "held"
    assert "Leaves at" in card.text
    assert press.answer is not None
    assert press.answer.startswith("Leaves at")


async def test_a_press_counts_even_if_telegram_calls_it_too_old(chat, telegram):
    telegram.account.queries_are_too_old = True
    notice = await chat.house.put_card()
    card = await chat.shows("Reply to Marta", button="Approve")

    await chat.phone.press(card, "Approve")
    await chat.settled()

    assert await chat.house.state_of(notice) == "held"


async def test_a_second_press_hears_that_it_is_decided(chat):
    await chat.house.put_card()
    card = await chat.shows("Reply to Marta", button="Approve")

    await chat.phone.press(card, "Approve")
    second = await chat.phone.forge_press(card, card.button("Approve").data or "")
    await chat.phone.until(lambda _: second.is_answered)

    assert [one.accepted for one in await chat.house.decisions()] == [True, False]
    assert second.is_alert
    assert "Already approved" in (second.answer or "")


async def test_a_press_by_somebody_else_is_turned_away(chat, telegram):
    notice = await chat.house.put_card()
    card = await chat.shows("Reply to Marta", button="Approve")
    thief = telegram.phone(MALLORY, "Mallory")

    press = await thief.forge_press(card, card.button("Approve").data or "")
    await chat.settled()

    assert await chat.house.state_of(notice) == "awaiting"
    assert not press.is_answered
    assert "stranger_turned_away" in await chat.house.events()


@pytest.mark.parametrize("data", ["approve", "x" * 26, "telegram:1"])
async def test_a_button_that_was_never_made_does_nothing(chat, data: str):
    notice = await chat.house.put_card()
    card = await chat.shows("Reply to Marta", button="Approve")

    press = await chat.phone.forge_press(card, data)
    await chat.phone.until(lambda _: press.is_answered)

    assert press.answer == "That button is not mine."
    assert await chat.house.state_of(notice) == "awaiting"


async def test_a_button_works_only_under_its_own_message(chat):
    notice = await chat.house.put_card()
    card = await chat.shows("Reply to Marta", button="Approve")
    other = await chat.shows("yours alone")

    press = await chat.phone.forge_press(other, card.button("Approve").data or "")
    await chat.phone.until(lambda _: press.is_answered)

    assert press.answer == "That button was copied from another message."
    assert await chat.house.state_of(notice) == "awaiting"


async def test_a_reply_to_a_card_is_its_new_text(chat):
    await chat.house.put_card()
    card = await chat.shows("Reply to Marta", button="Edit")

    await chat.phone.reply(card, "Hi Marta, it is 1,300 EUR.")
    fresh = await chat.shows("it is 1,300 EUR", button="Approve")

    assert fresh.id != card.id
    await chat.phone.until(lambda _: "Replaced by the newer text" in card.text)


async def test_edit_opens_the_reply_field_and_the_reply_is_the_new_text(chat):
    await chat.house.put_card()
    card = await chat.shows("Reply to Marta", button="Edit")

    await chat.phone.press(card, "Edit")
    prompt = await chat.phone.sees("Reply with the new text.")
    await chat.phone.reply(prompt, "Hi Marta, it is 1,300 EUR.")
    fresh = await chat.shows("it is 1,300 EUR", button="Approve")

    assert "force_reply" in str(prompt.params["reply_markup"])
    assert "Your text, as you wrote it." in fresh.text


async def test_a_corrected_message_is_a_message_of_its_own(chat):
    sent = await chat.phone.send("Note: thicker paper")
    await chat.settled()
    await chat.phone.edit(sent, "Note: thinner paper")
    await chat.settled()

    first, second = await chat.house.sources()

    assert (first.text, second.text) == ("Note: thicker paper", "Note: thinner paper")
    assert ":edited:" in second.native_id


@pytest.mark.parametrize("origin", [{"from_user": "Marta Silva"}, {"hidden_user": "Marta Silva"}])
async def test_a_forward_is_nobodys_order_and_names_its_author(chat, origin):
    await chat.phone.forward("/stop", **origin)
    await chat.settled()

    (source,) = await chat.house.sources()

    assert source.forwarded
    assert source.label == "external"
    assert "From: Marta Silva\nDate: " in source.text
    assert source.text.endswith("\n\n/stop")
    assert not chat.house.outbox.stopped()


async def test_a_mail_comes_as_a_file_byte_for_byte(chat):
    await chat.phone.document("Hello.EML", MAIL, caption="please answer her")
    await chat.settled()

    (source,) = await chat.house.sources()

    assert (source.text, source.label) == ("please answer her", "external")
    assert await only_file(chat.house) == ("Hello.EML", "message/rfc822", MAIL)


async def test_a_shared_contact_keeps_its_card(chat):
    await chat.phone.contact("Marta Silva", "+351210000010", vcard="BEGIN:VCARD\nEND:VCARD")
    await chat.settled()

    (source,) = await chat.house.sources()

    assert source.text == "Save contact Marta Silva, +351210000010"
    assert (await only_file(chat.house))[:2] == ("Marta Silva.vcf", "text/vcard")


async def photo(phone: Phone):
    await phone.photo(b"a picture")


async def voice(phone: Phone):
    await phone.voice(b"a voice")


async def sticker(phone: Phone):
    await phone.sticker()


@pytest.mark.parametrize(
    ("send", "words"),
    [
        (photo, "Your photo is kept. I can't read pictures yet"),
        (voice, "Your voice message is kept. I can't listen to it yet"),
        (sticker, "A sticker has no words"),
    ],
    ids=["a photo", "a voice message", "a sticker"],
)
async def test_what_nobody_can_read_is_kept_and_said(chat, send, words: str):
    await send(chat.phone)

    await chat.shows(words)

    assert len(await chat.house.sources()) == 1


async def test_words_under_a_photo_are_read(chat):
    await chat.phone.photo(b"a picture", caption="Lunch, 14.50")
    await chat.shows("Your photo is kept.")

    (source,) = await chat.house.sources()

    assert source.text == "Lunch, 14.50"
    assert source.settled_at is None


async def test_a_file_above_20_mb_is_told_of(chat):
    await chat.phone.document("film.zip", bytes(20_000_001))

    await chat.shows("Your film.zip is larger than 20 MB")

    assert [source.text for source in await chat.house.sources()] == ["film.zip"]


async def test_a_file_that_comes_at_the_second_try_is_kept(chat, telegram):
    telegram.fail(DOWNLOAD, cut_before_processing())

    await chat.phone.document("Hello.eml", MAIL)
    await chat.settled()

    assert await only_file(chat.house) == ("Hello.eml", "message/rfc822", MAIL)


async def test_a_file_that_never_comes_does_not_stop_the_door(chat, telegram):
    telegram.fail(DOWNLOAD, cut_before_processing(), times=3)

    await chat.phone.document("Hello.eml", MAIL)
    await chat.shows("Telegram would not give me your Hello.eml. Please send it once more.")
    await chat.phone.send("Note: thicker paper")
    await chat.settled()

    assert [one.text for one in await chat.house.sources()] == ["Hello.eml", "Note: thicker paper"]


async def test_a_broken_network_is_waited_out(closed, telegram):
    telegram.fail("getMe", bad_gateway())
    telegram.fail("getUpdates", cut_before_processing(), times=2)

    async with at_work(closed.door):
        await closed.phone.send("Note: thicker paper")
        await closed.settled()

    assert len(await closed.house.sources()) == 1


async def test_a_refused_token_says_what_to_do_and_not_the_token(tmp_path, telegram):
    async with a_chat(tmp_path, telegram, token="4242:wrong") as chat:
        with pytest.raises(Refused) as refused:
            await chat.door.run()

    assert refused.value.sentence == "Telegram does not accept the token of your bot."
    assert "@BotFather" in refused.value.hint
    assert refused.value.__suppress_context__


@asynccontextmanager
async def a_rival(telegram: Telegram):
    """Another program that reads the messages of the same bot, as fast as it can."""
    async with Bot(telegram.token, telegram.base_url, telegram.base_file_url) as bot:

        async def read() -> None:
            while True:
                with suppress(TelegramError):
                    await bot.get_updates(timeout=0)
                await asyncio.sleep(0.005)

        task = asyncio.create_task(read())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def test_another_reader_of_the_same_bot_is_told_of_once(chat, telegram):
    async with a_rival(telegram):
        await chat.shows("Another program reads the messages of your Telegram bot")

    assert [one for one in await chat.house.told() if "Another program" in one]


async def test_the_menu_and_the_description_are_set(chat, telegram):
    await telegram.until(lambda: "SetMyShortDescription" in telegram.account.profile)

    await telegram.until(lambda: "SetChatMenuButton" in telegram.account.profile)
    menu = telegram.account.profile["SetMyCommands"]["commands"]
    button = telegram.account.profile["SetChatMenuButton"]["menu_button"]

    assert [one["command"] for one in menu] == ["today", "waiting", "undo", "find", "stop", "help"]
    assert button["type"] == "commands"


async def test_no_log_has_the_token_or_the_words(tmp_path, telegram, caplog):
    caplog.set_level(logging.DEBUG)
    async with a_chat(tmp_path, telegram) as chat, at_work(chat.door):
        await chat.phone.send("my secret is herring")
        await chat.settled()

    mine = [one for one in caplog.records if not one.name.startswith(("aiosqlite", "sqlalchemy"))]
    assert "telegram_update" in {getattr(one, "action", "") for one in mine}
    assert not [one for one in mine if telegram.token in one.getMessage()]
    assert not [one for one in mine if "herring" in one.getMessage()]


async def only_file(house: House) -> tuple[str, str, bytes]:
    """Name, type and bytes of the one file that came in."""
    (source,) = await house.sources()
    (file,) = json.loads(source.files)
    return file["name"], file["media_type"], house.company.blobs.get(file["digest"])


async def test_a_busy_memory_shows_nothing_twice(tmp_path, telegram, caplog):
    async with a_chat(tmp_path, telegram, busy_s=0.05) as chat, at_work(chat.door):
        await chat.phone.sees("yours alone")
        await chat.quiet()
        await chat.house.outbox.tell("A line without buttons.")
        lock = sqlite3.connect(tmp_path / "steward.db", isolation_level=None)
        lock.execute("BEGIN IMMEDIATE")
        await chat.shows("A line without buttons.")
        failures = 0
        async with asyncio.timeout(10):
            while failures < 2:
                await asyncio.sleep(0.05)
                failures = [one.getMessage() for one in caplog.records].count("memory is busy")
        lock.execute("ROLLBACK")
        lock.close()
        await chat.house.outbox.tell("The next line.")
        await chat.shows("The next line.")

        texts = [message.text for message in chat.phone.received]

    assert texts.count("A line without buttons.") == 1


def on_another_machine(chat, folder, outbox: Outbox | None = None) -> TelegramDoor:
    """The door as another machine opens it on the same database."""
    house = chat.house
    elsewhere = replace(house.company, data=folder)
    folder.mkdir()
    return TelegramDoor(
        elsewhere,
        outbox or house.outbox,
        house.intake,
        chat.wake,
        poll_s=1,
        pause_s=0.01,
        lease_s=0.4,
    )


class GoneWithoutFarewell(Outbox):
    """The outbox of a machine whose plug is pulled."""

    async def exchange(self, key: str, was: str | None, value: str) -> bool:
        return False if value == "" else await super().exchange(key, was, value)


async def test_of_two_machines_one_asks_and_the_other_takes_over(closed, telegram, tmp_path):
    house = closed.house
    dying = GoneWithoutFarewell(house.company, house.outbox._bell)
    second = on_another_machine(closed, tmp_path / "two")
    async with at_work(on_another_machine(closed, tmp_path / "one", dying)):
        await telegram.until(lambda: telegram.calls("getUpdates"))
        task = asyncio.create_task(second.run())
        await closed.phone.send("Note: thicker paper")
        await closed.settled()
        await asyncio.sleep(0.8)
        conflicts = [one for one in telegram.calls("getUpdates") if one.status == 409]
    await closed.phone.send("Note: blue ink")
    await closed.settled()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    await closed.door._client.shutdown()

    assert conflicts == []
    texts = [source.text for source in await house.sources()]
    assert texts == ["Note: thicker paper", "Note: blue ink"]


async def test_a_bot_that_was_stopped_is_told_of_elsewhere_and_what_was_missed_comes(chat):
    await chat.quiet()
    chat.phone.chat.is_blocked = True
    await chat.house.outbox.tell("First.")
    await chat.house.outbox.tell("Second.")
    chat.wake.set()
    await until_told(chat, "Telegram no longer lets me write to you: you stopped the bot there.")
    sent = len(chat.telegram.calls("sendMessage"))
    chat.wake.set()
    await asyncio.sleep(0.1)
    tried_again = len(chat.telegram.calls("sendMessage")) - sent

    await chat.phone.unblock()
    await chat.phone.sees("First.")
    await chat.phone.sees("Second.")
    await chat.phone.sees("You had stopped me on Telegram for a while; I write there again.")

    assert tried_again == 0
    told = await chat.house.told()
    assert not [one for one in told if "no longer" in one]


async def test_a_bot_that_is_stopped_by_hand_is_known_at_once(chat):
    await chat.quiet()
    await chat.phone.block()
    await until_told(chat, "Telegram no longer lets me write to you")
    await chat.house.outbox.tell("First.")
    sent = len(chat.telegram.calls("sendMessage"))
    chat.wake.set()
    await asyncio.sleep(0.1)
    tried = len(chat.telegram.calls("sendMessage")) - sent
    chat.phone.chat.is_blocked = False

    await chat.phone.send("/start")

    await chat.phone.sees("First.")
    assert tried == 0


async def test_a_stranger_who_stops_the_bot_is_nobodys_business(chat, telegram):
    stranger = telegram.phone(MALLORY, "Mallory")
    await stranger.block()
    await chat.settled()

    assert not [one for one in await chat.house.told() if "no longer" in one]


async def until_told(chat, words: str) -> None:
    """Wait until there is a notice with these words, wherever it is shown."""
    async with asyncio.timeout(5):
        while not any(words in one for one in await chat.house.told()):  # noqa: ASYNC110 - no bell rings
            await asyncio.sleep(0.02)


async def test_a_shared_contact_is_a_wish_of_its_own(chat):
    await chat.phone.contact("Marta Silva", "+351210000010")
    await chat.settled()

    (wish,) = await wishes(chat)

    assert wish == ("contact.save", {"name": "Marta Silva", "phone": "+351210000010"})


async def test_a_place_is_kept_as_a_note(chat):
    await chat.phone.location(38.7139, -9.1394)
    await chat.settled()

    (wish,) = await wishes(chat)

    assert wish == ("note.capture", {"text": "Place 38.7139, -9.1394"})


async def wishes(chat) -> list[tuple[str, dict[str, str]]]:
    """What the newest message was taken in as."""
    runs = await chat.house._rows(select(tables.run).order_by(tables.run.c.due_at.desc()))
    return [(one["kind"], one["slots"]) for one in json.loads(runs[0].intents)]


async def test_an_album_is_told_of_in_one_line(chat):
    for _ in range(3):
        await chat.phone.photo(b"a picture", album="a1")
    await chat.phone.photo(b"another picture")
    await chat.settled()

    await chat.shows("Your 3 photos are kept. I can't read pictures yet; tell me in a line what")

    kept = [one for one in await chat.house.told() if "kept" in one]
    assert len(await chat.house.sources()) == 4
    assert len(kept) == 2


async def test_an_edit_names_the_message_it_corrects(chat):
    sent = await chat.phone.send("Note: thicker paper")
    await chat.settled()
    await chat.phone.edit(sent, "Note: thinner paper")
    await chat.settled()

    first, _ = await chat.house.sources()
    (wish,) = await wishes(chat)

    assert wish == ("say", {"@corrects": first.id})


async def test_an_update_that_breaks_us_is_kept_as_it_came_and_told(chat, telegram, caplog):
    file = {"file_id": "f", "file_unique_id": "f", "file_name": "a.eml", "file_size": "huge"}
    dana = {"id": DANA, "is_bot": False, "first_name": "Dana"}
    broken = {"message_id": 1, "date": 0, "chat": {"id": DANA, "type": "private"}, "from": dana}
    telegram.account.notify("message", {**broken, "document": file})
    await chat.phone.send("Note: thicker paper")
    await chat.settled()

    first, second = await chat.house.sources()
    (kept,) = json.loads(first.files)
    assert b"huge" in chat.house.company.blobs.get(kept["digest"])
    assert second.text == "Note: thicker paper"
    assert any("I kept it just as it came" in text for text in await chat.house.told())
    assert "update broke" in caplog.text


LONG = "Hi Marta,\n" + "this is a long paragraph about the work. " * 150 + "\nDana"


async def a_long_card(chat):
    """A card that is longer than one message, as the phone shows it; its notice and its code."""
    notice = await chat.house.put_card(a_mail(LONG))
    card = await chat.shows("Reply to Marta", button="Edit")
    file = next(one for one in reversed(chat.phone.received) if one.file is not None)
    text = chat.phone.downloaded(file).decode()
    assert LONG in text
    return notice, card, text.rpartition(": ")[2]


async def test_a_long_card_is_approved_by_the_code_at_the_end_of_its_file(chat):
    notice, card, code = await a_long_card(chat)
    buttons, text = card.buttons, card.text

    await chat.phone.send(code.lower())
    await chat.shows("Leaves at")

    assert buttons == ("Edit", "No", "Why?")
    assert "To approve it, type the code at the end of the file." in text
    assert await chat.house.state_of(notice) == "held"
    (decision,) = await chat.house.decisions()
    assert (decision.verb, decision.revision) == ("approve", 1)


async def test_a_wrong_code_says_so_and_approves_nothing(chat):
    notice, card, code = await a_long_card(chat)
    wrong = "A2A2" if code != "A2A2" else "B3B3"

    await chat.phone.reply(card, wrong)
    await chat.phone.sees("That code fits nothing that waits for you here.")

    assert await chat.house.state_of(notice) == "awaiting"


@pytest.mark.parametrize("words", ["approve", "yes", "Approve"])
async def test_no_word_approves_what_was_not_shown_whole(chat, words: str):
    notice, card, _ = await a_long_card(chat)

    await chat.phone.reply(card, words)
    await chat.phone.sees("This one is too long to be shown here whole.")

    assert await chat.house.state_of(notice) == "awaiting"


async def test_the_page_shows_all_of_it_and_needs_no_code(chat):
    notice, _, _ = await a_long_card(chat)
    await chat.house.outbox.pair("local", "owner", "page")

    outcome = await chat.house.intake.press(
        Decision(notice=notice, verb=Verb.APPROVE, door="local", actor="owner")
    )

    assert outcome.accepted


async def test_the_code_of_an_older_text_approves_nothing(chat):
    notice, card, code = await a_long_card(chat)
    await chat.phone.reply(card, "Hi Marta, it is 1,300 EUR.")
    await chat.shows("it is 1,300 EUR", button="Approve")

    await chat.phone.send(code)
    await chat.phone.sees("That text was superseded by a newer one")

    assert await chat.house.state_of(notice) == "superseded"


async def test_without_a_long_card_such_a_word_is_a_message(chat):
    await chat.phone.send("A2B3")
    await chat.settled()

    (wish,) = await wishes(chat)

    assert wish == ("say", {})
