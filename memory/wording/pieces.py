"""The pieces of a date (a day, a part of the day, a time ...), found and put together."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from memory.wording.date_words import HINTS, WORDS_OF_MOVING
from memory.wording.dates import GRAMMAR
from memory.wording.moments import EITHER_HOUR
from memory.wording.neighbours import RANGE_SIGNS, ends_whole, is_whole
from memory.wording.phrases import Line, Reading, word_set
from memory.wording.times import joined
from memory.wording.values import (
    Clock,
    Day,
    DayPart,
    Hours,
    Length,
    Moment,
    Period,
    Repeat,
    Setting,
)

Piece = Day | Period | Moment | Clock | Hours | DayPart | Repeat | Length

STARTERS = ("repeat", "days", "hours", "day", "stretch", "daypart", "zoned", "length")
"""What a date may begin with; the longest wins, of equally long ones the first."""
FOLLOWERS = ("hours", "day", "partafter", "partword", "daypart", "zoned", "repeat", "length")
"""What may come next."""
BARE_FOLLOWERS = ("barehours", "bare")
"""What may come next as long as no time was said."""
YEAR_LEADS = word_set("in since from until till by before after during than")
"""Words after which four digits are a year."""
HOUR_LEADS = word_set("at @ by before b4 until till til after")
"""Words after which a bare number is an hour."""
KINDS_AFTER: dict[str, tuple[type, ...]] = {
    "": (Day, DayPart, Clock, Hours, Repeat),
    ",": (Day, DayPart, Clock, Hours, Length, Repeat),
    "(": (Day, Clock, Hours, Length),
    "at": (Clock, Hours),
    "@": (Clock, Hours),
    "around": (Clock, Hours),
    "about": (Clock, Hours),
    "-": (Clock, Hours),
    "–": (Clock, Hours),
    "t": (Clock,),
    "by": (Clock, Day),
    "before": (Clock,),
    "after": (Clock,),
    "until": (Clock,),
    "till": (Clock,),
    "from": (Clock, Hours),
    "on": (Day,),
    "the": (Day,),
    "for": (Length, DayPart),
}
"""The words that connect two pieces, and what may follow them; "" stands for no such word."""
NEW_LEADS = word_set("by before until")
"""Connecting words that say more than that two pieces belong together."""
LOOK_BACK = 8
"""Words within which a word of moving counts."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The pieces of one date, as far as they are read."""

    start: int
    """Index of the first token."""
    end: int
    """Index behind the last token."""
    lead: str = ""
    pieces: tuple[Piece, ...] = ()
    until: "Draft | None" = None
    """Where it ends, if that is on another day."""

    @property
    def day(self) -> Day | None:
        for piece in self.pieces:
            if isinstance(piece, Day):
                return piece
            if isinstance(piece, DayPart) and piece.day:
                return piece.day
        return None

    @property
    def part(self) -> int:
        """The part of the day that was said, 0 for none."""
        for piece in self.pieces:
            if isinstance(piece, DayPart | Repeat | Clock) and piece.part:
                return piece.part
            if isinstance(piece, Hours) and (piece.start.part or piece.end.part):
                return piece.start.part or piece.end.part
        return 0

    @property
    def clock(self) -> Clock | None:
        return next((piece for piece in self.pieces if isinstance(piece, Clock)), None)

    @property
    def hours(self) -> Hours | None:
        return next((piece for piece in self.pieces if isinstance(piece, Hours)), None)

    @property
    def length(self) -> Length | None:
        return next((piece for piece in self.pieces if isinstance(piece, Length)), None)

    @property
    def is_length(self) -> bool:
        """Whether nothing but a length of time is read."""
        return all(isinstance(piece, Length) for piece in self.pieces)

    @property
    def is_short(self) -> bool:
        """Whether it lasts hours rather than days."""
        length = self.length
        return length is None or not (length.days or length.months)

    def has(self, *kinds: type) -> bool:
        return any(isinstance(piece, kinds) for piece in self.pieces)

    def takes(self, piece: Piece) -> bool:
        """Whether a piece can belong to the same date."""
        if self.has(Period, Moment) or self.until:
            return False
        if isinstance(piece, Clock | Hours):
            return not self.has(Clock, Hours)
        if isinstance(piece, DayPart):
            is_new = self.part in (0, piece.part) and not self.has(DayPart)
            is_same = piece.day is None and self.part == piece.part
            return is_same or (is_new and (piece.day is None or self.day is None))
        if isinstance(piece, Day):
            return not self.has(Repeat) and (self.day is None or self.day.on == piece.on)
        if isinstance(piece, Length):
            return not self.has(Length, Hours, Repeat)
        return isinstance(piece, Repeat) and not self.has(Repeat) and self.day is None


