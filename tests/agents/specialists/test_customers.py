from pathlib import Path

from memory.records.contact import Contact
from memory.records.customer import Customer
from tests.doubles.builders import Desk, a_config, a_desk, a_letter


async def test_who_writes_becomes_a_contact_of_their_company(desk: Desk):
    await desk.forward(a_letter("All fine, thank you.", subject="Hello"))

    (contact,) = await desk.records("contact")
    assert isinstance(contact, Contact)
    assert (contact.name, contact.email) == ("Marta Silva", "marta@bluefincafe.example")
    assert contact.customer == Customer(name="Bluefin Cafe").record_id()
    assert await desk.records("project") == []


async def test_who_asks_for_work_gets_a_project_with_their_own_day_and_budget(desk: Desk):
    await desk.forward(a_letter())

    (project,) = await desk.records("project")
    assert project.line() == (
        "Project: Spring menu landing page, wanted by 3 April 2026, budget 1,500 EUR"
    )


async def test_a_second_letter_never_overwrites_who_somebody_is(desk: Desk):
    await desk.forward(a_letter())
    before = await desk.records("contact")

    await desk.forward(a_letter("One more thing.", name="M. Silva", subject="Hi"))

    assert await desk.records("contact") == before


async def test_a_private_person_is_their_own_customer(desk: Desk):
    await desk.forward(a_letter(name="Bob Meier", email="bob@gmail.com", signature="Bob"))

    assert [one.title() for one in await desk.records("customer")] == ["Bob Meier"]


async def test_a_letter_from_nobody_makes_nobody(desk: Desk):
    await desk.hear("Dear Dana,\nhow much is a landing page?\nIt is urgent.\nPlease call.")

    assert await desk.records("customer") == []
    assert await desk.records("contact") == []


async def test_the_owner_is_no_customer_of_their_own(tmp_path: Path):
    config = a_config(mail={"from_address": "dana@reyesstudio.example"})
    async with a_desk(tmp_path, config) as desk:
        await desk.forward(
            a_letter("Do not forget.", name="Dana", email="Dana@reyesstudio.example")
        )

        assert await desk.records("customer") == []
        assert await desk.records("contact") == []
