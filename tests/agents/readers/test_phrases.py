"""Phrases: the tables are in the form that readers compare with."""

import pytest

from agents.readers import phrases


@pytest.mark.parametrize(
    "table",
    [
        *(phrases.LABELS, phrases.FORWARD_MARKS, phrases.BEGIN_MARKS, phrases.ORIGINAL_MARKS),
        *(phrases.FORWARD_PREFIXES, phrases.REPLY_PREFIXES, phrases.CLOSINGS, phrases.PHONE_MARKS),
        *(phrases.ATTRIBUTION_STARTS, phrases.ATTRIBUTION_VERBS, phrases.DISCLAIMERS),
    ],
)
def test_every_phrase_is_casefolded(table):
    assert [phrase for phrase in table if phrase != phrase.casefold()] == []


def test_no_prefix_is_both_a_forward_and_a_reply():
    assert phrases.FORWARD_PREFIXES.isdisjoint(phrases.REPLY_PREFIXES)
