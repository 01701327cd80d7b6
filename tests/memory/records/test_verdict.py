"""Verdict: the strictest opinion counts."""

import pytest

from memory.records.verdict import Level, Verdict, strictest


def says(level: Level) -> Verdict:
    return Verdict(guard=level.value, level=level, reason="because")


def test_silence_is_not_consent():
    assert strictest(()).level is Level.ASK


@pytest.mark.parametrize("stricter", [Level.ASK, Level.CONFIRM, Level.REFUSE])
def test_the_strictest_of_all_counts(stricter: Level):
    verdicts = (says(Level.ALLOW), says(stricter), says(Level.ALLOW))

    assert strictest(verdicts) == says(stricter)
