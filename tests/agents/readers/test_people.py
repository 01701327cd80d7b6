"""People: names and addresses as header lines write them."""

import pytest

from agents.readers import people
from memory.records.letter import Person


@pytest.mark.parametrize(
    ("written", "name", "email"),
    [
        ("Marta Silva <marta@bluefin.example>", "Marta Silva", "marta@bluefin.example"),
        ('"Dr. Anneliese Roth" <a.roth@bath.example>', "Dr. Anneliese Roth", "a.roth@bath.example"),
        ("Aurelio Banks [mailto:aurelio@press.example]", "Aurelio Banks", "aurelio@press.example"),
        ("Tom <tom@x.example<mailto:tom@x.example>>", "Tom", "tom@x.example"),
        ("Delgado, Ruth <ruth@x.example>", "Delgado, Ruth", "ruth@x.example"),
        ("Leonard Voss", "Leonard Voss", None),
        ("*Kim via Site* <no@site.example>", "Kim via Site", "no@site.example"),
        ("marta@bluefin.example", None, "marta@bluefin.example"),
        ("<marta@bluefin.example>", None, "marta@bluefin.example"),
        ("", None, None),
    ],
)
def test_a_person_is_a_name_an_address_or_both(written: str, name: str | None, email: str | None):
    assert people.person(written) == Person(name=name, email=email)


def test_an_address_that_reads_no_answers_is_a_machines():
    assert people.is_robot(Person(name="Shop", email="No-Reply@shop.example"))
    assert not people.is_robot(Person(name="Noreen", email="noreen@shop.example"))


def test_a_comma_inside_quotes_separates_nobody():
    found = people.people('"Delgado, Ruth" <r@x.example>, tom@x.example')

    assert [person.email for person in found] == ["r@x.example", "tom@x.example"]


def test_outlook_separates_names_with_semicolons():
    assert [person.name for person in people.people("Voss, Leonard; Lowe, Mei")] == [
        "Voss, Leonard",
        "Lowe, Mei",
    ]
