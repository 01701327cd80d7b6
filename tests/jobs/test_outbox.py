import asyncio
from pathlib import Path

import pytest

from jobs.outbox import INGEST_S
from memory.errors import NotFound, Unavailable
from memory.records.action import State
from memory.records.intent import Intent
from memory.records.proposal import Question
from tests.doubles.builders import Desk, a_desk, a_source

SAY = (Intent(kind="say"),)


async def test_a_message_is_kept_before_anybody_says_received(desk: Desk):
    accepted = await desk.outbox.accept(a_source("note: paper", native_id="7"), SAY)

    assert accepted.fresh
    assert len(await desk.due()) == 1


async def test_the_same_delivery_twice_changes_nothing(desk: Desk):
    await desk.outbox.accept(a_source("note: paper", native_id="7"), SAY)

    again = await desk.outbox.accept(a_source("note: paper", native_id="7"), SAY)

    assert not again.fresh
    assert len(await desk.due()) == 1


async def test_a_database_that_is_busy_too_long_is_not_acknowledged(tmp_path: Path):
    async with a_desk(tmp_path) as desk:
        held, go_on = asyncio.Event(), asyncio.Event()

        async def hold(connection) -> None:
            held.set()
            await go_on.wait()

        blocking = asyncio.create_task(desk.company.store.write(hold))
        await held.wait()
        with pytest.raises(Unavailable):
            await desk.outbox.accept(a_source("note: paper"), SAY)
        go_on.set()
        await blocking

    assert INGEST_S == 2.0


async def test_what_code_has_answered_is_settled_at_once(desk: Desk):
    source = a_source("/help")

    await desk.outbox.accept_answered(source, "Just write to me.")

    assert await desk.outbox.is_settled(source.id)
    assert [one.notice.text for one in await desk.outbox.shown_for_source(source.id)] == [
        "Just write to me."
    ]
    assert await desk.due() == ()


async def test_a_line_of_the_house_is_told_once_under_its_name(desk: Desk):
    question = Question(text="What do you sell?", asks="rates", may_skip=True)

    first = await desk.outbox.tell_once("welcome", "Hello.", question=question)
    again = await desk.outbox.tell_once("welcome", "Hello.")
    await desk.outbox.answered(first, "Skipped")

    assert first == again
    assert (await desk.outbox.shown(first)).notice.answered == "Skipped"


async def test_a_door_keeps_its_own_small_state(desk: Desk):
    before = await desk.outbox.recall("telegram offset")

    await desk.outbox.remember("telegram offset", "7")
    await desk.outbox.remember("telegram offset", "8")

    assert (before, await desk.outbox.recall("telegram offset")) == (None, "8")


async def test_what_a_chat_has_seen_is_due_again_only_when_it_changes(desk: Desk):
    pairing = await desk.outbox.pair("telegram", "111", "1")
    card = await desk.propose()
    (due,) = await desk.outbox.due(pairing)
    await desk.outbox.delivered(due.notice, pairing, message="55", shown="digest")

    quiet = await desk.outbox.due(pairing)
    await desk.press(card, "reject")
    (changed,) = await desk.outbox.due(pairing)

    assert quiet == ()
    assert changed.notice.id == card.notice.id
    assert await desk.outbox.notice_of_message("telegram", "1", "55") == card.notice.id


async def test_a_stranger_leaves_a_line_in_the_ledger_and_nothing_else(desk: Desk):
    await desk.outbox.turned_away("telegram", "999", "a message")

    assert await desk.is_ledger_true()
    assert await desk.cards() == ()


async def test_actions_are_listed_by_their_state(desk: Desk):
    card = await desk.propose()
    await desk.propose()
    await desk.press(card, "reject")

    assert len(await desk.outbox.actions()) == 2
    assert [one.id for one in await desk.outbox.actions(State.REJECTED)] == [
        (await desk.action(card)).id
    ]


async def test_a_notice_that_is_not_there_is_said_to_be_gone(desk: Desk):
    with pytest.raises(NotFound):
        await desk.outbox.shown("note_nowhere")


async def test_changes_are_told_from_the_last_one_seen(desk: Desk):
    await desk.outbox.tell("one")
    _, stamp = await desk.outbox.changed_since(0)

    await desk.outbox.tell("two")
    changed, last = await desk.outbox.changed_since(stamp)

    assert [one.notice.text for one in changed] == ["two"]
    assert last == await desk.outbox.last_stamp()
