"""Anchors: what is kept of the ledger outside the database."""

from datetime import timedelta
from pathlib import Path

import pytest

from memory.anchors import HOUR, Anchors, Head
from memory.ledger import Ledger
from tests.memory.given import NOW, a_disk_that_is_full_after

KEY = bytes(range(32))
A, B = "a" * 64, "b" * 64


@pytest.fixture
def anchors(tmp_path: Path) -> Anchors:
    return Anchors(tmp_path, Ledger(KEY).mark)


def a_head(seq: int, install: str = "ins_1", hashed: str = A) -> Head:
    return Head(install=install, seq=seq, hash=hashed, at=NOW)


def test_what_was_written_down_is_read_again(anchors: Anchors):
    anchors.drop(7, A, NOW)
    anchors.drop(9, B, NOW + HOUR)

    found, faults = anchors.every()

    assert [(one.seq, one.hash) for one in found] == [(7, A), (9, B)]
    assert faults == ()
    last = anchors.last()
    assert last is not None
    assert (last.seq, last.at) == (9, NOW + HOUR)


def test_the_file_only_grows(anchors: Anchors):
    anchors.drop(7, A, NOW)
    before = anchors.file.read_bytes()
    anchors.drop(9, B, NOW)

    assert anchors.file.read_bytes().startswith(before)


def test_one_is_due_after_an_hour_in_which_something_happened(anchors: Anchors):
    assert not anchors.is_due(0, NOW)
    assert anchors.is_due(7, NOW)

    anchors.drop(7, A, NOW)

    assert not anchors.is_due(8, NOW + timedelta(minutes=59))
    assert anchors.is_due(8, NOW + HOUR)
    assert not anchors.is_due(7, NOW + 5 * HOUR)
    assert anchors.is_due(8, NOW - HOUR)


@pytest.mark.parametrize(
    ("old", "new"),
    [('"seq": 7', '"seq": 6'), (A, B), ("2026-03-10T09", "2026-03-10T08"), ('{"at"', "x")],
    ids=["number", "hash", "moment", "no line at all"],
)
def test_a_changed_line_is_found(anchors: Anchors, old: str, new: str):
    anchors.drop(7, A, NOW)
    anchors.drop(9, B, NOW)
    anchors.file.write_text(anchors.file.read_text().replace(old, new, 1))

    found, faults = anchors.every()

    assert [one.seq for one in found] == [9]
    assert len(faults) == 1
    assert faults[0].startswith("Line 1 of anchors.jsonl")


def test_a_line_that_the_power_cut_off_costs_no_other(anchors: Anchors):
    anchors.drop(7, A, NOW)
    whole = anchors.file.read_bytes()
    for length in range(1, len(whole)):
        anchors.file.write_bytes(whole + whole[:length])
        anchors.drop(9, B, NOW)

        found, faults = anchors.every()

        # a line that lacks nothing but its end is whole
        assert [one.seq for one in found if one.seq == 9] == [9]
        assert faults == ()


def test_a_head_is_noted_only_when_it_is_newer(anchors: Anchors):
    assert anchors.head() is None

    assert anchors.note(a_head(9))
    assert anchors.note(a_head(7, hashed=B))

    assert anchors.head() == a_head(9)


def test_another_installations_head_is_not_written_over(anchors: Anchors):
    anchors.note(a_head(9))

    assert not anchors.note(a_head(12, install="ins_2"))
    assert anchors.head() == a_head(9)
    assert anchors.note(a_head(3, install="ins_2"), anew=True)
    assert anchors.head() == a_head(3, install="ins_2")


def test_the_noted_head_counts_as_written_down(anchors: Anchors):
    anchors.note(a_head(9))

    assert [(one.seq, one.hash) for one in anchors.every()[0]] == [(9, A)]


def test_a_full_disk_is_said_and_leaves_the_old_head(anchors: Anchors):
    anchors.note(a_head(9))
    with a_disk_that_is_full_after(0):
        with pytest.raises(OSError, match="too large"):
            anchors.note(a_head(10))
        with pytest.raises(OSError, match="too large"):
            anchors.drop(10, A, NOW)

    assert anchors.head() == a_head(9)
