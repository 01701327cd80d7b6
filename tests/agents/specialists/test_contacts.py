import pytest

from agents.specialists.contacts import recognise
from memory.labels import Label
from memory.records.contact import Contact
from memory.records.customer import Customer
from memory.records.intent import Intent
from tests.doubles.builders import Desk, a_source, heard

NUMBER = "+351\N{NO-BREAK SPACE}210\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}010"
"""A phone breaks no line within it."""


def save(**slots: str) -> Intent:
    return Intent(kind="contact.save", slots={"name": "Marta Silva", **slots})


async def share(desk: Desk, *intents: Intent, label: Label = Label.OWNER) -> str:
    """A contact is shared; the line that answers it."""
    await desk.hear(a_source("Save contact", label=label), *intents)
    return (await desk.texts())[-1]


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        (
            "save contact Marta Silva, marta@bluefincafe.example, +351 210 000 010",
            {
                "name": "Marta Silva",
                "email": "marta@bluefincafe.example",
                "phone": "+351 210 000 010",
            },
        ),
        (
            "New contact: Rui Costa from Harbor Yoga, phone 210 000 011",
            {"name": "Rui Costa", "phone": "210 000 011", "company": "Harbor Yoga"},
        ),
    ],
)
def test_contacts_as_owners_type_them(text: str, slots: dict[str, str]):
    (found,) = recognise(heard(text))

    assert (found.kind, found.slots) == ("contact.save", slots)
    assert found.confidence > 0.9


@pytest.mark.parametrize("text", ["save contact", "save the date for Marta", "contact Marta"])
def test_other_words_are_no_contact(text: str):
    assert recognise(heard(text)) == ()


async def test_a_shared_contact_is_filed_silently_and_can_be_undone(desk: Desk):
    said = await share(desk, save(phone="+351 210 000 010", email="Marta@bluefincafe.example"))

    (contact,) = await desk.records("contact")
    card = (await desk.cards())[-1]
    assert said == f"Contact saved: Marta Silva, {NUMBER}, marta@bluefincafe.example."
    assert contact.data()["phone"] == "+351 210 000 010"
    assert not card.notice.rings
    assert card.action is not None
    assert card.action.kind == "file"


async def test_a_number_for_a_known_address_is_added_to_the_same_person(desk: Desk):
    await desk.keep(Contact(name="Marta Silva", email="marta@bluefincafe.example"))

    said = await share(desk, save(phone="+351 210 000 010"))

    (contact,) = await desk.records("contact")
    assert said.startswith(f"Contact updated: Marta Silva, {NUMBER}")
    assert contact.data()["email"] == "marta@bluefincafe.example"


async def test_the_same_contact_twice_changes_nothing(desk: Desk):
    await share(desk, save(phone="+351 210 000 010"))

    said = await share(desk, save(phone="00351 210000010"))

    assert said == f"I have Marta Silva, {NUMBER} already; nothing changes."
    assert len(await desk.records("contact")) == 1


async def test_two_people_of_one_name_with_two_addresses_stay_two(desk: Desk):
    await share(desk, save(email="marta@one.example"))
    await share(desk, save(email="marta@two.example"))

    assert len(await desk.records("contact")) == 2


async def test_a_strangers_card_never_replaces_a_number(desk: Desk):
    await desk.keep(Contact(name="Marta Silva", email="m@one.example", phone="+351 210 000 010"))

    said = await share(
        desk, save(email="m@one.example", phone="+351 999 999 999"), label=Label.EXTERNAL
    )

    (contact,) = await desk.records("contact")
    assert contact.data()["phone"] == "+351 210 000 010"
    assert said == "I keep +351 210 000 010 for Marta Silva; this one says otherwise."


async def test_a_company_that_is_a_customer_is_linked(desk: Desk):
    yoga = Customer(name="Harbor Yoga")
    await desk.keep(yoga)

    await share(desk, save(phone="210 000 011", company="Harbor Yoga"))

    (contact,) = await desk.records("contact")
    assert contact.data()["customer"] == yoga.record_id()


async def test_several_contacts_of_one_file_are_one_filing(desk: Desk):
    rui = Intent(kind="contact.save", slots={"name": "Rui Costa", "phone": "210 000 011"})

    await share(desk, save(phone="210 000 010"), rui)

    assert len(await desk.records("contact")) == 2
    assert len(await desk.texts()) == 1
