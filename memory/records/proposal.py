"""What an agent suggests."""

from pydantic import Field, SerializeAsAny, field_validator

from memory.records.change import Change
from memory.records.effect import Effect
from memory.records.intent import Intent
from memory.records.kinds import effect_of
from memory.records.shape import Frozen


class Suggestion(Frozen):
    """One effect outside the company's own memory, and what follows once it is done."""

    effect: SerializeAsAny[Effect]
    heading: str
    """The card's first line: what this is, for whom."""
    rationale: str = Field(max_length=280)
    """Why, in one sentence the owner can check."""
    then: tuple[Change, ...] = ()
    """Own records that change in the moment the effect is done, and only then."""

    @field_validator("effect", mode="before")
    @classmethod
    def _by_kind(cls, value: object) -> object:
        return effect_of(value)


class Choice(Frozen):
    """One answer to a question, as a button."""

    label: str
    intent: Intent
    """What pressing it means."""


class Question(Frozen):
    """What an agent needs to know before it can go on."""

    text: str
    asks: str = ""
    """Name of the slot that a typed answer fills; empty when only the choices count."""
    button: str = ""
    """The button that invites a typed answer, for example "Type the price"."""
    choices: tuple[Choice, ...] = ()
    may_skip: bool = False
    """Whether the owner may pass over it."""
    expects: str = ""
    """Kind of intent that an answer in free words probably is; empty when it may be any."""


class Proposal(Frozen):
    """What one run suggests: own records, effects on the world, words, or a question."""

    changes: tuple[Change, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    says: str = ""
    """A line for the owner; never claims that anything left the house."""
    ask: Question | None = None
    rationale: str = Field(default="", max_length=280)
