"""A reply to a filed line corrects it: a new version, said so, and the line shows it."""

from datetime import timedelta
from typing import Any

import pytest

from memory.records.action import State
from memory.records.change import Version
from memory.records.customer import Customer
from memory.records.decision import Verb
from memory.records.project import Project
from tests.doubles.builders import Desk, a_letter, a_rate, a_source
from tests.house.words import assert_plain


def price(version: Version) -> int:
    data: Any = version.data
    return data["price"]["minor"]


async def reply(desk: Desk, words: str, *, to: str = "") -> str:
    """Answer the first line that has these words; what is said to it."""
    cards = await desk.cards()
    line = next(one.notice.id for one in cards if to in one.notice.text)
    await desk.hear(a_source(words, reply_to=line))
    text = (await desk.texts())[-1]
    assert_plain(text)
    return text


async def only(desk: Desk, kind: str) -> dict:
    (record,) = await desk.records(kind)
    return record.data()


@pytest.mark.parametrize(
    ("words", "due", "said"),
    [
        ("no, Friday week", "2026-03-20", "Friday 20 March"),
        ("Friday", "2026-03-13", "Friday 13 March"),
        ("make it the 20th", "2026-03-20", "Friday 20 March"),
        ("sorry, I meant by tomorrow", "2026-03-11", "tomorrow"),
        ("It's due Thursday instead", "2026-03-12", "Thursday 12 March"),
    ],
)
async def test_another_day_moves_the_task(desk: Desk, words: str, due: str, said: str):
    await desk.hear("task: send the plan by Monday")

    told = await reply(desk, words)

    assert (await only(desk, "task"))["due"] == due
    assert told == f"Changed: Send the plan, by {said} (was Monday 16 March)."


async def test_the_line_that_was_answered_shows_the_new_version(desk: Desk):
    await desk.hear("task: send the plan by Monday")

    await reply(desk, "no, Friday week")
    await reply(desk, "no, Thursday")

    first = (await desk.cards())[0]
    assert first.notice.text == "Task: Send the plan, by Thursday 12 March."
    (task,) = await desk.records("task")
    assert len(await desk.versions(task)) == 3


async def test_undo_under_the_line_takes_back_only_the_correction(desk: Desk):
    await desk.hear("task: send the plan by Monday")
    await reply(desk, "no, Friday week")

    outcome = await desk.press((await desk.cards())[0], Verb.UNDO)

    assert outcome.accepted
    assert (await only(desk, "task"))["due"] == "2026-03-16"


@pytest.mark.parametrize(
    ("words", "at", "all_day"),
    [
        ("no, Friday week", "2026-03-20T08:00:00", True),
        ("at 3pm", "2026-03-13T15:00:00", False),
        ("make it tomorrow at 10:30", "2026-03-11T10:30:00", False),
    ],
)
async def test_a_reminder_moves_and_keeps_what_was_not_said(
    desk: Desk, words: str, at: str, all_day: bool
):
    await desk.hear("remind me Friday to call Marta")

    await reply(desk, words)

    data = await only(desk, "reminder")
    assert (data["at"][:19], data["all_day"]) == (at, all_day)


async def test_a_reminder_that_was_told_is_put_off_by_a_reply(desk: Desk):
    await desk.hear("remind me tomorrow to call Marta")
    await desk.pass_time(timedelta(days=1))
    await desk.look()

    said = await reply(desk, "Friday", to="Reminder: Call Marta.")

    assert said.startswith("Changed: Call Marta, Friday 13 March")
    assert (await only(desk, "reminder"))["state"] == "waiting"


async def test_an_appointment_keeps_its_hour_on_another_day(desk: Desk):
    await desk.hear("lunch with Anna Friday 1pm")

    await reply(desk, "no, Thursday", to="Lunch with Anna, Friday")

    assert (await only(desk, "event"))["start"].startswith("2026-03-12T13:00")


@pytest.mark.parametrize("words", ["make it 95", "95", "no, 95 EUR", "it should be 95 an hour"])
async def test_another_sum_corrects_the_price_and_keeps_history(desk: Desk, words: str):
    await desk.hear("hourly is 80")

    said = await reply(desk, words)

    rate = a_rate("hourly", "95", unit="hour")
    assert said == "Changed: hourly, 95 EUR (was 80 EUR)."
    assert rate in await desk.records("rate")
    assert [price(one) for one in await desk.versions(rate)][-2:] == [8000, 9500]


async def test_whose_it_is_links_the_customer(desk: Desk):
    yoga = Customer(name="Harbor Yoga")
    await desk.keep(yoga)
    await desk.hear("task: send the plan by Monday")

    said = await reply(desk, "that's for Harbor")

    assert said == "Changed: Send the plan, for Harbor Yoga."
    assert (await only(desk, "task"))["customer"] == yoga.record_id()


async def test_a_project_brings_its_customer(desk: Desk):
    yoga = Customer(name="Harbor Yoga")
    site = Project(name="New timetable", customer=yoga.record_id())
    await desk.keep(yoga, site)
    await desk.hear("task: send the plan by Monday")

    await reply(desk, "it's for the timetable")
    await reply(desk, "for New timetable")

    data = await only(desk, "task")
    assert (data["customer"], data["project"]) == (yoga.record_id(), site.record_id())


