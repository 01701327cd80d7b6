"""Provenance: who said a value, where, and how it was read."""

import pytest
from pydantic import ValidationError

from memory.labels import Label
from memory.records.provenance import Provenance


def test_a_value_that_a_rule_read_is_certain():
    origin = Provenance(source="src_1", label=Label.EXTERNAL, span=(3, 9))

    assert (origin.method, origin.confidence) == ("rule", 1.0)
    assert Provenance.model_validate_json(origin.model_dump_json()) == origin


def test_more_than_certain_is_refused():
    with pytest.raises(ValidationError):
        Provenance(source="src_1", label=Label.GUESS, confidence=1.5)
