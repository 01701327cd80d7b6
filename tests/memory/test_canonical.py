"""Canonical: equal values are equal bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.canonical import canonical, digest
from memory.records.money import Money

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab"), inner, max_size=3),
    max_leaves=8,
)


def test_the_order_of_keys_does_not_matter():
    assert canonical({"b": 1, "a": "é"}) == '{"a":"é","b":1}'.encode()


def test_a_record_is_its_data():
    assert canonical(Money.of("12", "EUR")) == b'{"currency":"EUR","minor":1200}'


def test_what_json_cannot_say_is_refused():
    with pytest.raises(ValueError, match="Out of range"):
        canonical(float("nan"))


@given(JSON)
def test_the_same_value_has_the_same_digest(value: object):
    rebuilt = {"x": value}

    assert digest(rebuilt) == digest(dict(reversed(rebuilt.items())))
    assert len(digest(value)) == 64


def test_another_value_has_another_digest():
    assert digest(["ab"]) != digest(["a", "b"])
