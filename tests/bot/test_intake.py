"""The one way in: commands, typed decisions, strangers, and a disk that takes no more."""

import json
import sqlite3
from typing import Any

import pytest
from sqlalchemy import select

from bot.adapter import Inbound, InboundFile
from bot.cards import render
from jobs import actions, notices
from memory import tables
from memory.config import Config, Owner
from memory.errors import Unavailable
from memory.ids import new_id
from memory.records.action import State
from memory.records.change import Change
from memory.records.decision import Decision, Verb
from memory.records.note import Note
from tests.bot.house import House, a_house, a_mail
from tests.house.words import assert_plain

DANA, MALLORY = "111", "999"


@pytest.fixture
async def house(data):
    config = Config(owner=Owner(name="Dana Reyes", timezone="Europe/Lisbon"))
    async with a_house(data, config) as house:
        await house.outbox.pair("chat", DANA, DANA)
        yield house


async def say(
    house: House,
    text: str,
    *,
    to: str | None = None,
    native_id: str = "",
    files: tuple[InboundFile, ...] = (),
    forwarded: bool = False,
) -> str:
    """Type something, in reply to a card where one is named; what it was answered with."""
    accepted = await house.intake.receive(
        Inbound(
            door="chat",
            native_id=native_id or new_id("m"),
            chat=DANA,
            person=DANA,
            text=text,
            files=files,
            forwarded=forwarded,
            notice=to,
        )
    )
    if accepted is None:
        return ""
    lines = await house.outbox.shown_for_source(accepted.source)
    answer = "\n".join(one.notice.text for one in lines)
    assert_plain(answer)
    return answer


async def press(house: House, notice: str, verb: Verb, *, person: str = DANA, **fields):
    return await house.intake.press(
        Decision(notice=notice, verb=verb, door="chat", actor=person, **fields)
    )


async def put_filing(house: House, *texts: str) -> str:
    """File notes; the notice's id."""

    async def work(connection) -> str:
        now = house.company.clock.now()
        action = await actions.file(
            connection,
            house.company,
            tuple(Change.to(Note(text=text, origin=f"src_{text}")) for text in texts),
            action_id=new_id("act"),
            origin=actions.Origin(source="src_t", run="run_t", agent="notes@1", path="rules"),
            rationale="You said so.",
            now=now,
        )
        return await notices.tell(
            connection, house.company, now=now, text="Filed: a note", action=action.id, revision=1
        )

    return await house.company.store.write(work)


async def newest_question(house: House) -> Any:
    return next(
        one for one in reversed(await house.outbox.all_shown()) if one.notice.question is not None
    )


async def runs(house: House) -> int:
    async with house.company.store.read() as connection:
        return len((await connection.execute(select(tables.run))).all())


# ---------------------------------------------------------------- commands


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("/today", ""),
        ("today", ""),
        ("/waiting", "Nothing waits for you."),
        ("what waits?", "Nothing waits for you."),
        ("/undo", "There is nothing waiting for that."),
        ("undo that", "There is nothing waiting for that."),
        ("/find Marta", 'I have nothing about "Marta".'),
        ("find Marta", 'I have nothing about "Marta".'),
        ("/find", "Find what?"),
        ("/stop", "Stopped."),
        ("STOP!", "Stopped."),
        ("/help", "Forward me a mail"),
        ("help", "Forward me a mail"),
        ("/start", "Forward me a mail"),
        ("/more", "approve, no, undo, why"),
        ("more", "approve, no, undo, why"),
        ("/cost", "Models have cost nothing today."),
        ("what did you cost?", "Models have cost nothing today."),
        ("/why", "There is nothing waiting for that."),
        ("resume", "Nothing was stopped."),
        ("approve", "There is nothing waiting for that."),
        ("No.", "There is nothing waiting for that."),
    ],
)
async def test_a_command_is_answered_at_once_and_by_code(house, text, begins):
    answer = await say(house, text)

    assert answer.startswith(begins)
    assert answer
    assert await runs(house) == 0


