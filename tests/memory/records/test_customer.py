"""Customer: one company, however its name is written."""

from memory.records.customer import Customer


def test_case_accents_and_punctuation_make_no_second_customer():
    ids = {Customer(name=name).record_id() for name in ("Café Azul", "CAFE AZUL", "Cafe-Azul.")}

    assert len(ids) == 1


def test_names_in_other_letters_stay_apart():
    assert Customer(name="Studio 北京").key() != Customer(name="Studio 上海").key()


def test_a_customer_is_found_by_name_and_domain():
    assert Customer(name="Azul", domain="azul.example").words() == "Azul azul.example"
    assert Customer(name="Azul").words() == Customer(name="Azul").title() == "Azul"
