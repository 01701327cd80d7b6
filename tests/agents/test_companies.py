import pytest

from agents.companies import company_of, domain_of, named
from memory import revisions
from memory.records.customer import Customer
from tests.doubles.builders import Desk, a_letter


@pytest.mark.parametrize(
    ("email", "name"),
    [
        ("marta@bluefincafe.example", "Bluefin Cafe"),
        ("tom@northwind.example", "Northwind"),
        ("a@green-wood.example", "Green Wood"),
        ("ann@gmail.com", None),
        ("bob@proton.me", None),
        (None, None),
    ],
)
def test_a_company_is_read_from_where_its_people_write(email: str | None, name: str | None):
    assert company_of(a_letter("Hello", subject="", email=email, signature="")) == name


def test_a_name_in_the_text_is_spelled_as_its_owners_spell_it():
    letter = a_letter("We at McAllister Photo need help.", email="jo@mcallisterphoto.example")

    assert company_of(letter) == "McAllister Photo"


def test_the_signature_names_the_company_of_somebody_with_a_private_address():
    letter = a_letter("Hello", email="ann@gmail.com", signature="Ann\nHarbor Yoga | 12 Quay St")

    assert company_of(letter) == "Harbor Yoga"
    assert domain_of(letter) is None


def test_a_signature_that_fits_the_domain_is_taken_as_it_is_written():
    letter = a_letter("Hello", email="ann@harboryoga.example", signature="Ann\nHarbor Yoga Ltd")

    assert company_of(letter) == "Harbor Yoga Ltd"
    assert domain_of(letter) == "harboryoga.example"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Harbor", ["Harbor Cafe", "Harbor Yoga"]),
        ("harbor yoga", ["Harbor Yoga"]),
        ("Northwind", ["Northwind"]),
        ("Anna", []),
    ],
)
async def test_a_customer_is_named_by_some_words_or_exactly(
    desk: Desk, name: str, meant: list[str]
):
    for title in ("Harbor Yoga", "Harbor Cafe", "Northwind", "Northwind Labs"):
        await desk.keep(Customer(name=title))
    async with desk.company.store.read() as connection:
        known = await revisions.every(connection, Customer.kind)

    assert sorted(str(one.data["name"]) for one in named(name, known) if one.data) == meant
