"""A calendar entry to tap: what it shows, and the file that takes it out again."""

from datetime import UTC, timedelta

from memory.records.calendar_add import CalendarAdd
from memory.records.effect import Line, Reversal
from tests.memory.records.given import NINE, SENT

ENTRY = CalendarAdd(
    what="Anna", start=NINE, end=NINE + timedelta(hours=1), zone="Europe/Lisbon", entry="e1"
)


def test_an_entry_says_what_and_when():
    assert ENTRY.facts() == (
        Line(label="What", value="Anna"),
        Line(label="When", value="Tue 10 Mar 2026, 09:00 to 10:00"),
    )
    assert ENTRY.preview() == "Calendar: Anna"


def test_undo_is_the_file_that_removes_the_same_entry():
    back = ENTRY.undo(SENT, UTC)

    assert (back.entry, back.removed) == ("e1", True)
    assert back.undo(SENT, UTC) == ENTRY


def test_the_same_entry_may_be_written_twice_and_nobody_else_notices():
    assert (ENTRY.repeats(), ENTRY.reversal, ENTRY.external) == ("A", Reversal.PROVIDER, False)
