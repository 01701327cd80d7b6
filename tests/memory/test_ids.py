"""Ids: never guessed, or always the same."""

import re

from hypothesis import given
from hypothesis import strategies as st

from memory.ids import derived_id, new_id, new_token

PARTS = st.lists(st.text(alphabet="ab\x1e\x1f", max_size=4), max_size=4)


def test_a_new_id_carries_its_kind_and_was_never_seen_before():
    found = {new_id("act") for _ in range(1000)}

    assert len(found) == 1000
    assert all(re.fullmatch(r"act_[a-z2-7]{16}", one) for one in found)


def test_a_derived_id_is_the_same_on_every_machine():
    assert derived_id("src", "telegram", "7") == "src_qe5klzkbfr4ug3zu"


@given(PARTS, PARTS)
def test_different_parts_have_different_names(one: list[str], other: list[str]):
    assert (derived_id("x", *one) == derived_id("x", *other)) == ((one or [""]) == (other or [""]))


def test_a_token_cannot_be_guessed():
    found = {new_token() for _ in range(1000)}

    assert len(found) == 1000
    assert {len(one) for one in found} == {26}
