"""What one look brings: kept together and in order, and one that breaks us keeps nothing back."""

import json
from contextlib import asynccontextmanager

import pytest

from bot.intake import Intake
from bot.telegram import TelegramDoor
from jobs.bell import Bell
from jobs.outbox import Accepted, Incoming, Outbox
from memory.errors import Unavailable
from memory.records.intent import CORRECTS
from tests.bot.telegram_chat import DANA, a_chat, at_work
from tests.doubles.telegram import Telegram
from tests.doubles.telegram_fault import slow


class Counting(Outbox):
    """The outbox, and how many messages each of its commits took."""

    together: list[int]
    refuses = 0
    """How many commits are still refused."""

    async def accept_all(self, came: tuple[Incoming, ...]) -> tuple[Accepted, ...]:
        if self.refuses:
            self.refuses -= 1
            raise Unavailable("Not now.")
        if any(one.source.text == "the one that breaks" for one in came) and len(came) > 1:
            message = "a defect of ours"
            raise ZeroDivisionError(message)
        self.together.append(len(came))
        return await super().accept_all(came)


@pytest.fixture
async def telegram():
    async with Telegram() as server:
        yield server


@pytest.fixture
async def chat(tmp_path, telegram):
    """Dana's chat, paired, with its door closed."""
    async with a_chat(tmp_path, telegram) as chat:
        await chat.house.outbox.pair("telegram", str(DANA), str(DANA))
        yield chat
        async with at_work(chat.door):
            # its own client has shown the answers meanwhile, and hangs up with the door
            await chat.quiet()


@asynccontextmanager
async def counted(chat, *, refuses: int = 0):
    """A door that counts is open until everything that was sent is received."""
    outbox = Counting(chat.house.company, Bell("unix:///nowhere/bell.sock"))
    outbox.together, outbox.refuses = [], refuses
    intake = Intake(chat.house.company, outbox)
    door = TelegramDoor(chat.house.company, outbox, intake, chat.wake, pause_s=0.01)
    async with at_work(door):
        await chat.settled()
        yield outbox
    await outbox.close()


async def texts(chat) -> list[str]:
    return [source.text for source in await chat.house.sources()]


async def test_what_waited_is_kept_in_order_with_a_commit_for_twenty(chat):
    said = [f"note: number {number}" for number in range(45)]
    for one in said:
        await chat.phone.send(one)

    async with counted(chat) as outbox:
        assert outbox.together == [20, 20, 5]

    assert await texts(chat) == said


async def test_a_word_of_command_is_obeyed_in_its_place(chat):
    for one in ("note: first", "stop", "note: second", "resume", "note: third"):
        await chat.phone.send(one)

    async with counted(chat) as outbox:
        assert outbox.together == [1, 1, 1]

    assert await texts(chat) == ["note: first", "stop", "note: second", "resume", "note: third"]
    assert not chat.house.outbox.stopped()
    assert "Going on. What waited leaves now." in await chat.house.told()


async def test_a_reply_to_a_card_keeps_its_place_among_the_others(chat, telegram):
    card = await chat.house.put_card()
    async with at_work(chat.door):
        shown = await chat.shows("Reply to Marta", button="Approve")
        telegram.delay_updates()
        said = ["note: thicker paper", "Make it 1,300 EUR. Dana", "note: thinner paper"]
        await chat.phone.send(said[0])
        await chat.phone.reply(shown, said[1])
        await chat.phone.send(said[2])
        telegram.release_updates()
        await chat.settled()
        await chat.shows("1,300 EUR")

    assert (await chat.house.outbox.shown(card)).latest == 2
    assert await texts(chat) == said


async def test_one_that_breaks_the_commit_is_taken_by_itself_and_the_rest_is_kept(chat, caplog):
    for one in ("note: first", "the one that breaks", "note: second"):
        await chat.phone.send(one)

    async with counted(chat) as outbox:
        assert outbox.together == [1, 1, 1]

    assert await texts(chat) == ["note: first", "the one that breaks", "note: second"]
    assert "batch broke" in caplog.text


async def test_what_was_not_kept_is_not_confirmed_and_comes_again_once(chat):
    for one in ("note: first", "note: second"):
        await chat.phone.send(one)

    async with counted(chat, refuses=2) as outbox:
        assert outbox.together == [2]

    assert await texts(chat) == ["note: first", "note: second"]


async def test_what_is_delivered_twice_is_kept_once(chat, telegram):
    await chat.phone.send("note: first")
    await chat.phone.send("note: second")
    telegram.repeat_updates(2)

    async with counted(chat):
        pass

    assert await texts(chat) == ["note: first", "note: second"]


async def test_an_edit_finds_the_message_that_was_kept_with_others(chat):
    await chat.phone.send("note: other")
    sent = await chat.phone.send("note: thicker paper")
    async with counted(chat):
        await chat.phone.edit(sent, "note: thinner paper")
        await chat.settled()

    *_, first, second = await chat.house.sources()
    async with chat.house.company.store.read() as connection:
        runs = await connection.exec_driver_sql("SELECT source, intents FROM run")
        (intent,) = next(json.loads(row.intents) for row in runs if row.source == second.id)
    assert intent["slots"] == {CORRECTS: first.id}


async def test_files_are_fetched_side_by_side_and_kept_in_their_order(chat, telegram):
    telegram.fail("download", slow(0.2), times=2)
    names = [f"mail {number}.eml" for number in range(6)]
    for name in names:
        await chat.phone.document(name, b"Subject: x\r\n\r\nHello", mime="message/rfc822")
    await chat.phone.send("note: last")

    async with counted(chat) as outbox:
        assert outbox.together == [7]

    kept = await chat.house.sources()
    assert [json.loads(one.files)[0]["name"] for one in kept[:6]] == names
    assert kept[6].text == "note: last"


async def test_a_strangers_messages_are_turned_away_and_get_no_answer(chat, telegram):
    mallory = telegram.phone(999)
    await mallory.send("hello")
    await chat.phone.send("note: first")
    await mallory.send("stop")

    async with counted(chat):
        pass

    assert await texts(chat) == ["note: first"]
    assert not chat.house.outbox.stopped()
    assert (await chat.house.events()).count("stranger_turned_away") == 2
    assert mallory.received == ()