async def test_a_reminder_that_has_no_customer_gets_the_name_into_its_words(desk: Desk):
    await desk.keep(Customer(name="Harbor Yoga"))
    await desk.hear("remind me Friday to call Marta")

    await reply(desk, "that's for Harbor Yoga")

    assert (await only(desk, "reminder"))["what"] == "Call Marta (Harbor Yoga)"


async def test_a_name_nobody_knows_is_asked_about_and_one_press_makes_the_customer(desk: Desk):
    await desk.hear("task: send the plan by Monday")

    said = await reply(desk, "that's for Kestrel")
    card = (await desk.cards())[-1]
    await desk.press(card, Verb.CHOOSE, choice=0)
    await desk.think()

    assert said == 'I know no customer or project called "Kestrel", so I changed nothing yet.'
    kestrel = Customer(name="Kestrel")
    assert (await only(desk, "task"))["customer"] == kestrel.record_id()
    assert (await only(desk, "customer"))["name"] == "Kestrel"


async def test_two_that_fit_are_offered(desk: Desk):
    await desk.keep(Customer(name="Harbor Yoga"), Customer(name="Harbor Cafe"))
    await desk.hear("task: send the plan by Monday")

    await reply(desk, "that's for Harbor")

    question = (await desk.cards())[-1].notice.question
    assert question is not None
    assert {one.label for one in question.choices} == {"Harbor Yoga", "Harbor Cafe", "Leave it"}


async def test_other_words_take_the_place_of_the_old(desk: Desk):
    await desk.hear("task: send the plan by Monday")

    said = await reply(desk, "call it Send the migration plan")

    assert said == 'Changed: "Send the migration plan" (was "Send the plan").'
    assert (await only(desk, "task"))["due"] == "2026-03-16"


@pytest.mark.parametrize(("words", "state"), [("done", "done"), ("drop it", "dropped")])
async def test_a_task_is_closed_by_a_word(desk: Desk, words: str, state: str):
    await desk.hear("task: send the plan by Monday")

    await reply(desk, words)

    assert (await only(desk, "task"))["state"] == state


async def test_an_order_of_its_own_stays_one(desk: Desk):
    await desk.hear("task: send the plan by Monday")

    await reply(desk, "remind me Friday to call Marta")

    assert (await only(desk, "task"))["due"] == "2026-03-16"
    assert (await only(desk, "reminder"))["what"] == "Call Marta"


async def test_what_is_not_understood_is_kept_with_two_guesses(desk: Desk):
    await desk.hear("task: send the plan by Monday")

    said = await reply(desk, "hmm maybe ask Tom about it on Friday")

    card = (await desk.cards())[-1]
    assert said == (
        'I\'m not sure what to change in "Send the plan" with "hmm maybe ask Tom about it on '
        'Friday". I kept it as a note, nothing is lost.'
    )
    assert card.notice.question is not None
    labels = [one.label for one in card.notice.question.choices]
    assert labels == ["Move it to Friday 13 March", "Make it read so", "Just the note"]
    assert (await only(desk, "task"))["due"] == "2026-03-16"

    await desk.press(card, Verb.CHOOSE, choice=0)
    await desk.think()

    assert (await only(desk, "task"))["due"] == "2026-03-13"


async def test_the_task_of_an_enquiry_moves_and_its_customer_stays(desk: Desk):
    await desk.keep(a_rate("landing page", "1200"))
    await desk.forward(a_letter())

    said = await reply(desk, "no, Friday week", to="Task: Send quote")

    assert said == "Changed: Send quote, by Friday 20 March (was Friday 13 March)."
    line = next(one for one in await desk.cards() if "Task: Send quote" in one.notice.text)
    assert "by Friday 20 March" in line.notice.text
    assert "Contact: Marta Silva" in line.notice.text


async def test_the_same_again_changes_nothing(desk: Desk):
    await desk.hear("task: send the plan by Monday")

    said = await reply(desk, "by Monday")

    assert said == "Send the plan: it is so already; nothing changes."


async def test_what_was_taken_back_cannot_be_corrected(desk: Desk):
    await desk.hear("task: send the plan by Monday")
    line = (await desk.cards())[0]
    await desk.press(line, Verb.UNDO)
    assert await desk.state(line) is State.COMPENSATED

    await desk.hear(a_source("Friday week", reply_to=line.notice.id))

    assert await desk.records("task") == []


async def test_another_customer_says_whose_it_was_and_the_line_follows(desk: Desk):
    await desk.keep(Customer(name="Harbor Yoga"), Customer(name="Northwind Labs"))
    await desk.hear("task: send the plan by Monday, for Northwind")

    said = await reply(desk, "that's for Harbor")

    assert said == "Changed: Send the plan, for Harbor Yoga (was Northwind Labs)."
    assert (await desk.cards())[0].notice.text == (
        "Task: Send the plan, by Monday 16 March, for Harbor Yoga."
    )
