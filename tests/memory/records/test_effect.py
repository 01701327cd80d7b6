"""Effect: it describes itself, and says how it is taken back or why not."""

from datetime import UTC
from typing import ClassVar, Literal

import pytest

from memory.errors import Refused
from memory.records.effect import Effect, Reversal
from tests.memory.records.given import SENT


class Fireworks(Effect):
    """Something that nothing takes back."""

    kind: Literal["fireworks"] = "fireworks"
    repeatable: ClassVar = "C"
    reversal: ClassVar = Reversal.NONE
    irreversible: ClassVar[str] = "What has burnt has burnt."


def test_an_effect_without_a_way_back_must_say_why():
    with pytest.raises(TypeError, match="Smoke needs undo"):
        type("Smoke", (Effect,), {"__module__": __name__})


def test_what_cannot_be_taken_back_refuses_with_its_reason():
    with pytest.raises(Refused, match="burnt"):
        Fireworks().undo(SENT, UTC)


def test_an_effect_without_text_cannot_be_edited():
    with pytest.raises(Refused, match="no text"):
        Fireworks().edited("louder")


def test_unless_it_says_otherwise_others_would_notice_and_it_does_not_wait():
    assert (Fireworks.external, Fireworks().hold_s, Fireworks().repeats()) == (True, 0, "C")


@pytest.mark.parametrize("name", ["facts", "preview"])
def test_an_effect_that_does_not_show_itself_fails_loudly(name: str):
    with pytest.raises(NotImplementedError, match="Fireworks"):
        getattr(Fireworks(), name)()
