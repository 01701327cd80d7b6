"""The Slack door with the real clients: nothing lost, nothing twice, nobody else."""

import asyncio
import sqlite3

import pytest

from jobs.outbox import Outbox
from memory.errors import Refused, Unavailable
from tests.bot.slack_chat import DANA, MALLORY, a_chat, at_work
from tests.doubles.slack import Slack, broken_before, too_many


@pytest.fixture
async def slack():
    async with Slack() as server:
        yield server


@pytest.fixture
async def closed(data, slack):
    """Dana's chat, its door not open yet."""
    async with a_chat(data, slack) as chat:
        yield chat


@pytest.fixture
async def chat(closed):
    """Dana's chat, at work."""
    async with at_work(closed.door):
        await closed.dana.sees("yours alone")
        yield closed


class Killed(Exception):
    """The power went."""


@pytest.mark.parametrize("by_request", [False, True], ids=["by socket", "by request"])
async def test_a_message_a_press_a_form_and_a_command_are_taken_in(data, slack, by_request: bool):
    async with a_chat(data, slack, by_request=by_request) as chat, at_work(chat.door):
        said = await chat.dana.say("Note: thicker paper & <b>ink</b>, see https://ink.example")
        await chat.dana.until(lambda _: said.reactions)
        await chat.house.put_card()
        card = await chat.shows("Reply to Marta", button="Edit")
        await chat.dana.press(card, "Edit")
        await chat.dana.until(lambda dana: dana.modal)
        await chat.dana.submit("Hi Marta, it is 1,300 EUR. Dana")
        fresh = await chat.shows("it is 1,300 EUR", button="Approve")
        await chat.dana.press(fresh, "Approve")
        await chat.shows("Leaves at")
        await chat.dana.slash("find Marta")
        await slack.settled()

        assert said.reactions == ["ok_hand"]
        assert await chat.texts() == [
            "Note: thicker paper & <b>ink</b>, see https://ink.example",
            "find Marta",
        ]
        assert [one.verb for one in await chat.house.decisions()] == ["edit", "approve"]


async def test_a_message_is_committed_before_it_is_acknowledged(data, slack):
    async with a_chat(data, slack, busy_s=0.05) as chat, at_work(chat.door):
        await chat.dana.sees("yours alone")
        await chat.quiet()
        slack.delivery.patience_s = 0.3
        lock = sqlite3.connect(data / "steward.db", isolation_level=None)
        lock.execute("BEGIN IMMEDIATE")
        await chat.dana.say("Note: thicker paper")
        await slack.until(lambda: slack.delivery.journal)
        lock.execute("ROLLBACK")
        lock.close()
        await slack.settled()

        acknowledged = [one.acknowledged for one in slack.delivery.journal]

        assert acknowledged[0] is False
        assert acknowledged[-1] is True
        assert await chat.texts() == ["Note: thicker paper"]


async def test_a_request_that_was_not_committed_is_answered_503(data, slack):
    async with a_chat(data, slack, busy_s=0.05, by_request=True) as chat, at_work(chat.door):
        await chat.dana.sees("yours alone")
        await chat.quiet()
        notice = await chat.house.put_card()
        card = await chat.shows("Reply to Marta", button="Approve")
        await chat.quiet()
        lock = sqlite3.connect(data / "steward.db", isolation_level=None)
        lock.execute("BEGIN IMMEDIATE")
        answer = await chat.dana.press(card, "Approve")
        lock.execute("ROLLBACK")
        lock.close()

        assert (answer.acknowledged, answer.status) == (False, 503)
        assert await chat.house.state_of(notice) == "awaiting"


async def test_an_event_that_comes_again_is_one_message(chat, slack):
    slack.delivery.lost_acks = 2
    await chat.dana.say("Note: thicker paper")
    await slack.settled()
    slack.delivery.twice = 1
    await chat.dana.say("Note: blue ink")
    await slack.settled()

    assert len(slack.delivery.journal) >= 5
    assert await chat.texts() == ["Note: thicker paper", "Note: blue ink"]


async def test_events_in_another_order_are_all_taken_in(chat, slack):
    slack.delivery.held = []
    await chat.dana.say("one")
    await chat.dana.say("two")
    slack.delivery.release(reverse=True)
    await slack.settled()

    assert sorted(await chat.texts()) == ["one", "two"]


async def test_a_first_try_that_never_arrived_does_not_make_the_second_a_repeat(chat, slack):
    event = {
        "type": "message",
        "channel_type": "im",
        "user": DANA,
        "text": "Note: thicker paper",
        "channel": chat.dana.chat.id,
        "ts": "1741600000.000200",
        "event_ts": "1741600000.000200",
    }
    body = {"type": "event_callback", "team_id": "T0REYES", "event": event, "event_id": "Ev9"}

    await slack.delivery._once("events_api", body, 2)

    assert await chat.texts() == ["Note: thicker paper"]


