"""Payment: known by what the provider calls it."""

from memory.records.money import Money
from memory.records.payment import Payment

CAME = Payment(number="pay_17", amount=Money.of("410", "EUR"), payer="Jo Lee", reference="INV 20")


def test_the_same_payment_told_twice_is_one():
    assert CAME.record_id() == CAME.changed(number="PAY-17", payer="J. Lee").record_id()
    assert CAME.record_id() != CAME.changed(number="pay_18").record_id()


def test_it_is_named_by_amount_and_payer_and_found_by_its_reference():
    assert CAME.title() == "410.00 EUR from Jo Lee"
    assert CAME.changed(payer="").title() == "410.00 EUR"
    assert "INV 20" in CAME.words()