@pytest.mark.parametrize("text", ["stop by the shop tomorrow", "stop the shop", "yes", "/frob"])
async def test_what_is_no_command_is_read_like_any_message(house, text):
    assert await say(house, text) == ""
    assert await runs(house) == 1
    assert not house.outbox.stopped()


async def test_stop_holds_until_resume(house):
    await say(house, "stop")
    stopped = house.outbox.stopped()
    answer = await say(house, "resume")

    assert stopped
    assert not house.outbox.stopped()
    assert answer == "Going on. What waited leaves now."


async def test_an_old_stop_that_is_delivered_again_does_not_stop_what_was_resumed(house):
    await say(house, "stop", native_id="update-7")
    await say(house, "resume")

    await say(house, "stop", native_id="update-7")

    assert not house.outbox.stopped()


async def test_stop_and_more_in_one_message_stops_and_is_read(house):
    await say(house, "stop. and undo the last thing too")

    assert house.outbox.stopped()
    assert await runs(house) == 1
    assert "Stopped. Nothing leaves until you say resume." in await house.told()


async def test_stop_in_a_forwarded_mail_is_a_strangers_word(house):
    await say(house, "stop", forwarded=True)

    assert not house.outbox.stopped()
    assert await runs(house) == 1


async def test_a_message_that_is_delivered_twice_is_kept_once(house):
    await say(house, "Note: thicker paper", native_id="update-1")
    await say(house, "Note: thicker paper", native_id="update-1")

    assert len(await house.sources()) == 1


async def test_a_file_is_kept_with_the_message(house):
    mail = InboundFile(name="mail.eml", media_type="message/rfc822", raw=b"From: a@b.example\r\n")
    await say(house, "", files=(mail,))

    (source,) = await house.sources()
    assert source.label == "external"
    assert '"name": "mail.eml"' in source.files


# ---------------------------------------------------------------- typed decisions


async def test_approve_means_the_only_card_that_waits(house):
    card = await house.put_card()

    answer = await say(house, "approve")

    assert answer.startswith("Leaves at ")
    assert await house.state_of(card) == "held"


async def test_approve_with_two_cards_asks_which_and_sends_nothing(house):
    first, second = await house.put_card(), await house.put_card()

    answer = await say(house, "approve")

    question = await newest_question(house)
    assert answer == "2 drafts wait for your word, so I did nothing yet."
    assert question.notice.text == "Which one do you mean?"
    assert [one.label for one in question.notice.question.choices] == ["Reply to Marta Silva"] * 2
    assert [await house.state_of(one) for one in (first, second)] == ["awaiting", "awaiting"]


async def test_the_answer_to_which_one_decides_about_that_one(house):
    first, second = await house.put_card(), await house.put_card()
    await say(house, "approve")
    question = await newest_question(house)

    outcome = await press(house, question.notice.id, Verb.CHOOSE, choice=1)

    assert outcome.accepted
    assert [await house.state_of(one) for one in (first, second)] == ["awaiting", "held"]
    assert (await house.outbox.shown(question.notice.id)).notice.answered == "Reply to Marta Silva"


async def test_which_one_is_answered_once(house):
    first, second = await house.put_card(), await house.put_card()
    await say(house, "no")
    question = (await newest_question(house)).notice.id
    await press(house, question, Verb.CHOOSE, choice=0)

    again = await press(house, question, Verb.CHOOSE, choice=1)

    assert not again.accepted
    assert [await house.state_of(one) for one in (first, second)] == ["rejected", "awaiting"]


async def test_which_one_does_not_approve_a_text_that_was_changed_since(house):
    first, _ = await house.put_card(), await house.put_card()
    await say(house, "approve")
    question = (await newest_question(house)).notice.id
    await say(house, "Hi Marta, it is 1,300 EUR. Dana", to=first)

    outcome = await press(house, question, Verb.CHOOSE, choice=0)

    assert not outcome.accepted
    assert State.HELD not in {one.state for one in await house.outbox.actions()}


@pytest.mark.parametrize("text", ["ok", "Yes!", "approve", "send it", "Approve"])
async def test_a_yes_in_reply_to_a_card_approves_it(house, text):
    await house.put_card()
    card = await house.put_card()

    await say(house, text, to=card)

    assert await house.state_of(card) == "held"