async def test_what_comes_after_a_restart_is_not_lost(closed, slack):
    async with at_work(closed.door):
        await closed.dana.sees("yours alone")
    slack.delivery.patience_s = 0.5

    await closed.dana.say("while you were away")
    await asyncio.sleep(0.05)
    async with at_work(closed.another_door()):
        await slack.settled()

        assert await closed.texts() == ["while you were away"]


async def test_a_broken_line_is_opened_again(data, slack):
    async with a_chat(data, slack) as chat, at_work(chat.door):
        await chat.dana.sees("yours alone")
        await slack.delivery.refresh()
        await slack.until(lambda: len(slack.calls("apps.connections.open")) >= 2)
        await chat.dana.say("still there?")
        await slack.settled()

        assert await chat.texts() == ["still there?"]


async def test_a_stranger_gets_silence_and_a_line_in_the_ledger(chat, slack):
    mallory = slack.person(MALLORY, "Mallory")

    await mallory.say("approve all")
    await mallory.upload("big.bin", b"x" * 1000)
    await mallory.slash("approve")
    await mallory.open_home()
    await slack.settled()

    assert mallory.received == ()
    assert mallory.asides == ()
    assert mallory.home is None
    assert await chat.texts() == []
    assert await chat.turned_away() == 3
    assert slack.calls("download") == ()


async def test_the_owners_id_in_another_workspace_is_nobody(chat, slack):
    double = slack.person(DANA, team="T0OTHER")

    await double.say("approve")
    await double.slash("approve")
    await slack.settled()

    assert await chat.texts() == []
    assert await chat.turned_away() == 2


@pytest.mark.parametrize(
    "more",
    [
        {"bot_id": "B0OTHER"},
        {"subtype": "bot_message", "bot_id": "B0OTHER", "user": ""},
        {"channel_type": "channel"},
        {"channel_type": "mpim"},
    ],
    ids=["a bot", "a bot without a user", "a channel", "a group"],
)
async def test_only_the_owner_in_the_owners_chat_is_heard(chat, slack, more):
    said = {"type": "message", "user": DANA, "text": "approve", "channel": "C1", "ts": "1.1"}

    slack.tell_anyway({"channel_type": "im", "event_ts": "1.1", **said, **more})
    await slack.settled()

    assert await chat.texts() == []
    assert await chat.turned_away() == 1


async def test_our_own_messages_are_no_news(chat, slack):
    own = {"type": "message", "user": "U0STEWARD", "bot_id": "B0STEWARD", "text": "Sent."}

    slack.tell_anyway({**own, "channel_type": "im", "channel": "D0111", "ts": "1", "event_ts": "1"})
    await slack.settled()

    assert await chat.texts() == []
    assert await chat.turned_away() == 0


async def test_a_code_pairs_once(data, slack):
    async with a_chat(data, slack, paired=False) as chat, at_work(chat.door):
        invitation = await chat.door.invitation()
        words = invitation.partition('"')[2].rstrip('"')
        thief = slack.person(MALLORY, "Mallory")
        await chat.dana.say(words)
        await chat.dana.sees("Hello Dana. This chat on Slack is now yours alone")
        await thief.say(words)
        await slack.settled()

        owners = [one.person for one in await chat.house.outbox.pairings("slack")]

        assert owners == [DANA]
        assert thief.received == ()
        assert words not in await chat.door.invitation()
        assert await chat.texts() == []


@pytest.mark.parametrize("text", ["pair", "pair wrong", "hello", "pair "])
async def test_without_the_code_nobody_is_paired(data, slack, text: str):
    async with a_chat(data, slack, paired=False) as chat, at_work(chat.door):
        await chat.door.invitation()
        await chat.dana.say(text)
        await slack.settled()

        assert await chat.house.outbox.pairings("slack") == ()
        assert chat.dana.received == ()


async def test_an_id_that_nobody_has_is_said(data, slack):
    async with a_chat(data, slack) as chat:
        del slack.workspace.people[DANA]
        async with at_work(chat.door):
            await chat.door.invitation()

            (said,) = await chat.house.told()

    assert said.startswith("There is nobody with the member id U111 on your Slack.")


