"""The Home tab is the inbox: what waits, what is due today, and the same buttons."""

from tests.bot.house import a_mail
from tests.bot.slack_chat import Chat
from tests.doubles.slack import Slack, broken_before
from tests.doubles.slack_blocks import fault_in
from tests.house.words import assert_plain


async def test_it_shows_what_waits_and_what_is_due_and_follows_every_move(chat: Chat):
    await chat.dana.open_home()
    await chat.dana.until(lambda dana: dana.home)
    assert chat.dana.home is not None
    before = chat.dana.home.text
    await chat.house.put_card()
    await chat.dana.until(lambda dana: dana.home and "Approve" in dana.home.buttons)
    waits = chat.dana.home.text

    await chat.dana.press_home("Approve")
    await chat.dana.until(lambda dana: dana.home and "Approve" not in dana.home.buttons)

    assert "Waits for your word" in before
    assert "Today" in before
    assert "Reply to Marta Silva" in waits
    assert [one.verb for one in await chat.house.decisions()] == ["approve"]
    assert_plain(waits)


async def test_nobody_looks_at_it_until_it_is_opened(chat: Chat, slack: Slack):
    await chat.house.put_card()
    await chat.shows("Reply to Marta")
    await chat.quiet()

    assert slack.calls("views.publish") == ()


async def test_a_press_there_that_comes_too_late_is_answered_on_a_sheet(chat: Chat):
    await chat.house.put_card()
    card = await chat.shows("Reply to Marta", button="Approve")
    await chat.quiet()
    await chat.dana.open_home()
    await chat.dana.until(lambda dana: dana.home and "Approve" in dana.home.buttons)
    assert chat.dana.home is not None
    old = next(
        one
        for block in chat.dana.home.shape["blocks"]
        for one in block.get("elements", ())
        if one.get("action_id") == "press:approve"
    )
    await chat.dana.press(card, "No")

    await chat.dana.press_raw(old, {"type": "view", "view_id": chat.dana.home.id})
    await chat.dana.until(lambda dana: dana.modal)

    assert chat.dana.modal is not None
    assert "You already said no" in chat.dana.modal.text


async def test_edit_opens_a_form_there_too(chat: Chat):
    await chat.house.put_card()
    await chat.dana.open_home()
    await chat.dana.until(lambda dana: dana.home and "Edit" in dana.home.buttons)

    await chat.dana.press_home("Edit")
    await chat.dana.until(lambda dana: dana.modal)
    answer = await chat.dana.submit("Hi Marta, it is 1,300 EUR. Dana")

    assert answer.payload == {}
    assert [one.verb for one in await chat.house.decisions()] == ["edit"]


async def test_more_than_fits_is_counted_not_cut(chat: Chat):
    for number in range(22):
        await chat.house.put_card(a_mail(f"Hi Marta, {number}."))
    await chat.dana.open_home()

    await chat.dana.until(lambda dana: dana.home and "more; write waiting" in dana.home.text)

    assert chat.dana.home is not None
    assert fault_in(chat.dana.home.shape["blocks"], "home") == ""
    assert "Today" in chat.dana.home.text


async def test_a_tab_that_could_not_be_shown_is_shown_when_something_moves(
    chat: Chat, slack: Slack
):
    slack.fail("views.publish", broken_before())
    await chat.dana.open_home()
    await slack.until(lambda: slack.calls("views.publish"))

    await chat.house.put_card()
    await chat.dana.until(lambda dana: dana.home and "Reply to Marta" in dana.home.text)

    assert len(slack.calls("views.publish")) >= 2