@pytest.mark.parametrize("text", ["No.", "no", "cancel"])
async def test_a_no_in_reply_to_a_card_puts_it_away(house, text):
    card = await house.put_card()

    assert await say(house, text, to=card) == "Put away. Nothing was sent."
    assert await house.state_of(card) == "rejected"


async def test_any_other_reply_becomes_the_new_text(house):
    card = await house.put_card()

    await say(house, "Hi Marta, it is 1,300 EUR. Dana", to=card)

    newest = (await house.outbox.actions())[-1]
    assert newest.revision == 2
    assert newest.effect.model_dump()["body"] == "Hi Marta, it is 1,300 EUR. Dana"
    assert newest.state is State.AWAITING


async def test_a_yes_to_a_text_that_was_replaced_sends_nothing(house):
    card = await house.put_card()
    await say(house, "Hi Marta, it is 1,300 EUR. Dana", to=card)

    answer = await say(house, "ok", to=card)

    assert answer == "That text was superseded by a newer one; please use the newer card."
    assert State.HELD not in {one.state for one in await house.outbox.actions()}


async def test_the_words_on_a_button_do_what_it_does(house):
    card = await house.put_card()
    await say(house, "approve", to=card)
    await say(house, "Undo", to=card)

    await say(house, "Send after all", to=card)

    assert await house.state_of(card) == "held"


async def test_send_after_all_means_what_was_taken_back_last(house):
    card = await house.put_card()
    await say(house, "approve")
    await say(house, "undo")

    await say(house, "send after all")

    assert await house.state_of(card) == "held"


async def test_a_short_yes_to_something_that_is_over_is_no_new_text(house):
    card = await house.put_card()
    await say(house, "approve", to=card)
    await say(house, "undo", to=card)

    assert await say(house, "ok", to=card) == "Already taken back. Nothing left."
    assert await house.state_of(card) == "cancelled"


async def test_undo_means_what_moved_last(house):
    card = await house.put_card()
    filing = await put_filing(house, "thicker paper")
    await say(house, "approve")

    answer = await say(house, "undo that")

    assert answer == "Taken back. Nothing left."
    assert await house.state_of(card) == "cancelled"
    assert await house.state_of(filing) == "done"


async def test_undo_does_not_reach_behind_a_mail_that_is_leaving(house):
    filing = await put_filing(house, "thicker paper")
    card = await house.put_card()
    await say(house, "approve")
    await house.force(card, State.COMMITTING)

    answer = await say(house, "undo")

    assert answer.startswith("It is leaving right now.")
    assert await house.state_of(filing) == "done"


async def test_a_number_in_reply_to_a_filing_takes_that_line_back(house):
    filing = await put_filing(house, "thicker paper", "blue ink")

    answer = await say(house, "2", to=filing)

    assert answer == "Taken back: blue ink."
    assert await house.state_of(filing) == "done"


async def test_thanks_in_reply_to_a_filing_is_a_message_like_any_other(house):
    filing = await put_filing(house, "thicker paper")

    assert await say(house, "great, thanks", to=filing) == ""
    assert await runs(house) == 1


async def test_why_in_reply_to_a_card_explains_that_one(house):
    card = await house.put_card()
    await put_filing(house, "thicker paper")

    answer = await say(house, "why?", to=card)

    assert "Reason: she asks for a quote by Friday" in answer


async def test_why_alone_explains_the_latest(house):
    await house.put_card()
    await put_filing(house, "thicker paper")

    assert "Reason: You said so." in await say(house, "why?")


async def test_i_will_do_it_takes_the_card_out_of_its_hands(house):
    card = await house.put_card()

    await say(house, "I'll do it")

    assert await house.state_of(card) == "taken"


async def test_a_typed_decision_that_is_delivered_twice_decides_once(house):
    card = await house.put_card()
    await say(house, "approve", native_id="update-3")
    await say(house, "approve", native_id="update-3")

    assert await house.state_of(card) == "held"
    assert [one.verb for one in await house.decisions()] == ["approve"]