class Finder:
    """Finds the dates of one line."""

    def __init__(self, line: Line[Setting]) -> None:
        self.line = line
        self._reading = GRAMMAR.reading(line)
        self._behind = self._reading_towards(past=True)
        self._ahead = self._reading_towards(past=False)

    def _reading_towards(self, *, past: bool) -> Reading[Setting]:
        if self.line.setting.past == past:
            return self._reading
        return GRAMMAR.reading(replace(self.line, setting=replace(self.line.setting, past=past)))

    def anchored(self, day: date) -> "Finder":
        """The same line, after a day was spoken of."""
        return Finder(replace(self.line, setting=replace(self.line.setting, anchor=day)))

    def draft_at(self, index: int) -> Draft | None:
        """The longest date that begins here."""
        best: Draft | None = None
        for start, lead in self._leads(index):
            for draft in self._started(index, start, lead):
                whole = self._extended(draft)
                longer = best is None or whole.end > best.end
                if whole.is_length or (draft.is_length and whole.has(Day) and not whole.is_short):
                    continue
                if longer and is_whole(self.line, whole.start, whole.end):
                    best = whole
        return best and self._hinted(best)

    def _hinted(self, draft: Draft) -> Draft:
        """A draft whose bare 7 is settled by a word nearby: breakfast, dinner ..."""
        first = draft.clock or (draft.hours.start if draft.hours else None)
        if first is None or not first.bare or first.hour != EITHER_HOUR or draft.part:
            return draft
        near = range(draft.start - LOOK_BACK, draft.end + LOOK_BACK)
        hints = {HINTS[word] for place in near if (word := self.line.word(place)) in HINTS}
        if len(hints) != 1:
            return draft
        return replace(draft, pieces=(*draft.pieces, DayPart(hints.pop())))

    def _leads(self, index: int) -> Iterator[tuple[int, str]]:
        yield index, ""
        for end, lead in self._reading.read("lead", index):
            if isinstance(lead, str):
                yield end, lead

    def _started(self, index: int, start: int, lead: str) -> list[Draft]:
        """The first pieces that may stand at a place, the longest in front."""
        reading = self._reading_after(index, lead)
        is_moving = self._is_moving(index)
        moves_from_here = is_moving and self.line.word(start - 1) in ("from", "to")
        moves_from_next = is_moving and self.line.word(start) == "from"
        names = [
            name
            for name in STARTERS
            if name not in ("days", "hours") or not (moves_from_here or moves_from_next)
        ]
        word = self.line.word(start - 1) if start > index else ""
        if word in YEAR_LEADS:
            names.append("yearalone")
        if word in HOUR_LEADS or (moves_from_here and start > index):
            is_said = word in ("at", "@") or self.line.number(start) is not None
            names += ["bare"] if is_said else []
        found = [
            Draft(index, end, lead, (piece,))
            for name in names
            for end, piece in pieces_of(reading, name, start)
        ]
        return sorted(found, key=lambda draft: -draft.end)

    def _reading_after(self, index: int, lead: str) -> Reading[Setting]:
        """What "since" speaks of lies behind, what "by" speaks of ahead."""
        if lead == "since" or self.line.word(index - 1) == "back":
            return self._behind
        return self._ahead if lead == "by" else self._reading

    def _is_moving(self, index: int) -> bool:
        return any(
            self.line.word(place) in WORDS_OF_MOVING for place in range(index - LOOK_BACK, index)
        )

    def _extended(self, draft: Draft) -> Draft:
        """A draft with all that belongs to it behind it."""
        while True:
            longer = self._one_more(draft)
            if longer is None:
                return self._with_end(draft)
            draft = longer

    def _one_more(self, draft: Draft) -> Draft | None:
        best: Draft | None = None
        names = FOLLOWERS if draft.has(Clock, Hours) else FOLLOWERS + BARE_FOLLOWERS
        for index, connector in self._connectors(draft.end):
            for name in names:
                if name == "partword" and not draft.has(Day, Repeat):
                    continue
                for end, piece in pieces_of(self._reading, name, index):
                    fits = isinstance(piece, KINDS_AFTER[connector]) and draft.takes(piece)
                    if draft.is_length and isinstance(piece, Clock | Hours):
                        fits = fits and connector in ("at", "from")
                    if not fits or not ends_whole(self.line, end):
                        continue
                    if best is None or end > best.end:
                        lead = connector if connector in NEW_LEADS else draft.lead
                        best = Draft(draft.start, end, lead, (*draft.pieces, piece))
        return best

    def _connectors(self, index: int) -> Iterator[tuple[int, str]]:
        yield index, ""
        for place in (index, index + 1):
            word = self.line.word(place)
            if not word or word not in KINDS_AFTER:
                return
            yield place + 1, word

    def _with_end(self, draft: Draft) -> Draft:
        """A draft with its end behind it: "3pm to 5pm today", "Friday 3pm to Monday 10am"."""
        clock = draft.clock
        if clock is None or draft.length or self.line.word(draft.end) not in RANGE_SIGNS:
            return draft
        if self._is_moving(draft.start):
            return draft
        start = draft.end + 1
        for name in ("zoned", "bare", "day"):
            for end, found in pieces_of(self._reading, name, start):
                last = Draft(start, end, "", (found,))
                last = last if name != "day" else self._one_more(last) or last
                if last.clock is None or not ends_whole(self.line, last.end):
                    continue
                if last.day and draft.day:
                    return replace(draft, end=last.end, until=last)
                both = joined(clock, last.clock)
                pieces = [both if piece is clock else piece for piece in draft.pieces]
                pieces += [last.day] if last.day else []
                return self._extended(Draft(draft.start, last.end, draft.lead, tuple(pieces)))
        return draft


def pieces_of(reading: Reading[Setting], name: str, index: int) -> Iterator[tuple[int, Piece]]:
    """Every way to read a piece at a place."""
    line = reading.line
    if index < len(line.tokens) and line.tokens[index].keys:
        for end, value in reading.read(name, index):
            if isinstance(value, Piece):
                yield end, value
