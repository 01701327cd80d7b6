import pytest

from agents.specialists.calendar import recognise
from memory.records.action import State
from tests.doubles.builders import Desk, a_letter, heard


def test_an_appointment_has_a_title_and_a_start():
    (found,) = recognise(heard("lunch with Anna Friday 1pm"))

    assert found.slots["title"] == "Lunch with Anna"
    assert found.slots["start"].startswith("2026-03-13T13:00")


@pytest.mark.parametrize(
    "text",
    [
        "lunch with Anna",
        "lunch on Friday",
        "lunch Friday 1pm?",
        "move the lunch to Friday 1pm",
        "call every Friday 1pm",
        "hourly is 85",
    ],
)
def test_what_is_no_clear_appointment_is_left_alone(text: str):
    assert recognise(heard(text)) == ()


def test_a_letter_makes_no_appointments():
    assert recognise(heard("lunch Friday 1pm", letter=a_letter())) == ()


async def test_an_appointment_is_filed_and_its_file_lies_ready(desk: Desk):
    await desk.hear("lunch with Anna Friday 1pm")
    await desk.look()
    await desk.act()

    card = await desk.card()
    assert await desk.texts() == ["Lunch with Anna, Friday 13 March 13:00.", ""]
    assert [one.title() for one in await desk.records("event")] == ["Lunch with Anna"]
    assert await desk.state(card) is State.DONE
    assert len(list((desk.company.data / "calendar").iterdir())) == 1
