"""Event: an appointment, known by where it came from and what it is."""

from memory.records.event import Event
from tests.memory.records.given import NINE


def test_the_same_words_in_two_messages_are_two_appointments():
    one = Event(what="Call Tom", start=NINE, origin="src_1")

    assert one.key() == "src_1/call tom"
    assert one.record_id() != Event(what="Call Tom", start=NINE, origin="src_2").record_id()
    assert one.title() == "Call Tom"


def test_the_calendar_wins_where_the_two_differ():
    assert Event.home == "calendar"


def test_its_line_says_when():
    one = Event(what="Call Tom", start=NINE, origin="src_1")

    assert one.line() == f"Appointment: Call Tom, {NINE:%A %-d %B, %H:%M}"
