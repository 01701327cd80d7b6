import pytest

from agents.specialists.profile import recognise
from tests.doubles.builders import Desk, heard


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("I'm Lena, brand designer in Porto", {"name", "trade", "place"}),
        ("My name is Dana Reyes", {"name"}),
        ("hi, I am Joe", {"name"}),
    ],
)
def test_owners_introduce_themselves(text: str, told: set[str]):
    assert {one.slots["field"] for one in recognise(heard(text))} == told


@pytest.mark.parametrize("text", ["I'm late", "this is fine", "call Joe"])
def test_other_sentences_introduce_nobody(text: str):
    assert recognise(heard(text)) == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "I'm Lena, brand designer in Porto",
            "Hello Lena. Noted: brand designer in Porto. I sign your mails as Lena.",
        ),
        ("My name is Dana Reyes", "Hello Dana. I sign your mails as Dana."),
    ],
)
async def test_an_introduction_is_noted_in_words(desk: Desk, text: str, said: str):
    await desk.hear(text)

    assert await desk.texts() == [said]


async def test_a_new_name_replaces_the_old_one(desk: Desk):
    await desk.hear("I'm Lena")
    await desk.hear("I'm Lena Costa")

    assert [one.title() for one in await desk.records("fact")] == ["my name: Lena Costa"]
