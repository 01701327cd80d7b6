"""Something that would be noticed, as data."""

from datetime import tzinfo
from enum import StrEnum
from typing import Any, ClassVar, Literal, Self

from memory.errors import Refused
from memory.records.receipt import Receipt
from memory.records.shape import Frozen


class Reversal(StrEnum):
    """What taking it back can mean."""

    EXACT = "R0"
    """Own data: undo restores it exactly."""
    HOLD = "R1"
    """Free until the hold ends; afterwards only what `undo` offers."""
    PROVIDER = "R2"
    """The other side can delete it; notices may remain."""
    COUNTER = "R3"
    """Only a second thing can answer the first: a correction, a credit note."""
    NONE = "R4"
    """Nothing takes it back."""


class Line(Frozen):
    """One fact of a card: a label and what will really be used."""

    label: str
    value: str


class Effect(Frozen):
    """Something that would be noticed, described by itself. Pure: no clock, no store, no world.

    Every kind either overrides `undo` or says in `irreversible` why it cannot.
    """

    kind: str
    repeatable: ClassVar[Literal["A", "B", "C", "D"]]
    """What trying again after a crash means: A keyed, B provable, C blind, D harmless."""
    reversal: ClassVar[Reversal]
    external: ClassVar[bool] = True
    """Whether anybody but the owner would notice."""
    irreversible: ClassVar[str] = ""
    """Why it can never be taken back, in the owner's words; empty where `undo` exists."""

    hold_s: int = 0
    """Seconds between approval and the act. Undo is free until then."""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        if cls.undo is Effect.undo and not cls.irreversible:
            message = f"{cls.__name__} needs undo(), or irreversible with the reason why not"
            raise TypeError(message)

    def repeats(self) -> Literal["A", "B", "C", "D"]:
        """What trying this very one again after a crash means."""
        return self.repeatable

    def facts(self) -> tuple[Line, ...]:
        """What will happen, line by line, from the very values that will be used."""
        raise NotImplementedError(type(self).__name__)

    def preview(self) -> str:
        """One line that names it."""
        raise NotImplementedError(type(self).__name__)

    def recipients(self) -> tuple[str, ...]:
        """Whom it reaches; each may be reached only so often."""
        return ()

    def leaves(self) -> bool:
        """Whether anything goes out to others."""
        return self.external

    def undo(self, receipt: Receipt, zone: tzinfo) -> "Effect":  # noqa: ARG002
        """The effect that answers this one after it happened.

        Args:
            receipt: Proof of when and how it happened.
            zone: The owner's zone, for times in words.

        Raises:
            Refused: Nothing takes it back; the sentence says why.
        """
        raise Refused(self.irreversible)

    def edited(self, text: str) -> Self:  # noqa: ARG002
        """The same effect with the owner's own words in place of its text.

        Raises:
            Refused: It has no text of its own.
        """
        raise Refused("There is no text in this one to change.")
