"""What a Specialist is: a description, and optionally plain functions for the free tier."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from memory.config import Config
from memory.labels import Label
from memory.plugins import members
from memory.recall import View
from memory.records.change import Version
from memory.records.effect import Effect
from memory.records.intent import Intent
from memory.records.letter import Letter
from memory.records.proposal import Proposal
from memory.records.provenance import Provenance
from memory.records.source import Source


@dataclass(frozen=True)
class Heard:
    """A message as a recogniser gets it: words and a moment, nothing to look up."""

    text: str
    now: datetime
    """Aware, in the owner's zone."""
    currency: str
    locale: str
    letter: Letter | None = None
    """The peeled mail when it is one that was passed on."""
    about: tuple[Version, ...] = ()
    """The records that the line tells of which the owner answers; empty for no answer."""
    expects: str = ""
    """Kind of intent that the last open question was after, or "note.capture" where the owner was
    asked what a picture shows; empty when nothing was asked."""


@dataclass(frozen=True)
class Work:
    """What one run is given."""

    intents: tuple[Intent, ...]
    """Those of the kinds its specialist takes; never empty."""
    source: Source
    """What it is about: for an answer to a question, the Source that raised the question."""
    letter: Letter | None
    now: datetime
    """Aware, in the owner's zone."""
    config: Config
    memory: View
    about: tuple[Version, ...] = ()
    """The records that the line tells of which the owner answers; empty for no answer."""
    earlier: tuple[Proposal, ...] = ()
    """What runs before this one proposed about the same Source."""

    @property
    def zone(self) -> ZoneInfo:
        """The owner's time zone."""
        return self.config.owner.zone

    @property
    def label(self) -> Label:
        """Whose word the Source's content is."""
        return self.source.label

    def seen(self, *, span: tuple[int, int] | None = None, method: str = "rule") -> Provenance:
        """The origin of something read in this Source."""
        return Provenance(source=self.source.id, label=self.label, span=span, method=method)


Recognise = Callable[[Heard], tuple[Intent, ...]]
ByRule = Callable[[Work], Awaitable[Proposal]]


@dataclass(frozen=True)
class Specialist:
    """A small worker with a contract. It proposes; it never acts and holds no credentials."""

    name: str
    version: str
    handles: str
    """What it is for, in one line a person or a model can choose by."""
    takes: tuple[str, ...]
    """Kinds of intent it works on."""
    needs: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Slots it can't work without, by kind of intent: a model's reading must have them."""
    reads: tuple[str, ...] = ()
    """Kinds of record it may look up."""
    writes: tuple[str, ...] = ()
    """Kinds of record it may propose to change."""
    may_propose: tuple[type[Effect], ...] = ()
    """Kinds of effect outside own memory it may propose."""
    after: tuple[str, ...] = ()
    """Specialists whose proposals it wants to see first."""
    recognise: Recognise | None = None
    """Reads its intents in free text, for nothing."""
    by_rule: ByRule | None = None
    """Does the work without a model."""
    instructions: str = ""
    """What a model is told."""
    examples: tuple[str, ...] = ()
    deadline: timedelta = timedelta(seconds=30)
    cost_cap_micro: int = 50_000
    """Most that one run may cost, in millionths of the budget's currency."""
    confidence_floor: float = 0.75
    """Below this the owner is asked."""
    cannot_yet: str = ""
    """What it can't do yet, in one line."""


@cache
def specialists() -> tuple[Specialist, ...]:
    """Everybody on the staff, found by being there."""
    return members("agents.specialists", "SPECIALIST", Specialist)


def named(name: str) -> Specialist:
    """One specialist.

    Raises:
        KeyError: Nobody has this name.
    """
    return {one.name: one for one in specialists()}[name]


def steps() -> dict[str, int]:
    """In which order they work on one Source: each after those it wants to see first."""
    order: dict[str, int] = {}

    def place(one: Specialist, path: tuple[str, ...]) -> int:
        if one.name in path:
            message = f"{one.name} waits for itself"
            raise ValueError(message)
        if one.name not in order:
            before = [place(named(other), (*path, one.name)) for other in one.after]
            order[one.name] = max(before, default=0) + 1
        return order[one.name]

    for one in specialists():
        place(one, ())
    return order
