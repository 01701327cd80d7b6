"""Contact: the mail address is the person."""

from memory.records.contact import Contact

TOM = Contact(name="Tom Becker", email="Tom@Northwind.example", phone="+351 210 000 010")


def test_the_same_address_is_the_same_person():
    assert TOM.record_id() == Contact(name="T. Becker", email="tom@northwind.example").record_id()


def test_without_an_address_the_name_counts():
    assert Contact(name="José Sá").key() == Contact(name="jose  sa").key() == "jose sa"


def test_a_person_is_found_by_name_address_and_phone():
    assert TOM.words() == "Tom Becker Tom@Northwind.example +351 210 000 010"
    assert TOM.title() == "Tom Becker"


def test_the_line_shows_the_address_where_there_is_one():
    assert TOM.line() == "Contact: Tom Becker, Tom@Northwind.example"
    assert Contact(name="Tom").line() == "Contact: Tom"
