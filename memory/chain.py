"""The ledger's arithmetic: what an entry's hash and mark are, and walking a million entries."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from json.encoder import encode_basestring
from typing import NamedTuple

from memory.canonical import canonical
from memory.records.action import State
from memory.tables import ledger
from memory.transitions import ALLOWED

FIRST = "0" * 64
RESTORED = "restored"
"""The event of an entry that says: from here on it is a copy that goes on."""
KEY_CHANGED = "ledger_key_changed"
"""The event of an entry that vouches for all before it, which were marked with another key."""

_BLOCK = 64
_MOST = 200
"""More faults than these are counted, not told one by one."""
_ACTION = "action_"
_COMMITTING = f"{_ACTION}{State.COMMITTING.value}"
_STATES = frozenset(f"{_ACTION}{one.value}" for one in State)
_STEPS = frozenset(
    (f"{_ACTION}{before.value}", f"{_ACTION}{after.value}") for before, after, _ in ALLOWED
)
_SPECIAL = frozenset({RESTORED, KEY_CHANGED})


def plain(value: object) -> object:
    """A value as the database holds it, as JSON can: the same on every database."""
    if type(value) is str or value is None:
        return value
    if isinstance(value, bool):
        return int(value)
    return value if isinstance(value, str | int | None) else repr(value)


def entry_hash(entry: Mapping[str, object]) -> str:
    """The hash of an entry, over everything but its hash and its mark."""
    content = {name: plain(entry[name]) for name in entry if name not in ("hash", "mac")}
    return hashlib.sha256(b"\x01" + canonical(content)).hexdigest()


def keyed(key: bytes) -> Callable[[str], str]:
    """What marks a hash with a key: HMAC-SHA-256.

    The two pads are hashed once: a third of what `hmac` takes, a million times over.
    """
    short = hashlib.sha256(key).digest() if len(key) > _BLOCK else key
    padded = short.ljust(_BLOCK, b"\0")
    inner = hashlib.sha256(bytes(one ^ 0x36 for one in padded))
    outer = hashlib.sha256(bytes(one ^ 0x5C for one in padded))

    def mark(hashed: str) -> str:
        within, around = inner.copy(), outer.copy()
        within.update(hashed.encode())
        around.update(within.digest())
        return around.hexdigest()

    return mark


Line = tuple[int, str, str, str, str, str, str, str, str, str, str, str]
"""An entry as the database holds it, in the table's order; what was changed from outside may hold
anything else."""
_NAMES = tuple(column.name for column in ledger.columns)


class Anchored(NamedTuple):
    """An entry's number and hash, as they were written down outside the database."""

    seq: int
    hash: str
    at: str
    """When that was, as the database writes moments."""


_Moves = tuple[int, str, int, str]
"""How often a revision of an action has moved, and its last move: event, number and moment."""


class Faults:
    """What is wrong, one sentence each; more than anybody reads is counted."""

    def __init__(self) -> None:
        self._said: list[str] = []
        self._more = 0

    def add(self, sentence: str) -> None:
        """One more."""
        if len(self._said) < _MOST:
            self._said.append(sentence)
        else:
            self._more += 1

    def said(self) -> tuple[str, ...]:
        """All of them."""
        return (*self._said, *((f"And {self._more} more.",) if self._more else ()))


