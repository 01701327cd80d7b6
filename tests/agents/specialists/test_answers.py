import pytest

from agents.specialists.answers import recognise
from tests.doubles.builders import Desk, a_letter, heard


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("what is my hourly rate?", "question.ask"),
        ("what's on today", "agenda.show"),
        ("thanks!", "chat.smalltalk"),
    ],
)
def test_questions_that_code_can_answer(text: str, kind: str):
    assert [one.kind for one in recognise(heard(text))] == [kind]


def test_a_letter_is_never_a_question_to_steward():
    assert recognise(heard("thanks", letter=a_letter("thanks"))) == ()


async def test_a_price_is_answered_with_its_day(desk: Desk):
    await desk.hear("what is my hourly rate?")

    assert await desk.texts() == ["Hourly: 85 EUR an hour, since 2 March (you told me)."]


async def test_what_nobody_knows_is_said(desk: Desk):
    await desk.hear("what is my shoe size?")

    assert await desk.texts() == ['I have nothing about "shoe size".']


async def test_the_day_at_a_glance(desk: Desk):
    await desk.hear("task: send the plan by Friday")

    await desk.hear("what's on today")

    assert (await desk.texts())[-1].splitlines() == [
        "Tuesday, 10 March.",
        "Send the plan, Friday 13 March.",
    ]
