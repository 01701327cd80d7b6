from agents.guard import Case
from agents.guards.trust_labels import judge
from memory.labels import Label
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


async def test_what_stays_in_the_house_may_pass(desk: Desk):
    lunch = CalendarAdd(what="Lunch", start=NOW, end=NOW, zone="UTC", entry="e")

    assert await said(desk, lunch) == (Level.ALLOW, "it stays in the house")


async def test_a_strangers_address_needs_the_owners_word(desk: Desk):
    answer = await said(desk, a_mail_to(label=Label.EXTERNAL))

    assert answer == (
        Level.ASK,
        "marta@bluefincafe.example is an address you have not confirmed",
    )


async def test_the_owners_own_address_is_left_to_the_other_guards(desk: Desk):
    assert await said(desk, a_mail_to(label=Label.OWNER)) is None
