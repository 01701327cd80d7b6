"""Filing: the company's own records, and how they are put back."""

from datetime import UTC, timedelta

from memory.records.change import Change
from memory.records.customer import Customer
from memory.records.effect import Line, Reversal
from memory.records.file_records import FileRecords
from memory.records.note import Note
from tests.memory.records.given import NINE, SENT

CUSTOMER = Change.to(Customer(name="Harbor Yoga"), valid_from=NINE - timedelta(days=1))
NOTE = Change.to(Note(text="Printer", origin="src_1"))
FILING = FileRecords(changes=(CUSTOMER, NOTE))


def test_a_filing_shows_one_line_a_record():
    assert FILING.facts() == (
        Line(label="Customer", value="Harbor Yoga"),
        Line(label="Note", value="Printer"),
    )
    assert FILING.preview() == "Harbor Yoga, Printer"


def test_undo_puts_everything_back_last_change_first():
    back = FILING.undo(SENT, UTC)

    assert [(one.record, one.data) for one in back.changes] == [
        (NOTE.record, None),
        (CUSTOMER.record, None),
    ]


def test_what_was_undone_was_never_true_in_between():
    back = FILING.undo(SENT, UTC)

    assert [one.valid_from for one in back.changes] == [SENT.at, CUSTOMER.valid_from]


def test_a_filing_stays_in_the_house():
    assert (FILING.external, FILING.reversal, FILING.repeats()) == (False, Reversal.EXACT, "A")
