"""A code means one button, is never a word, and cannot be misread."""

import pytest

from bot.codes import TOO_LONG, WRONG, code_in, code_of
from tests.house.words import assert_plain


def test_a_button_has_always_the_same_code_and_another_at_the_next_try():
    assert code_of("token") == code_of("token")
    assert code_of("token") != code_of("token", 1)
    assert code_of("token") != code_of("other")


def test_every_code_is_read_as_one_however_it_is_typed():
    for number in range(200):
        code = code_of(f"token {number}")
        assert code_in(code) == code_in(f' "{code.lower()}". ') == code
        assert not set(code) & set("01ILOU")


@pytest.mark.parametrize("text", ["stop", "help", "K7M", "K7M2Q", "k7 m2", "2026", "okay", ""])
def test_words_and_numbers_are_no_codes(text: str):
    assert code_in(text) is None


def test_what_is_said_about_codes_is_plain():
    assert_plain(TOO_LONG)
    assert_plain(WRONG)
