from memory.records.standstill import Standstill


def test_nothing_held_is_the_least_it_can_say():
    assert Standstill().tally.text("held") == ""
