"""Chain: what an entry's hash and mark are, and what a walk along a million of them finds."""

import hmac
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.chain import (
    FIRST,
    KEY_CHANGED,
    RESTORED,
    Anchored,
    Faults,
    Line,
    Walk,
    entry_hash,
    keyed,
)
from memory.tables import instant_text, ledger
from tests.memory.given import NOW, days

KEY = bytes(range(32))
NAMES = [column.name for column in ledger.columns]


@dataclass
class Chain:
    """Entries as they are written, one after the other."""

    key: bytes = KEY
    lines: list[Line] = field(default_factory=list)

    def add(self, event: str = "noted", *, at: float = 0, row: str = "", **other: object) -> None:
        entry: dict[str, object] = {
            "seq": len(self.lines) + 1,
            "at": instant_text(NOW + days(at)),
            "actor": "worker",
            "event": event,
            "subject": "one",
            "detail": "{}",
            "seals": "action" if row else "",
            "sealed_row": row,
            "seal": "s" if row else "",
            "prev_hash": self.lines[-1][10] if self.lines else FIRST,
            **other,
        }
        hashed = entry_hash(entry)
        whole = {**entry, "hash": hashed, "mac": keyed(self.key)(hashed)}
        self.lines.append(tuple(whole[name] for name in NAMES))  # type: ignore[arg-type]

    def anchor(self, seq: int, *, at: float = 0) -> Anchored:
        return Anchored(seq, self.lines[seq - 1][10], instant_text(NOW + days(at)))

    def found(self, *anchors: Anchored, open_since: float | None = None) -> tuple[str, ...]:
        walk = Walk(KEY, anchors)
        walk.take(self.lines)
        since = None if open_since is None else instant_text(NOW + days(open_since))
        return walk.end(open_since=since).said()


def a_chain(*events: str, row: str = "a") -> Chain:
    chain = Chain()
    for one in events:
        chain.add(one, row=row)
    return chain


@given(st.binary(min_size=1, max_size=100), st.text(max_size=80))
def test_the_mark_is_an_hmac(key: bytes, hashed: str):
    assert keyed(key)(hashed) == hmac.new(key, hashed.encode(), "sha256").hexdigest()


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), min_size=7))
def test_the_quick_way_to_an_entrys_hash_is_the_same_for_any_text(words: list[str]):
    chain = Chain()
    names = ("actor", "event", "subject", "detail", "sealed_row", "seals", "seal")
    chain.add(**dict(zip(names, words, strict=False)))

    assert chain.found() == ()


@pytest.mark.parametrize("value", [b"\x00", 1.5, None, 7, float("inf")], ids=repr)
@pytest.mark.parametrize("at", range(12), ids=NAMES)
def test_a_value_of_the_wrong_kind_is_a_fault_and_no_crash(value: object, at: int):
    chain = a_chain("action_proposed", "action_awaiting", "action_rejected")
    line: list[object] = list(chain.lines[1])
    line[at] = value
    chain.lines[1] = tuple(line)  # type: ignore[assignment]

    assert chain.found() != ()


def test_a_walk_in_pieces_is_the_same_walk():
    chain = a_chain("action_proposed", "action_awaiting", "action_approved", "action_held")
    walk = Walk(KEY)
    for one in chain.lines:
        walk.take([one])

    assert walk.end().said() == ()
    assert (walk.entries, walk.moved("a"), walk.moved("b")) == (4, 4, 0)
    assert walk.latest == {("action", "a"): (4, "s")}


def test_a_changed_entry_is_told_from_one_that_does_not_follow():
    chain = a_chain("action_proposed", "action_awaiting")
    line = list(chain.lines[0])
    line[2] = "mallory"
    chain.lines[0] = tuple(line)  # type: ignore[assignment]
    assert chain.found() == ("Entry 1 was changed after it was written.",)

    chain = a_chain("action_proposed", "action_awaiting", "action_rejected")
    del chain.lines[1]
    assert chain.found()[:2] == (
        "Entry 2 is missing.",
        "Entry 3 does not follow from the one before it.",
    )


def test_a_gap_of_many_is_one_sentence():
    chain = Chain()
    for _ in range(9):
        chain.add()
    del chain.lines[2:7]

    assert chain.found()[0] == "Entries 3 to 7 are missing."


def test_a_tail_that_was_cut_off_is_found_up_to_what_was_written_down():
    chain = Chain()
    for _ in range(9):
        chain.add()
    anchors = (chain.anchor(3, at=1), chain.anchor(7, at=2))

    assert chain.found(*anchors) == ()
    del chain.lines[7:]
    assert chain.found(*anchors) == ()
    del chain.lines[5:]
    assert chain.found(*anchors) == (
        "Entries 6 to 7 are gone; at 2026-03-12T09:00:00.000000Z the end was there.",
    )


def test_a_whole_other_chain_is_found_by_what_was_written_down():
    chain, other = Chain(), Chain()
    for _ in range(5):
        chain.add()
        other.add(subject="another")

    assert other.found(chain.anchor(3, at=1)) == (
        "Entry 3 is another one than was written down at 2026-03-11T09:00:00.000000Z.",
    )


def test_what_was_lost_when_a_copy_went_on_is_no_fault():
    chain, copy = Chain(), Chain()
    for _ in range(9):
        chain.add()
    for _ in range(5):
        copy.add()
    copy.add(RESTORED, at=3)
    copy.add(at=4)
    before, late = chain.anchor(8, at=2), chain.anchor(8, at=5)

    assert copy.found(before, chain.anchor(5, at=2), copy.anchor(7, at=5)) == ()
    assert copy.found(late) != ()


def test_entries_marked_with_another_key_are_found():
    chain = Chain(key=b"another")
    for _ in range(3):
        chain.add()
    chain.key = KEY
    chain.add()
    chain.key = b"another"
    chain.add()

    assert chain.found() == (
        "Entries 1 to 3 were not written by this Steward.",
        "Entry 5 was not written by this Steward.",
    )


def test_an_entry_with_our_mark_vouches_for_those_before_it():
    chain = Chain(key=b"another")
    for _ in range(3):
        chain.add()
    chain.key = KEY
    chain.add(KEY_CHANGED)
    assert chain.found() == ()

    chain.key = b"another"
    chain.add(KEY_CHANGED)
    assert chain.found() == ("Entry 5 was not written by this Steward.",)


def test_a_move_that_cant_be_is_found():
    chain = a_chain("action_proposed", "action_awaiting", "action_failed")

    assert chain.found() == ("Entry 3 moves action a from awaiting to failed, which can't be.",)


@pytest.mark.parametrize("after", ["done", "failed", "retry_wait", "unknown", "ready"])
def test_what_passed_its_last_check_needs_an_outcome(after: str):
    way = ("proposed", "awaiting", "approved", "held", "ready", "claimed", "committing")
    chain = a_chain(*(f"action_{one}" for one in way))

    assert chain.found() == ()
    assert chain.found(open_since=0) == ()
    assert chain.found(open_since=1) == (
        "Action a passed its last check with entry 7, and no entry says what became of it.",
    )

    chain.add(f"action_{after}", row="a")
    assert chain.found(open_since=1) == ()


def test_more_faults_than_anybody_reads_are_counted():
    faults = Faults()
    for number in range(250):
        faults.add(f"Fault {number}.")

    said = faults.said()
    assert len(said) == 201
    assert said[-1] == "And 50 more."
