"""Rate: one price for one thing."""

from memory.records.money import Money
from memory.records.rate import Rate


def test_a_new_price_is_the_same_rate():
    rate = Rate(what="Landing page", price=Money.of("1200", "EUR"))

    assert rate.record_id() == rate.changed(price=Money.of("1400", "EUR")).record_id()
    assert (rate.key(), rate.title(), rate.unit) == ("landing page", "Landing page", "piece")