class Walk:
    """Goes along the ledger from its first entry and keeps what is wrong, in plain words."""

    def __init__(self, key: bytes, anchors: Iterable[Anchored] = ()) -> None:
        """Begin.

        Args:
            key: What the entries are marked with.
            anchors: Heads that were written down outside the database.
        """
        self._mark = keyed(key)
        self._anchors: dict[int, list[Anchored]] = {}
        for one in anchors:
            self._anchors.setdefault(one.seq, []).append(one)
        self._before, self._expected = FIRST, 1
        self._faults = Faults()
        self._foreign: list[tuple[int, int]] = []
        """Ranges of entries that do not have our mark."""
        self._differing: list[Anchored] = []
        self._restored: list[tuple[int, str]] = []
        """Number and moment of each entry that says: from here on it is a copy that goes on."""
        self.entries = 0
        self.latest: dict[tuple[str, str], tuple[int, str]] = {}
        """Number and seal of the last entry about each sealed row, by table and key."""
        self.moves: dict[str, _Moves] = {}
        """What became of each action's revision, by its key."""

    def take(self, lines: Iterable[Line]) -> None:
        """Go on along these entries."""
        mark, text, sha = self._mark, encode_basestring, hashlib.sha256
        before, expected = self._before, self._expected
        latest, moves, anchors = self.latest, self.moves, self._anchors
        for line in lines:
            seq, at, actor, event, subject, detail, seals, row, seal, prev, hashed, mac = line
            try:
                # what `canonical` makes of it, in a fifth of the time
                content = (
                    f'\x01{{"actor":{text(actor)},"at":{text(at)},"detail":{text(detail)},'
                    f'"event":{text(event)},"prev_hash":{text(prev)},"seal":{text(seal)},'
                    f'"sealed_row":{text(row)},"seals":{text(seals)},"seq":{seq:d},'
                    f'"subject":{text(subject)}}}'
                )
            except (TypeError, ValueError):
                right = entry_hash(dict(zip(_NAMES, line, strict=True)))
            else:
                right = sha(content.encode()).hexdigest()
            if seq != expected or prev != before or hashed != right or mac != mark(right):
                self._differs(line, right, before, expected)
            elif event in _SPECIAL:
                self._restored.append((seq, at))
                if event == KEY_CHANGED:
                    self._foreign.clear()
            if seq in anchors:
                self._differing += [one for one in anchors.pop(seq) if one.hash != hashed]
            if seals:
                latest[seals, row] = (seq, seal)
                if event in _STATES and seals == "action":
                    known = moves.get(row)
                    if known is None:
                        moves[row] = (1, event, seq, at)
                    else:
                        if (known[1], event) not in _STEPS:
                            self._strays(row, known[1], event, seq)
                        moves[row] = (known[0] + 1, event, seq, at)
            self.entries += 1
            before, expected = hashed, seq + 1 if type(seq) is int else expected + 1
        self._before, self._expected = before, expected

    def end(self, *, open_since: str | None = None) -> Faults:
        """Everything that is wrong with the entries alone.

        Args:
            open_since: Whatever passed its last check before this moment should have an outcome;
                None asks for none.
        """
        found = self._faults
        for first, last in self._foreign:
            is_one = first == last
            what = f"Entry {first} was" if is_one else f"Entries {first} to {last} were"
            found.add(f"{what} not written by this Steward.")
        for one in self._differing:
            if not self._is_excused(one):
                found.add(f"Entry {one.seq} is another one than was written down at {one.at}.")
        last = self._expected - 1
        beyond = [one for group in self._anchors.values() for one in group]
        lost = [one for one in beyond if one.seq > last and not self._is_excused(one)]
        if lost:
            newest = max(lost, key=lambda one: one.seq)
            is_one = newest.seq == last + 1
            gone = f"Entry {newest.seq} is" if is_one else f"Entries {last + 1} to {newest.seq} are"
            found.add(f"{gone} gone; at {newest.at} the end was there.")
        for key, moves in self.moves.items():
            _, event, seq, at = moves
            if event == _COMMITTING and open_since is not None and at < open_since:
                found.add(
                    f"Action {key} passed its last check with entry {seq}, and no entry "
                    "says what became of it."
                )
        return found

    def moved(self, key: str) -> int:
        """How many moves of an action's revision have an entry."""
        known = self.moves.get(key)
        return known[0] if known else 0

    def _differs(self, line: Line, right: str, before: str, expected: int) -> None:
        """Say how an entry is not what it should be; the first thing that is wrong says enough."""
        seq, prev, hashed = line[0], line[9], line[10]
        if seq != expected:
            last = seq - 1 if type(seq) is int else expected
            is_one = last <= expected
            missing = f"Entry {expected} is" if is_one else f"Entries {expected} to {last} are"
            self._faults.add(f"{missing} missing.")
        if prev != before:
            self._faults.add(f"Entry {seq} does not follow from the one before it.")
        elif hashed != right:
            self._faults.add(f"Entry {seq} was changed after it was written.")
        elif line[11] != self._mark(right):
            if self._foreign and self._foreign[-1][1] == seq - 1:
                self._foreign[-1] = (self._foreign[-1][0], seq)
            else:
                self._foreign.append((seq, seq))

    def _strays(self, key: str, before: str, event: str, seq: int) -> None:
        came, went = before.removeprefix(_ACTION), event.removeprefix(_ACTION)
        self._faults.add(f"Entry {seq} moves action {key} from {came} to {went}, which can't be.")

    def _is_excused(self, anchor: Anchored) -> bool:
        """Whether what was written down was lost on the record, when a copy was put in place."""
        return any(anchor.seq >= seq and anchor.at <= at for seq, at in self._restored)
