"""What Slack sends is read without trusting its shape."""

import pytest

from bot.slack_json import part, parts, words


@pytest.mark.parametrize("odd", [{}, {"a": None}, {"a": "x"}, {"a": []}, {"a": {"b": 7}}])
def test_what_is_missing_or_odd_is_empty(odd):
    assert part(odd, "a", "b") == {}
    assert words(part(odd, "a"), "c") == ""
    assert parts(odd, "a") == ()


def test_what_is_there_is_found():
    data = {"user": {"id": "U1"}, "files": [{"id": "F1"}, "odd"], "size": 7}

    assert words(part(data, "user"), "id") == "U1"
    assert parts(data, "files") == ({"id": "F1"},)
    assert words(data, "size") == "7"
