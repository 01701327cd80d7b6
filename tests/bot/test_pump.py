"""What a chat is shown: everything, in order, again only when it has changed."""

import asyncio
import contextlib
from datetime import timedelta

import pytest

from bot.adapter import Blocked, Card
from bot.pump import Pump
from jobs.outbox import Outbox
from memory.config import Config
from memory.errors import Refused, Unavailable
from memory.records.decision import Decision, Verb
from tests.bot.house import House, a_house

OWNER = "111"


class Chat:
    """A platform that shows what it is given, or raises what it was told to."""

    name = "chat"

    def __init__(self) -> None:
        self.shown: list[tuple[str, str | None]] = []
        self.cards: list[Card] = []
        self.troubles: list[Exception | None] = []
        self.arrived = asyncio.Event()

    async def run(self) -> None:
        await asyncio.Event().wait()

    async def show(self, chat: str, card: Card, message: str | None) -> str:
        trouble = self.troubles.pop(0) if self.troubles else None
        if trouble is not None:
            raise trouble
        self.shown.append((card.title or card.says, message))
        self.cards.append(card)
        self.arrived.set()
        return message or f"m{len(self.shown)}"

    @property
    def lines(self) -> list[str]:
        return [text for text, _ in self.shown]


class KilledBeforeItIsWritten(Outbox):
    """The chat shows it, and then the process dies."""

    async def delivered(self, *args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt


@pytest.fixture
async def house(data):
    async with a_house(data, Config()) as house:
        await house.outbox.pair("chat", OWNER, OWNER)
        yield house


def a_pump(house: House, chat: Chat, outbox: Outbox | None = None) -> Pump:
    return Pump(house.company, outbox or house.outbox, chat, asyncio.Event())


async def deliver(house: House, pump: Pump) -> None:
    for pairing in await house.outbox.pairings("chat"):
        await pump.deliver(pairing)


async def decide(house: House, notice: str, verb: Verb) -> None:
    outcome = await house.outbox.decide(
        Decision(notice=notice, verb=verb, door="local", actor="owner")
    )
    assert outcome.accepted


async def tell(house: House, *lines: str) -> None:
    for line in lines:
        await house.outbox.tell(line)


async def test_everything_is_shown_once_and_in_order(house):
    chat = Chat()
    pump = a_pump(house, chat)
    await tell(house, "one", "two", "three")

    await deliver(house, pump)
    await deliver(house, pump)

    assert chat.shown == [("one", None), ("two", None), ("three", None)]


async def test_a_card_that_moves_is_changed_in_place(house):
    chat = Chat()
    pump = a_pump(house, chat)
    card = await house.put_card()
    await deliver(house, pump)

    await decide(house, card, Verb.APPROVE)
    await deliver(house, pump)

    assert chat.shown == [("Reply to Marta Silva", None), ("Reply to Marta Silva", "m1")]
    assert chat.cards[-1].state.startswith("Leaves at ")


async def test_a_touch_that_changes_nothing_to_see_is_no_edit(house):
    chat = Chat()
    pump = a_pump(house, chat)
    question = await house.outbox.tell("one")
    await deliver(house, pump)

    await house.outbox.answered(question, "")
    due = await house.outbox.due((await house.outbox.pairings("chat"))[0])
    await deliver(house, pump)

    assert len(due) == 1
    assert len(chat.shown) == 1


async def test_buttons_are_renewed_when_they_would_decide_about_something_else(house):
    chat = Chat()
    pump = a_pump(house, chat)
    card = await house.put_card()
    await decide(house, card, Verb.APPROVE)
    await decide(house, card, Verb.UNDO)
    await deliver(house, pump)
    await decide(house, card, Verb.SEND)
    await decide(house, card, Verb.UNDO)

    await deliver(house, pump)

    first, second = chat.cards
    assert first.state == second.state == "Taken back. Nothing left."
    assert [one.token for one in first.buttons] != [one.token for one in second.buttons]


async def test_a_platform_that_asks_to_wait_gets_nothing_until_then(house):
    chat = Chat()
    chat.troubles = [None, Unavailable("too fast", retry_after=timedelta(hours=1))]
    pump = a_pump(house, chat)
    await tell(house, "one", "two", "three")

    for _ in range(5):
        await deliver(house, pump)

    assert chat.lines == ["one"]
    assert chat.troubles == []


async def test_after_the_wait_nothing_is_lost_and_the_order_is_kept(house):
    chat = Chat()
    chat.troubles = [None, Unavailable("too fast", retry_after=timedelta(seconds=0.05))]
    wake = asyncio.Event()
    pump = Pump(house.company, house.outbox, chat, wake)
    await tell(house, "one", "two", "three")

    async with asyncio.timeout(10), running(pump):
        while len(chat.shown) < 3:
            await chat.arrived.wait()
            chat.arrived.clear()

    assert chat.lines == ["one", "two", "three"]


async def test_a_new_process_goes_on_where_the_old_one_waited(house):
    waiting = Chat()
    waiting.troubles = [Unavailable("too fast", retry_after=timedelta(hours=1))]
    await tell(house, "one", "two")
    await deliver(house, a_pump(house, waiting))

    chat = Chat()
    await deliver(house, a_pump(house, chat))

    assert chat.lines == ["one", "two"]


async def test_a_blocked_chat_does_not_stop_the_others(house):
    await house.outbox.pair("chat", "222", "222")
    blocked: list[str] = []

    class HalfBlocked(Chat):
        async def show(self, chat: str, card: Card, message: str | None) -> str:
            if chat == OWNER:
                blocked.append(card.says)
                raise Refused("The owner has blocked the bot.")
            return await super().show(chat, card, message)

    chat = HalfBlocked()
    pump = a_pump(house, chat)
    await tell(house, "one", "two")
    await deliver(house, pump)
    await deliver(house, pump)

    assert blocked == ["one", "two"]
    assert chat.lines == ["one", "two"]


async def test_a_card_that_cannot_be_shown_does_not_hold_up_the_next(house, caplog):
    chat = Chat()
    chat.troubles = [ValueError("broken")]
    await tell(house, "one", "two")

    await deliver(house, a_pump(house, chat))

    assert chat.lines == ["two"]
    assert [record.message for record in caplog.records] == ["card broke"]


async def test_after_a_crash_in_between_a_line_may_come_twice_but_is_never_lost(house):
    chat = Chat()
    await tell(house, "one", "two")
    dying = a_pump(house, chat, KilledBeforeItIsWritten(house.company, house.outbox._bell))
    with pytest.raises(KeyboardInterrupt):
        await deliver(house, dying)

    await deliver(house, a_pump(house, chat))

    assert chat.lines == ["one", "one", "two"]


async def test_a_ring_wakes_it_at_once(house):
    chat = Chat()
    wake = asyncio.Event()
    async with asyncio.timeout(10), running(Pump(house.company, house.outbox, chat, wake)):
        await tell(house, "one")
        wake.set()
        await chat.arrived.wait()

    assert chat.lines == ["one"]


@contextlib.asynccontextmanager
async def running(pump: Pump):
    async with asyncio.TaskGroup() as group:
        task = group.create_task(pump.run())
        yield
        task.cancel()


async def test_a_chat_that_was_shut_is_left_alone_until_it_opens_and_misses_nothing(house):
    class Shut(Chat):
        is_shut = True

        async def show(self, chat: str, card: Card, message: str | None) -> str:
            if self.is_shut:
                self.troubles.append(None)
                raise Blocked("You stopped me there.", hint="Start me again.")
            return await super().show(chat, card, message)

    chat = Shut()
    pump = a_pump(house, chat)
    await tell(house, "one", "two")
    await deliver(house, pump)
    await deliver(house, pump)
    tried = len(chat.troubles)
    (pairing,) = await house.outbox.pairings("chat")
    told = await house.told()
    chat.troubles.clear()

    chat.is_shut = False
    await house.outbox.unblock(pairing)
    await deliver(house, pump)

    assert tried == 1
    assert told == ("one", "two", "You stopped me there. Start me again.")
    assert chat.lines[:2] == ["one", "two"]
    assert len(chat.lines) == 3


async def test_what_is_shown_is_not_looked_through_again_and_a_change_is_seen(house):
    asked: list[int] = []

    class Watched(Outbox):
        async def due(self, pairing, *, above=0, limit=20):
            asked.append(above)
            return await super().due(pairing, above=above, limit=limit)

    outbox = Watched.at(house.company, "unix:///nowhere/bell.sock")
    chat = Chat()
    pump = a_pump(house, chat, outbox)
    await tell(house, "First.", "Second.")
    notice = await house.put_card()

    for _ in range(3):
        await deliver(house, pump)
    await decide(house, notice, Verb.REJECT)
    await deliver(house, pump)
    await tell(house, "Third.")
    await deliver(house, pump)
    await outbox.close()

    assert len(asked) == 3
    assert asked[0] == 0
    assert 0 < asked[1] < asked[2]
    assert chat.lines[-1] == "Third."
