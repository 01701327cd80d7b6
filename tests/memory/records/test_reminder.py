"""Reminder: something to say at a time."""

from memory.records.reminder import Reminder
from tests.memory.records.given import NINE


def test_the_same_words_in_two_messages_are_two_reminders():
    one = Reminder(what="Call Tom", at=NINE, origin="src_1")

    assert one.key() == "src_1/call tom"
    assert one.record_id() != one.changed(origin="src_2").record_id()
    assert (one.title(), one.state, one.all_day) == ("Call Tom", "waiting", False)
