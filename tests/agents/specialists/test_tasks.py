from datetime import date

import pytest

from agents.specialists.tasks import recognise
from memory.records.customer import Customer
from tests.doubles.builders import Desk, a_letter, heard


@pytest.mark.parametrize(
    ("text", "kind", "slots"),
    [
        (
            "remind me Friday to call Marta",
            "reminder.set",
            {"what": "Call Marta", "at": "2026-03-13"},
        ),
        (
            "task: send the plan by Monday",
            "task.create",
            {"title": "Send the plan", "due": "2026-03-16"},
        ),
        ("I need to buy paper", "task.create", {"title": "Buy paper"}),
    ],
)
def test_wishes_as_owners_say_them(text: str, kind: str, slots: dict[str, str]):
    (found,) = recognise(heard(text))

    assert (found.kind, found.slots) == (kind, slots)


def test_a_reminder_without_a_time_is_not_guessed():
    (found,) = recognise(heard("remind me to call Marta"))

    assert found.confidence < 0.5


async def test_a_reminder_says_when_it_will_speak(desk: Desk):
    await desk.hear("remind me Friday to call Marta")

    assert await desk.texts() == ["I remind you Friday 13 March: Call Marta."]


async def test_an_enquiry_becomes_the_task_to_answer_it(desk: Desk):
    await desk.forward(a_letter())

    (task,) = await desk.records("task")
    data = task.data()
    assert (data["what"], data["due"]) == ("Send quote", str(date(2026, 3, 13)))
    assert data["customer"] is not None
    assert data["project"] is not None


@pytest.mark.parametrize(
    "words",
    [
        "task: send the price list by Friday, for Northwind",
        "task: send the price list for Northwind Labs by Friday",
        "task: send the price list for northwind by Friday",
    ],
)
async def test_a_task_for_a_known_customer_is_linked_to_it(desk: Desk, words: str):
    customer = Customer(name="Northwind Labs")
    await desk.keep(customer)
    await desk.hear(words)

    (task,) = await desk.records("task")
    assert (task.data()["what"], task.data()["customer"]) == (
        "Send the price list",
        customer.record_id(),
    )
    assert await desk.texts() == [
        "Task: Send the price list, by Friday 13 March, for Northwind Labs."
    ]


async def test_a_task_for_somebody_unknown_keeps_the_words(desk: Desk):
    await desk.hear("task: buy flowers by Friday, for Mum")

    assert await desk.texts() == ["Task: Buy flowers, for Mum, by Friday 13 March."]