async def test_a_press_decides_and_the_card_shows_it(chat):
    notice = await chat.house.put_card()
    card = await chat.shows("Reply to Marta", button="Approve")
    await chat.quiet()

    answer = await chat.dana.press(card, "Approve")
    shown = await chat.shows("Leaves at", button="Undo")

    assert answer.acknowledged
    assert shown is card
    assert await chat.house.state_of(notice) == "held"
    assert card.options["unfurl_links"] in (False, 0, "0", "false", "False")
    assert card.options["unfurl_media"] in (False, 0, "0", "false", "False")


async def test_a_quick_thumb_is_not_turned_away(chat):
    notice = await chat.house.put_card()
    card = await chat.shows("Reply to Marta", button="Approve")

    await chat.dana.press(card, "Approve")
    await chat.shows("Leaves at")

    assert await chat.house.state_of(notice) == "held"


async def test_the_same_press_delivered_again_decides_once(chat):
    await chat.house.put_card()
    card = await chat.shows("Reply to Marta", button="Approve")
    await chat.quiet()

    await chat.dana.press(card, "Approve", times=3)

    assert [one.verb for one in await chat.house.decisions()] == ["approve"]


async def test_a_press_that_comes_too_late_is_answered_aside(chat):
    await chat.house.put_card()
    card = await chat.shows("Reply to Marta", button="Approve")
    await chat.quiet()
    old = card.button("Approve")
    await chat.dana.press(card, "Approve")

    where = {"type": "message", "message_ts": card.ts, "channel_id": chat.dana.chat.id}
    await chat.dana.press_raw(old, where)
    await chat.dana.until(lambda dana: dana.asides)

    assert "Already approved" in chat.dana.asides[0]
    assert "on Slack" in chat.dana.asides[0]


@pytest.mark.parametrize("forged", ["another message", "another chat", "a made up token"])
async def test_a_button_works_where_it_belongs_and_nowhere_else(chat, forged: str):
    notice = await chat.house.put_card()
    card = await chat.shows("Reply to Marta", button="Approve")
    await chat.quiet()
    button = card.button("Approve")
    where = {"type": "message", "message_ts": card.ts, "channel_id": chat.dana.chat.id}
    if forged == "another message":
        where["message_ts"] = (await chat.dana.say("hello")).ts
    elif forged == "another chat":
        where["channel_id"] = "C1"
    else:
        button = {**button, "value": "x" * 22}

    answer = await chat.dana.press_raw(button, where)

    assert answer.acknowledged
    assert await chat.house.state_of(notice) == "awaiting"


async def test_a_stranger_who_presses_decides_nothing(chat, slack):
    notice = await chat.house.put_card()
    card = await chat.shows("Reply to Marta", button="Approve")
    mallory = slack.person(MALLORY, "Mallory")

    where = {"type": "message", "message_ts": card.ts, "channel_id": chat.dana.chat.id}
    await mallory.press_raw(card.button("Approve"), where)

    assert await chat.house.state_of(notice) == "awaiting"
    assert await chat.turned_away() == 1


async def test_edit_opens_a_form_with_the_text_and_the_new_text_becomes_the_card(chat):
    await chat.house.put_card()
    card = await chat.shows("Reply to Marta", button="Edit")
    await chat.quiet()

    await chat.dana.press(card, "Edit")
    await chat.dana.until(lambda dana: dana.modal)
    assert chat.dana.modal is not None
    initial = chat.dana.modal.initial
    answer = await chat.dana.submit("Hi Marta, it is 1,300 EUR. Dana", times=2)
    fresh = await chat.shows("it is 1,300 EUR", button="Approve")

    assert initial == "Hi Marta, a one-page site is 1,200 EUR. Dana"
    assert answer.payload == {}
    assert chat.dana.modal is None
    assert fresh is not card
    assert [one.verb for one in await chat.house.decisions()] == ["edit"]


async def test_what_is_wrong_is_said_in_the_form(chat):
    await chat.house.put_card()
    card = await chat.shows("Reply to Marta", button="Edit")
    await chat.quiet()
    await chat.dana.press(card, "Edit")
    await chat.dana.until(lambda dana: dana.modal)

    empty = await chat.dana.submit("  ")
    await chat.dana.press(card, "Approve")
    late = await chat.dana.submit("Hi Marta, it is 1,300 EUR. Dana")

    assert empty.payload["response_action"] == "errors"
    assert "Already approved" in late.payload["errors"]["text"]
    assert chat.dana.modal is not None


async def test_a_form_that_does_not_open_in_time_says_how_else(chat, slack):
    await chat.house.put_card()
    card = await chat.shows("Reply to Marta", button="Edit")
    await chat.quiet()
    slack.fail("views.open", broken_before())

    await chat.dana.press(card, "Edit")
    await chat.dana.until(lambda dana: dana.asides)

    assert "Reply in the card's thread with your text." in chat.dana.asides[0]


