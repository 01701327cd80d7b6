"""Rate: one price for one thing."""

from memory.records.money import Money
from memory.records.rate import Rate


def test_a_new_price_is_the_same_rate():
    rate = Rate(what="Landing page", price=Money.of("1200", "EUR"))

    assert rate.record_id() == rate.changed(price=Money.of("1400", "EUR")).record_id()
    assert (rate.key(), rate.title(), rate.unit) == ("landing page", "Landing page", "piece")


def test_its_line_says_how_much_and_for_what():
    rate = Rate(what="hourly", price=Money.of("85", "EUR"), unit="hour")

    assert rate.line() == "Price: hourly, 85 EUR an hour"
    assert rate.changed(unit="piece").line() == "Price: hourly, 85 EUR"
