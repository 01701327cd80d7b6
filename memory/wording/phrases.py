"""Phrases: a small grammar machine. Words in, the meanings of phrases out, all rules as data.

A rule is a pattern and the function that says what it means. A pattern is words with single blanks
between them: `last|past` is either word, `the?` may be missing, `{weekday}` is another list of
rules, a list of words or a reader, and `{first:weekday}` gives it a name of its own.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
S = TypeVar("S")

DIGITS = "#"
"""The key under which every run of digits is looked up."""

WORD = re.compile(
    r"[0-9]+|\b(?:[ap]\.m\b\.?|b4\b|2moro\b|2morrow\b|2nite\b|2day\b)"
    r"|[^\W\d_]+(?:['’][^\W\d_]+)*|[^\w\s]|_",
    re.IGNORECASE,
)


def word_set(text: str) -> frozenset[str]:
    """A set of words, written as one text."""
    return frozenset(text.split())


@dataclass(frozen=True, slots=True)
class Token:
    """One word, one run of digits or one sign, and where it stands in the text."""

    word: str
    """Lower case, with straight apostrophes."""
    start: int
    end: int
    glued: bool
    """Nothing stands between it and the token before."""
    keys: tuple[str, ...]
    """What a rule may begin with to match here; empty for a word that no rule knows."""
    is_number: bool


@dataclass(frozen=True, slots=True)
class Line(Generic[S]):
    """A text cut into tokens, and what its rules may look at besides."""

    text: str
    tokens: tuple[Token, ...]
    setting: S

    def word(self, index: int) -> str:
        """The word at a place, or nothing beyond either end."""
        return self.tokens[index].word if 0 <= index < len(self.tokens) else ""

    def glued(self, index: int) -> bool:
        """Whether the token at a place touches the one before it."""
        return 0 < index < len(self.tokens) and self.tokens[index].glued

    def number(self, index: int) -> int | None:
        """The digits at a place as a number, unless there are more than nine."""
        if not 0 <= index < len(self.tokens) or not self.tokens[index].is_number:
            return None
        return int(self.tokens[index].word) if len(self.tokens[index].word) < 10 else None


@dataclass(frozen=True, slots=True)
class Got(Generic[S]):
    """What the slots of one pattern hold, and where the phrase stands."""

    line: Line[S]
    start: int
    end: int
    slots: Mapping[str, object]

    @property
    def setting(self) -> S:
        return self.line.setting

    @property
    def before(self) -> str:
        """The word in front of the phrase."""
        return self.line.word(self.start - 1)

    @property
    def after(self) -> str:
        """The word behind the phrase."""
        return self.line.word(self.end)

    def has(self, name: str) -> bool:
        return name in self.slots

    def take(self, name: str, kind: type[T]) -> T:
        """The value of a slot, of the kind that its rules promise."""
        value = self.slots[name]
        if not isinstance(value, kind):
            raise TypeError(f"slot {name} holds {value!r}, not {kind.__name__}")
        return value

    def number(self, name: str) -> int:
        return self.take(name, int)


Meaning = Callable[[Got[S]], object]
"""What a phrase means, or None when the words fit and the sense does not (30 February)."""

Rule = tuple[str, Meaning[S]]

Reader = Callable[[Line[S], int], Iterable[tuple[int, object]]]
"""Reads what no list of words can (figures): the places where it may end, and the meaning there."""


@dataclass(frozen=True, slots=True)
class Part:
    """One element of a pattern: words to match, or the slot to fill."""

    words: frozenset[str]
    slot: str
    name: str
    optional: bool


@dataclass(frozen=True, slots=True)
class Pattern(Generic[S]):
    """A rule made ready for matching."""

    rank: int
    parts: tuple[Part, ...]
    meaning: Meaning[S]


class Grammar(Generic[S]):
    """Rules, words and readers, by name. Made once, used for every text."""

    def __init__(
        self,
        *,
        rules: Mapping[str, tuple[Rule[S], ...]],
        words: Mapping[str, Mapping[str, int]],
        readers: Mapping[str, tuple[tuple[str, ...], Reader[S]]],
    ) -> None:
        """Compile the rules.

        Args:
            rules: Patterns and meanings; of two that match the same words the first wins.
            words: Lists of words with a value each. `@name` is the key of such a list.
            readers: The keys that a reader may begin with, and the reader.
        """
        self._words = words
        self._readers = readers
        self._patterns = {
            name: tuple(
                Pattern(rank, compile_pattern(text), meaning)
                for rank, (text, meaning) in enumerate(table)
            )
            for name, table in rules.items()
        }
        self._keys = self._keys_of_words()
        self._index = {name: self._index_of(name) for name in self._patterns}
        self._choices: dict[tuple[str, tuple[str, ...]], tuple[Pattern[S], ...]] = {}

    def cut(self, text: str, setting: S) -> Line[S]:
        """Cut a text into tokens."""
        tokens: list[Token] = []
        end = -1
        for match in WORD.finditer(text):
            word = match.group().lower().replace("’", "'")
            is_number = word[0] in "0123456789" and word.isdigit()
            keys = self._keys.get(word, ())
            keys = (DIGITS, *keys) if is_number else keys
            glued = match.start() == end
            end = match.end()
            tokens.append(Token(word, match.start(), end, glued, keys, is_number))
        return Line(text, tuple(tokens), setting)

    def value(self, name: str, word: str) -> int | None:
        """The value of a word in one of the lists."""
        return self._words[name].get(word)

    def reading(self, line: Line[S]) -> "Reading[S]":
        """Begin to read one line."""
        return Reading(self, line)

    def choices(self, name: str, keys: tuple[str, ...]) -> tuple[Pattern[S], ...]:
        """The patterns that may begin with one of these keys, in the order of their table."""
        known = self._choices.get((name, keys))
        if known is None:
            index = self._index[name]
            found = {pattern.rank: pattern for key in keys for pattern in index.get(key, ())}
            known = tuple(found[rank] for rank in sorted(found))
            self._choices[name, keys] = known
        return known

    def list_of(self, name: str) -> Mapping[str, int] | None:
        """The list of words with this name, if there is one."""
        return self._words.get(name)

    def reader(self, name: str) -> tuple[tuple[str, ...], Reader[S]] | None:
        """The reader with this name, if there is one."""
        return self._readers.get(name)

    def _keys_of_words(self) -> dict[str, tuple[str, ...]]:
        keys: dict[str, list[str]] = {}
        for name, table in self._words.items():
            for word in table:
                keys.setdefault(word, []).append(f"@{name}")
        literals = {key for marks, _ in self._readers.values() for key in marks}
        for table in self._patterns.values():
            literals.update(
                word for pattern in table for part in pattern.parts for word in part.words
            )
        for word in literals:
            keys.setdefault(word, []).append(word)
        return {word: tuple(found) for word, found in keys.items()}

    def _index_of(self, name: str) -> dict[str, list[Pattern[S]]]:
        index: dict[str, list[Pattern[S]]] = {}
        for pattern in self._patterns[name]:
            for key in self._first_of(pattern, (name,)):
                index.setdefault(key, []).append(pattern)
        return index

    def _first_of(self, pattern: Pattern[S], seen: tuple[str, ...]) -> set[str]:
        keys: set[str] = set()
        for part in pattern.parts:
            keys |= part.words or self._first_of_slot(part.slot, seen)
            if not part.optional:
                break
        return keys

    def _first_of_slot(self, slot: str, seen: tuple[str, ...]) -> set[str]:
        if slot in self._words:
            return {f"@{slot}"}
        if slot in self._readers:
            return set(self._readers[slot][0])
        if slot in seen:
            raise ValueError(f"a phrase cannot begin with itself: {' > '.join((*seen, slot))}")
        keys: set[str] = set()
        for pattern in self._patterns[slot]:
            keys |= self._first_of(pattern, (*seen, slot))
        return keys


class Reading(Generic[S]):
    """One line being read; remembers what it has read already."""

    def __init__(self, grammar: Grammar[S], line: Line[S]) -> None:
        self._grammar = grammar
        self.line = line
        self._known: dict[tuple[str, int], tuple[tuple[int, object], ...]] = {}

    def read(self, name: str, index: int) -> tuple[tuple[int, object], ...]:
        """Every way to read a phrase of this name here: where it ends, what it means."""
        known = self._known.get((name, index))
        if known is None:
            known = tuple(self._find(name, index))
            self._known[name, index] = known
        return known

    def longest(self, name: str, index: int) -> tuple[int, object] | None:
        """The longest way to read a phrase of this name here."""
        return max(self.read(name, index), key=lambda found: found[0], default=None)

    def _find(self, name: str, index: int) -> Iterable[tuple[int, object]]:
        if index >= len(self.line.tokens):
            return ()
        token = self.line.tokens[index]
        words = self._grammar.list_of(name)
        if words is not None:
            return ((index + 1, words[token.word]),) if token.word in words else ()
        reader = self._grammar.reader(name)
        if reader is not None:
            keys, read = reader
            return read(self.line, index) if any(key in keys for key in token.keys) else ()
        found: dict[int, object] = {}
        for pattern in self._grammar.choices(name, token.keys):
            for end, slots in self._match(pattern.parts, 0, index, {}):
                if end in found:
                    continue
                meaning = pattern.meaning(Got(self.line, index, end, slots))
                if meaning is not None:
                    found[end] = meaning
        return found.items()

    def _match(
        self, parts: tuple[Part, ...], place: int, index: int, slots: dict[str, object]
    ) -> Iterator[tuple[int, dict[str, object]]]:
        if place == len(parts):
            yield index, slots
            return
        part = parts[place]
        if part.words:
            if self.line.word(index) in part.words:
                yield from self._match(parts, place + 1, index + 1, slots)
        else:
            for end, value in self.read(part.slot, index):
                yield from self._match(parts, place + 1, end, {**slots, part.name: value})
        if part.optional:
            yield from self._match(parts, place + 1, index, slots)


def compile_pattern(text: str) -> tuple[Part, ...]:
    """Cut a pattern into its parts."""
    return tuple(_part(piece) for piece in text.split())


def _part(piece: str) -> Part:
    optional = len(piece) > 1 and piece.endswith("?")
    piece = piece[:-1] if optional else piece
    if not piece.startswith("{"):
        return Part(frozenset(piece.split("|")), "", "", optional)
    name, _, slot = piece[1:-1].rpartition(":")
    return Part(frozenset(), slot, name or slot, optional)
