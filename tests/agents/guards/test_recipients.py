import pytest

from agents.guard import Case
from agents.guards.recipients import judge
from memory.recall import View
from memory.records.calendar_add import CalendarAdd
from memory.records.effect import Effect
from memory.records.verdict import Level
from tests.doubles.builders import NOW, Desk, a_mail_to


async def said(desk: Desk, effect: Effect):
    async with desk.company.store.read() as connection:
        return await judge(
            Case(effect, "a@1", 0, "propose", NOW, desk.company.config, View(connection, ()))
        )


async def test_mail_to_a_stranger_waits_for_the_owner(desk: Desk):
    assert await said(desk, a_mail_to("new@firm.example")) == (
        Level.ASK,
        "first mail to new@firm.example",
    )


async def test_mail_to_somebody_known_waits_too(desk: Desk):
    answer = await said(desk, a_mail_to("old@firm.example", known=True))

    assert answer is not None
    assert answer[0] is Level.ASK


async def test_mail_to_many_is_not_pressed_away(desk: Desk):
    many = a_mail_to(to=tuple(a_mail_to(f"p{one}@x.example").to[0] for one in range(6)))

    assert await said(desk, many) == (Level.CONFIRM, "it goes to 6 people")


@pytest.mark.parametrize(
    "email",
    ["p\u0430ypal@x.example", "a\u200bb@x.example", "a\u202eb@x.example", "ma\u0440ta@x.example"],
    ids=["a Cyrillic a", "an invisible space", "a turned direction", "a Cyrillic r"],
)
async def test_an_address_that_pretends_to_be_another_is_refused(desk: Desk, email: str):
    answer = await said(desk, a_mail_to(email))

    assert answer is not None
    assert answer[0] is Level.REFUSE


async def test_what_is_no_mail_is_none_of_its_business(desk: Desk):
    lunch = CalendarAdd(what="Lunch", start=NOW, end=NOW, zone="UTC", entry="e")

    assert await said(desk, lunch) is None
