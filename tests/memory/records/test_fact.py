"""Fact: one field of one subject."""

import pytest

from memory.records.fact import Fact


def test_a_new_value_is_the_same_fact():
    trade = Fact(subject="me", field="Trade", value="designer")

    assert trade.record_id() == trade.changed(value="brand designer").record_id()


@pytest.mark.parametrize(
    ("subject", "title"), [("me", "my size: 12"), ("Harbor Yoga", "Harbor Yoga's size: 12")]
)
def test_a_fact_reads_as_a_phrase(subject: str, title: str):
    assert Fact(subject=subject, field="size", value="12").title() == title
