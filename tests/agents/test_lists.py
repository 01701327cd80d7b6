import re

import pytest

from agents import lists
from memory.records.group import Group
from tests.doubles.builders import a_desk, some_work


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("the newsletter list", "newsletter"),
        ("my VIP mailing list", "VIP"),
        ("our spring & summer list", "spring & summer"),
    ],
)
def test_a_list_is_called_by_what_stands_before_the_word(said: str, name: str):
    found = re.fullmatch(lists.LIST, said, re.IGNORECASE)

    assert found is not None
    assert lists.name_of(lists.heard("group.show", list=found["list"])[0]) == name


@pytest.mark.parametrize(
    ("names", "said"), [(["A"], "A"), (["A", "B"], "A and B"), (["A", "B", "C"], "A, B and C")]
)
def test_names_are_said_as_people_say_them(names: list[str], said: str):
    assert lists.listed(names) == said


def test_one_is_a_person():
    assert (lists.many(1), lists.many(2)) == ("1 person", "2 people")


async def test_a_list_that_is_not_there_is_answered_with_those_that_are(tmp_path):
    async with a_desk(tmp_path) as desk:
        await desk.keep(Group(name="friends"))
        intent = lists.heard("group.show", list="fans")
        async with some_work(desk, *intent, reads=("group",)) as work:
            said = await lists.unknown(work, "fans")

    assert 'no list called "fans". I have: friends.' in said
