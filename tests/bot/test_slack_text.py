"""What Slack makes of a typed text is undone, and what we send means nothing but itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack_text import escaped, length, plain


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("tom &lt;3 R&amp;D", "tom <3 R&D"),
        ("see <https://ink.example/a?b=1>", "see https://ink.example/a?b=1"),
        ("see <http://ink.example|ink.example>", "see http://ink.example"),
        ("<mailto:tom@north.example|tom@north.example>", "tom@north.example"),
        ("<tel:+351210000010|+351 210 000 010>", "+351 210 000 010 (+351210000010)"),
        ("<https://ink.example|our ink>", "our ink (https://ink.example)"),
        ("ask <@U222|tom> or <@U333>", "ask @tom or @U333"),
        ("in <#C1|general>", "in #general"),
        ("<!here> look", "@here look"),
        ("<!date^1^{date}|yesterday>", "yesterday"),
    ],
)
def test_a_text_is_read_as_it_was_typed(written: str, typed: str):
    assert plain(written) == typed


@given(st.text())
def test_nothing_in_an_escaped_text_is_a_mention_or_a_link(text: str):
    assert "<" not in escaped(text)
    assert ">" not in escaped(text)
    assert plain(escaped(text)) == text


def test_a_rare_sign_counts_twice():
    assert length("a😀") == 3
