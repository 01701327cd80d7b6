"""Intent: a typed wish."""

import pytest
from pydantic import ValidationError

from memory.records.intent import Intent


def test_what_an_adapter_hands_over_is_certain():
    intent = Intent(kind="task.create", slots={"what": "call Tom"})

    assert (intent.confidence, intent.tier, intent.span) == (1.0, "typed", None)


@pytest.mark.parametrize("confidence", [-0.1, 1.1, float("nan")])
def test_a_confidence_is_between_nothing_and_certain(confidence: float):
    with pytest.raises(ValidationError):
        Intent(kind="say", confidence=confidence)
