"""Reminder: something to say at a time."""

from memory.records.reminder import Reminder
from tests.memory.records.given import NINE


def test_the_same_words_in_two_messages_are_two_reminders():
    one = Reminder(what="Call Tom", at=NINE, origin="src_1")

    assert one.key() == "src_1/call tom"
    assert one.record_id() != one.changed(origin="src_2").record_id()
    assert (one.title(), one.state, one.all_day) == ("Call Tom", "waiting", False)


def test_its_line_says_when_and_the_hour_only_where_one_was_named():
    one = Reminder(what="Call Tom", at=NINE, origin="src_1")

    assert one.line() == f"Reminder: Call Tom, {NINE:%A %-d %B}, {NINE:%H:%M}"
    assert one.changed(all_day=True).line() == f"Reminder: Call Tom, {NINE:%A %-d %B}"
