"""Safe mode: a copy that goes on sends nothing that may have left since it was made."""

import shutil
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete

from bot.cards import render
from jobs import marks, safe_mode
from memory import tables
from memory.audit import audited
from memory.errors import Unavailable
from memory.records.action import Action, State
from memory.records.calendar_add import CalendarAdd
from memory.records.decision import Verb
from memory.records.notice import Shown
from memory.records.verdict import Level
from tests.doubles.builders import NOW, Desk, a_config, a_desk, a_mail_to, an_account
from tests.doubles.smtp import Smtp
from tests.house.words import assert_plain

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def begun(mailing: Desk) -> Desk:
    """A company whose worker has begun, as `python -m jobs worker` does."""
    assert not await safe_mode.begin(mailing.company)
    return mailing


def copied(desk: Desk) -> Path:
    """The database as it is now, as any copying program would take it."""
    place = desk.company.data.parent / "copy.db"
    place.unlink(missing_ok=True)
    with sqlite3.connect(desk.company.data / "steward.db") as database:
        database.execute("VACUUM INTO ?", (str(place),))
    return place


@asynccontextmanager
async def from_copy(desk: Desk, copy: Path, witness: Smtp) -> AsyncGenerator[Desk]:
    """The same folder with the copy in the database's place; everything outside it stays."""
    data = desk.company.data.parent / "again"
    shutil.copytree(desk.company.data, data, ignore=shutil.ignore_patterns("steward.db*"))
    shutil.copyfile(copy, data / "steward.db")
    async with a_desk(data, a_config(smtp=an_account(witness.port))) as one:
        yield one


async def goes_on(desk: Desk) -> None:
    """Something happens after the copy was made, and the worker lives for a while."""
    await desk.propose()
    await desk.here_beats()


async def summary(desk: Desk) -> Shown:
    return next(one for one in reversed(await desk.cards()) if one.notice.question)


def words(desk: Desk, shown: Shown) -> str:
    card = render(shown, zone=desk.company.zone, data=desk.company.data, stopped=False)
    buttons = " ".join(f"[{one.label}]" for one in card.buttons)
    return "\n".join(one for one in (card.title, card.says, card.state, buttons) if one)


async def test_a_start_like_any_other_holds_nothing(begun: Desk):
    action = await begun.approved(a_mail_to(hold_s=60))

    for _ in range(3):
        assert not await safe_mode.begin(begun.company)

    assert await begun.state(action) is State.HELD
    assert await begun.is_ledger_true()


async def test_what_was_sent_since_the_copy_is_not_sent_again(begun: Desk, witness: Smtp):
    action = await begun.approved()
    copy = copied(begun)
    await begun.act()
    assert len(witness.sent) == 1

    async with from_copy(begun, copy, witness) as desk:
        assert await safe_mode.begin(desk.company)
        await desk.here_beats()
        for _ in range(3):
            await desk.pass_time(61 * MINUTE)
            await desk.look()
            await desk.act()

        assert await desk.state(action) is State.UNKNOWN
        assert len(witness.sent) == 1
        assert (await audited(desk.company)).faults == ()


STAGES = ("awaiting", "held", "ready", "claimed", "committing", "retry_wait")


@pytest.mark.parametrize("stage", STAGES)
async def test_whatever_was_on_its_way_asks(begun: Desk, witness: Smtp, stage: str):
    card = await begun.propose(a_mail_to(hold_s=60))
    action = await begun.action(card)
    if stage != "awaiting":
        await begun.press(card, Verb.APPROVE)
    if stage not in ("awaiting", "held"):
        await begun.change(tables.action, action.id, state=stage, owner="wrk_dead")
    copy = copied(begun)
    await goes_on(begun)

    async with from_copy(begun, copy, witness) as desk:
        assert await safe_mode.begin(desk.company)

        assert await desk.state(action) is State.UNKNOWN
        assert await words_of_card(desk, action) == (
            "Reply to Marta Silva\n"
            "I began again from a copy of Tue 10 Mar, 09:00. I can't tell if this has left since, "
            "so I won't send it by myself.\n"
            'Please look in Sent for "Re: Landing page for our spring menu".\n'
            "[It was sent] [Send] [Cancel]"
        )


async def words_of_card(desk: Desk, action: Action) -> str:
    shown = await desk.outbox.shown_for_action(action.id)
    assert shown is not None
    said = words(desk, shown)
    assert_plain(said)
    return said


async def test_the_owner_is_told_what_is_held_and_how_it_ends(begun: Desk, witness: Smtp):
    for number in range(10):
        await begun.propose(heading=f"Reply number {number}")
    copy = copied(begun)
    await goes_on(begun)

    async with from_copy(begun, copy, witness) as desk:
        await desk.here_beats()
        await safe_mode.begin(desk.company)
        shown = await summary(desk)
        said = words(desk, shown)

        assert shown.notice.rings
        assert_plain(said)
        assert said == (
            "I began again from a copy of Tue 10 Mar, 09:00. What happened after that I don't "
            "know, so nothing leaves by itself.\n"
            "10 things may have left since then:\n"
            + "".join(f"- Reply number {number}\n" for number in range(8))
            + "- and 2 more\n"
            "Each has its own card below: tell me that it was sent, send it, or cancel it.\n"
            "Press Go on when all is checked. Until then I ask before anything leaves.\n[Go on]"
        )


