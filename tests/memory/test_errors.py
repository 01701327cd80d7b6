"""Errors: named for what the caller does next."""

from datetime import timedelta

import pytest

from memory.errors import (
    Misconfigured,
    NotFound,
    Refused,
    Stale,
    Trouble,
    Unavailable,
    Uncertain,
)


@pytest.mark.parametrize("kind", [Refused, Stale, NotFound, Unavailable, Uncertain])
def test_every_trouble_carries_a_sentence_and_the_next_step(kind: type[Trouble]):
    trouble = kind("It moved.", hint="Look again.")

    assert (str(trouble), trouble.sentence, trouble.hint) == (
        "It moved.",
        "It moved.",
        "Look again.",
    )


def test_the_other_side_may_say_how_long_to_wait():
    assert Unavailable("Busy.").retry_after is None
    assert Unavailable("Busy.", retry_after=timedelta(seconds=3)).retry_after == timedelta(
        seconds=3
    )


def test_nothing_that_forgives_trouble_swallows_a_wrong_configuration():
    wrong = Misconfigured(("One.", "Two."))

    assert not isinstance(wrong, Trouble)
    assert (str(wrong), wrong.faults) == ("One.\nTwo.", ("One.", "Two."))