async def test_waiting_names_every_card_and_open_question(house):
    await house.put_card()
    await house.put_card()
    await say(house, "approve")

    assert await say(house, "/waiting") == (
        "Waiting for your word:\nReply to Marta Silva\nReply to Marta Silva\nWhich one do you mean?"
    )


@pytest.mark.parametrize("text", ["/brief", "brief", "What's on today?"])
async def test_the_brief_can_be_asked_for_at_any_time(house, text: str):
    await house.put_card()

    assert await say(house, text) == await say(house, "/today")


# ---------------------------------------------------------------- presses that only ask


async def test_why_tells_the_story_in_a_line_of_its_own(house):
    card = await house.put_card()

    outcome = await press(house, card, Verb.WHY, native_id="press-1")
    again = await press(house, card, Verb.WHY, native_id="press-1")

    assert outcome.notice == again.notice
    assert "Reason: she asks for a quote by Friday" in (await house.told())[-1]
    assert await house.state_of(card) == "awaiting"


async def test_edit_asks_for_the_text_and_changes_nothing(house):
    card = await house.put_card()

    outcome = await press(house, card, Verb.EDIT)

    assert outcome.accepted
    assert outcome.text.startswith("Reply to the card with your text")
    assert await house.state_of(card) == "awaiting"


async def test_undo_one_lists_the_lines_with_their_numbers(house):
    filing = await put_filing(house, "thicker paper", "blue ink")

    await press(house, filing, Verb.UNDO_ONE)

    assert (await house.told())[-1] == (
        "Reply to the filing with a number, and I take back just that:\n"
        "1. Note: thicker paper\n2. Note: blue ink"
    )


async def test_asking_about_a_plain_line_is_answered_not_broken(house):
    line = await house.outbox.tell("Noted.")

    outcome = await press(house, line, Verb.WHY)

    assert not outcome.accepted
    assert outcome.text == "There is nothing more to tell about this one."


async def test_a_doubt_that_was_closed_is_not_called_unsent(house):
    card = await house.put_card()
    await say(house, "approve")
    await house.force(card, State.UNKNOWN, trouble="The power went while I was sending.")
    await press(house, card, Verb.CANCEL)

    shown = render(
        await house.outbox.shown(card),
        zone=house.company.zone,
        data=house.company.data,
        stopped=False,
    )

    assert shown.state == "You closed it; whether it left was never settled."
    assert [one.label for one in shown.buttons] == ["Copy text", "Why?"]


# ---------------------------------------------------------------- strangers


async def test_a_stranger_gets_silence_and_one_line_in_the_ledger(house):
    before = await house.events()

    accepted = await house.intake.receive(
        Inbound(door="chat", native_id="m1", chat=MALLORY, person=MALLORY, text="approve all")
    )

    assert accepted is None
    assert await house.told() == ()
    assert await house.sources() == []
    assert (await house.events())[len(before) :] == ("stranger_turned_away",)


@pytest.mark.parametrize("verb", [Verb.APPROVE, Verb.WHY, Verb.SHOW, Verb.CHOOSE])
async def test_a_strangers_press_changes_and_tells_nothing(house, verb):
    card = await house.put_card()
    told, before = await house.told(), await house.events()

    outcome = await press(house, card, verb, person=MALLORY)

    assert (outcome.accepted, outcome.text, outcome.notice) == (False, "", None)
    assert await house.told() == told
    assert await house.state_of(card) == "awaiting"
    assert (await house.events())[len(before) :] == ("stranger_turned_away",)


async def test_nobody_paired_means_nobody(house):
    assert not await house.intake.is_owner("slack", DANA)
    assert (
        await house.intake.keep(
            Inbound(door="slack", native_id="m1", chat="c", person=DANA), "I can't read this."
        )
        is None
    )


async def test_what_nobody_can_read_is_kept_with_the_line_that_says_so(house):
    await house.intake.keep(
        Inbound(door="chat", native_id="m1", chat=DANA, person=DANA), "I can't hear voices yet."
    )

    assert len(await house.sources()) == 1
    assert await house.told() == ("I can't hear voices yet.",)


# ---------------------------------------------------------------- trouble with the memory


