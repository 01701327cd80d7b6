"""Faults of a configuration: where the line to fix is."""

import pytest

from memory.faults import line_of, place, sentence

TEXT = """\
# [owner] is you
[owner]
name = "Dana"

[mail.smtp]
  host = "x"

[hooks."my shop"]
secret_file = "y"
"""


@pytest.mark.parametrize(
    ("where", "line"),
    [
        (("owner", "name"), 3),
        (("owner", "timezone"), 2),
        (("mail", "smtp", "host"), 6),
        (("mail", "smtp", "port"), 5),
        (("hooks", "my shop", "secret"), 9),
        (("models", "small"), None),
    ],
)
def test_a_setting_is_found_else_its_section(where: tuple[str, ...], line: int | None):
    assert line_of(TEXT, where) == line


def test_without_a_file_only_the_setting_is_named():
    assert place(None, "", ("mail", "smtp", "host")) == "[mail.smtp] host"


def test_an_unforeseen_fault_speaks_for_itself():
    error = {"type": "odd", "loc": ("a",), "msg": "Something is odd", "input": 1}

    assert sentence(error, ()) == "something is odd."  # pyright: ignore[reportArgumentType]
