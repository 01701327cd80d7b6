"""Invoice: known by its direction and number."""

from datetime import UTC, datetime

from memory.records.invoice import Invoice
from memory.records.money import Money

BILL = Invoice(number="INV-014", customer="customer_1", total=Money.of("2400", "EUR"))


def test_the_same_number_met_twice_is_one_invoice():
    assert BILL.record_id() == BILL.changed(number="inv 014", state="paid").record_id()


def test_a_bill_sent_is_not_the_bill_received_under_the_same_number():
    assert BILL.record_id() != BILL.changed(direction="in").record_id()
    assert BILL.title() == "INV-014"


def test_a_paid_bill_says_since_when():
    moment = datetime(2026, 3, 10, 10, 12, tzinfo=UTC)
    paid = BILL.changed(state="paid", paid_at=moment)

    assert Invoice.model_validate(paid.data()).paid_at == moment
    assert BILL.paid_at is None