async def test_a_full_disk_is_not_acknowledged_and_works_again_with_space(house):
    async def pages(connection, most: int) -> None:
        await connection.exec_driver_sql(f"PRAGMA max_page_count={most}")

    async def full(connection) -> None:
        used = (await connection.exec_driver_sql("PRAGMA page_count")).scalar()
        await pages(connection, used)

    await house.company.store.write(full)
    refused = 0
    kept = []
    for number in range(40):
        try:
            await say(house, f"Note: {'paper ' * 200}{number}", native_id=f"update-{number}")
            kept.append(number)
        except Unavailable:
            refused += 1
    committed = len(await house.sources())
    await house.company.store.write(lambda connection: pages(connection, 100_000))
    await say(house, "Note: once more", native_id="update-39")

    assert refused > 0
    assert committed == len(kept)
    assert len(await house.sources()) == len(kept) + 1


@pytest.mark.parametrize("text", ["Note: thicker paper", "/today", "approve"])
async def test_a_locked_database_is_not_acknowledged(data, text):
    async with a_house(data, Config(), busy_s=0.05) as house:
        await house.outbox.pair("chat", DANA, DANA)
        await house.put_card(a_mail())
        lock = sqlite3.connect(data / "steward.db", isolation_level=None)
        lock.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable):
            await say(house, text)
        lock.execute("ROLLBACK")
        lock.close()

        assert await house.sources() == []
        assert await house.decisions() == []


async def test_stop_holds_although_the_database_is_locked(data):
    async with a_house(data, Config(), busy_s=0.05) as house:
        await house.outbox.pair("chat", DANA, DANA)
        lock = sqlite3.connect(data / "steward.db", isolation_level=None)
        lock.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable):
            await say(house, "stop")
        lock.close()

        assert house.outbox.stopped()


async def test_an_address_book_file_is_a_wish_to_keep_who_is_in_it(house):
    card = InboundFile(
        name="marta.vcf",
        media_type="text/vcard",
        raw=b"BEGIN:VCARD\nFN:Marta Silva\nTEL:+351210000010\nEND:VCARD",
    )
    inbound = Inbound(door="chat", native_id="v1", chat=DANA, person=DANA, files=(card,))

    await house.intake.receive(inbound)

    (run,) = await house._rows(select(tables.run))
    (wish,) = json.loads(run.intents)
    assert (wish["kind"], wish["slots"]["phone"]) == ("contact.save", "+351210000010")


async def test_stop_says_what_is_held_and_offers_what_can_be_done(house):
    notice = await house.put_card()
    await press(house, notice, Verb.APPROVE)

    answer = await say(house, "stop")
    (line,) = [one for one in await house.outbox.all_shown() if one.standstill is not None]
    card = render(line, zone=house.company.zone, data=house.company.data, stopped=True)

    assert answer == "Stopped. Nothing leaves until you say resume."
    assert card.state == "1 held."
    assert [one.label for one in card.buttons] == ["Resume", "Cancel 1", "Show"]
    assert_plain(card.text)


async def test_what_is_held_is_cancelled_by_words_if_the_count_is_right(house):
    notice = await house.put_card()
    await press(house, notice, Verb.APPROVE)
    await say(house, "stop")

    await say(house, "cancel 7")
    before = await house.state_of(notice)
    answer = await say(house, "cancel 1")

    assert (before, await house.state_of(notice)) == ("held", "cancelled")
    assert answer == "1 cancelled."


async def test_a_reply_to_a_stop_may_say_what_a_button_says(house):
    notice = await house.put_card()
    await press(house, notice, Verb.APPROVE)
    await say(house, "stop")
    (line,) = [one for one in await house.outbox.all_shown() if one.standstill is not None]

    answer = await say(house, "Cancel 1", to=line.notice.id)

    assert answer == "1 cancelled."


async def test_a_pause_has_an_end_and_says_so(house):
    answer = await say(house, "pause until Monday")

    assert answer.startswith("Paused until ")
    assert answer.endswith("08:00. Nothing leaves before, unless you say resume.")
    assert house.outbox.stopped()