@pytest.mark.parametrize(
    ("verb", "state", "sent"),
    [(Verb.SEND, State.DONE, 1), (Verb.SENT, State.DONE, 0), (Verb.CANCEL, State.FAILED, 0)],
)
async def test_what_is_held_does_what_the_owner_says(
    begun: Desk, witness: Smtp, verb: Verb, state: State, sent: int
):
    action = await begun.action(await begun.propose())
    copy = copied(begun)
    await goes_on(begun)

    async with from_copy(begun, copy, witness) as desk:
        await safe_mode.begin(desk.company)
        shown = await desk.outbox.shown_for_action(action.id)
        assert shown is not None
        outcome = await desk.press(shown, verb)
        await desk.look()
        await desk.act()

        assert outcome.accepted, outcome.text
        assert await desk.state(action) is state
        assert len(witness.sent) == sent


async def test_a_rule_sends_nothing_until_everything_is_checked(begun: Desk, witness: Smtp):
    copy = copied(begun)
    await goes_on(begun)

    async with from_copy(begun, copy, witness) as desk:
        await safe_mode.begin(desk.company)
        by_rule = await desk.propose(level=Level.ALLOW)
        told = await desk.press(await summary(desk), Verb.CHOOSE, choice=0)
        later = await desk.propose(level=Level.ALLOW)

        assert await desk.state(by_rule) is State.AWAITING
        assert told.text == "Good. I work as I did before."
        assert await desk.state(later) is State.HELD
        assert words(desk, await summary(desk)).endswith("Answered: Go on")
        assert (await audited(desk.company)).faults == ()


async def test_a_word_ends_it_too_and_nothing_else_does(begun: Desk, witness: Smtp):
    copy = copied(begun)
    await goes_on(begun)

    async with from_copy(begun, copy, witness) as desk:
        await safe_mode.begin(desk.company)
        other = await desk.press(await summary(desk), Verb.SKIP)
        assert not other.accepted
        assert "Press Go on" in other.text
        assert await desk.outbox.is_careful()
        async with desk.company.store.read() as connection:
            assert "look first" in await safe_mode.caution(connection)

        await desk.outbox.resume("local owner")

        assert not await desk.outbox.is_careful()
        async with desk.company.store.read() as connection:
            assert await safe_mode.caution(connection) == ""


async def test_what_nobody_else_would_notice_goes_on(begun: Desk, witness: Smtp):
    lunch = CalendarAdd(what="Lunch", start=NOW, end=NOW, zone="UTC", entry="e@steward")
    written = await begun.action(await begun.propose(a_mail_to(from_address="")))
    entry = await begun.action(await begun.propose(lunch))
    copy = copied(begun)
    await goes_on(begun)

    async with from_copy(begun, copy, witness) as desk:
        await safe_mode.begin(desk.company)

        assert await desk.state(written) is State.AWAITING
        assert await desk.state(entry) is State.AWAITING


async def test_it_is_held_once_even_when_the_power_goes_in_between(begun: Desk, witness: Smtp):
    await begun.propose()
    copy = copied(begun)
    await goes_on(begun)

    async with from_copy(begun, copy, witness) as desk:
        known = desk.company.anchors.head()
        assert known is not None
        await safe_mode.begin(desk.company)
        # the database has it, the note outside was not written any more
        desk.company.anchors.note(known, anew=True)

        assert await safe_mode.begin(desk.company)
        assert not await safe_mode.begin(desk.company)

        events = [one.event for one in await desk.rows(tables.ledger)]
        assert events.count("action_unknown") == 1
        open_questions = [
            one for one in await desk.cards() if one.notice.question and not one.notice.answered
        ]
        assert len(open_questions) == 1
        assert (await audited(desk.company)).faults == ()


async def test_a_copy_that_says_so_is_one_though_nothing_is_missing(begun: Desk):
    action = await begun.approved()

    async def say(connection) -> None:
        await marks.keep(connection, safe_mode.COPIED, "1")

    await begun.company.store.write(say)

    assert await safe_mode.begin(begun.company)
    assert await begun.state(action) is State.UNKNOWN
    assert not await safe_mode.begin(begun.company)


async def test_a_database_in_another_folder_is_a_copy(begun: Desk):
    begun.company.anchors.head_file.unlink()

    assert await safe_mode.begin(begun.company)


async def test_a_note_outside_that_was_changed_makes_it_a_copy(begun: Desk):
    begun.company.anchors.head_file.write_text("?")

    assert await safe_mode.begin(begun.company)
    assert not await safe_mode.begin(begun.company)


async def test_a_company_from_before_this_existed_is_no_copy(begun: Desk):
    async def forget(connection) -> None:
        await connection.execute(delete(tables.meta).where(tables.meta.c.key == safe_mode.INSTALL))

    await begun.company.store.write(forget)

    assert not await safe_mode.begin(begun.company)
    begun.company.anchors.head_file.unlink()
    await begun.company.store.write(forget)
    assert not await safe_mode.begin(begun.company)


async def test_a_worker_whose_memory_was_replaced_stops(begun: Desk, witness: Smtp):
    action = await begun.approved()
    async with begun.company.store.read() as connection:
        head = await safe_mode._head(connection, begun.company, "ins_other")
    begun.company.anchors.note(head, anew=True)

    with pytest.raises(Unavailable, match="replaced"):
        await begun.here_beats()
    await begun.act()

    assert await begun.state(action) is State.RETRY_WAIT
    assert witness.sent == ()


async def test_before_anything_leaves_it_is_noted_outside(begun: Desk, witness: Smtp):
    await begun.approved()
    before = begun.company.anchors.head()
    await begun.act()
    after = begun.company.anchors.head()

    assert before is not None
    assert after is not None
    async with begun.company.store.read() as connection:
        query = tables.ledger.select().where(tables.ledger.c.event == "action_committing")
        marker = (await connection.execute(query)).one()
    assert before.seq < marker.seq <= after.seq
    assert len(witness.sent) == 1