async def test_a_reply_in_the_thread_becomes_the_new_text(chat):
    await chat.house.put_card()
    card = await chat.shows("Reply to Marta", button="Approve")
    await chat.quiet()

    await chat.dana.reply(card, "Hi Marta, it is 1,300 EUR. Dana")
    await chat.shows("it is 1,300 EUR", button="Approve")

    assert [one.verb for one in await chat.house.decisions()] == ["edit"]


async def test_the_command_is_a_message_from_anywhere(chat):
    answer = await chat.dana.slash("help")
    await chat.shows("/today")

    assert (answer.acknowledged, answer.payload) == (True, {})
    assert await chat.texts() == ["help"]


async def test_an_edited_message_is_heard_and_a_preview_is_not(chat, slack):
    said = await chat.dana.say("Note: thin paper")
    await slack.settled()
    await chat.dana.unfurl(said)
    await slack.settled()
    await chat.dana.edit(said, "Note: thick paper")
    await slack.settled()

    assert await chat.texts() == ["Note: thin paper", "Note: thick paper"]


async def test_a_line_is_not_lost_when_slack_asks_to_slow_down(chat, slack):
    slack.fail("chat.postMessage", too_many(1))
    await chat.house.outbox.tell("first")
    await chat.house.outbox.tell("second")
    chat.wake.set()

    await chat.dana.sees("second")

    assert [one.text for one in chat.dana.received][-2:] == ["first", "second"]


async def test_a_card_that_somebody_deleted_is_sent_anew(chat):
    notice = await chat.house.put_card()
    card = await chat.shows("Reply to Marta", button="Approve")
    await chat.quiet()
    card.is_deleted = True

    await chat.dana.slash("approve")
    again = await chat.shows("Leaves at")

    assert again is not card
    assert await chat.house.state_of(notice) == "held"


async def test_a_removed_app_closes_the_door_with_one_sentence(closed, slack):
    running = asyncio.create_task(closed.door.run())
    await closed.dana.sees("yours alone")
    slack.revoke()
    await closed.house.outbox.tell("Filed.")
    closed.wake.set()

    with pytest.RaisesGroup(pytest.RaisesExc(Refused, match="does not accept the token")):
        async with asyncio.timeout(5):
            await running


async def test_an_app_that_is_uninstalled_says_so(closed, slack):
    running = asyncio.create_task(closed.door.run())
    await closed.dana.sees("yours alone")

    slack.tell({"type": "app_uninstalled", "event_ts": "1"})

    with pytest.RaisesGroup(pytest.RaisesExc(Refused, match="removed from your Slack")):
        async with asyncio.timeout(5):
            await running


@pytest.mark.parametrize(
    ("tokens", "sentence"),
    [
        ({"bot_token": "xoxb-old"}, "does not accept the token of your app"),
        ({"app_token": "xapp-old"}, "does not accept the app-level token"),
        ({"app_token": ""}, "neither an app-level token nor a signing secret"),
    ],
    ids=["bot token", "app token", "no way in"],
)
async def test_a_wrong_token_is_refused_with_the_next_step(data, slack, tokens, sentence):
    async with a_chat(data, slack, **tokens) as chat:
        with pytest.raises((Refused, ExceptionGroup)) as raised:
            async with asyncio.timeout(5):
                await chat.door.run()

    trouble = raised.value
    while isinstance(trouble, ExceptionGroup):
        trouble = trouble.exceptions[0]
    assert isinstance(trouble, Refused)
    assert sentence in trouble.sentence
    assert "config.toml" in trouble.hint


async def test_slack_that_does_not_answer_is_waited_for(data, slack):
    slack.fail("auth.test", broken_before(), times=2)
    async with a_chat(data, slack) as chat, at_work(chat.door):
        await chat.dana.sees("yours alone")

    assert len(slack.calls("auth.test")) == 3


class DiesBeforeTheAnswer(Outbox):
    """Everything is committed, and then the process dies."""

    async def accept(self, source, intents):
        await super().accept(source, intents)
        raise Unavailable("The power went.")


async def test_a_message_that_was_committed_but_not_acknowledged_changes_nothing(data, slack):
    async with a_chat(data, slack) as chat:
        async with at_work(chat.door):
            await chat.dana.sees("yours alone")
        slack.delivery.patience_s = 0.3
        dying = DiesBeforeTheAnswer(chat.house.company, chat.house.outbox._bell)
        async with at_work(chat.another_door(dying)):
            await chat.dana.say("Note: thicker paper")
            await slack.until(lambda: slack.delivery.journal)
        async with at_work(chat.another_door()):
            await slack.settled()

        assert await chat.texts() == ["Note: thicker paper"]
