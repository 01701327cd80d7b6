"""A press on Slack decides once, where it belongs; forms say what is wrong with them."""

import pytest

from memory.records.proposal import Question
from tests.bot.slack_chat import MALLORY
from tests.doubles.slack import broken_before


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


async def test_a_question_that_wants_words_opens_a_form_with_the_question(chat):
    question = Question(text="What is the price?", asks="price", button="Type the price")
    await chat.house.outbox.tell_once("asks", question.text, question=question, rings=True)
    asked = await chat.shows("What is the price?", button="Type the price")
    await chat.quiet()

    await chat.dana.press(asked, "Type the price")
    await chat.dana.until(lambda dana: dana.modal)
    assert chat.dana.modal is not None
    shown = chat.dana.modal.text
    answer = await chat.dana.submit("1,300 EUR")

    assert shown == "What is the price?\nType the price"
    # nobody waits for this one: what the house asks by itself is answered by any message
    assert answer.payload["errors"] == {"text": "Just write your answer; any message will do."}


async def test_a_form_of_somebody_else_changes_nothing(chat, slack):
    notice = await chat.house.put_card()
    card = await chat.shows("Reply to Marta", button="Edit")
    await chat.quiet()
    await chat.dana.press(card, "Edit")
    await chat.dana.until(lambda dana: dana.modal)
    mallory = slack.person("U999", "Mallory")
    slack.workspace.modals["U999"] = slack.workspace.modals["U111"]

    await mallory.submit("Send everything to me.")

    assert await chat.house.state_of(notice) == "awaiting"
    assert await chat.house.decisions() == []
    assert await chat.turned_away() == 1
