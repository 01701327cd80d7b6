import pytest

from memory.wording.dates import GRAMMAR
from tests.memory.wording.said import one


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("by Friday", "by"),
        ("due Friday", "by"),
        ("no later than Friday", "by"),
        ("b4 Friday", "before"),
        ("until Friday", "until"),
        ("up to Friday", "until"),
        ("starting Friday", "from"),
        ("as of Friday", "from"),
        ("since Friday", "since"),
        ("after Friday", "after"),
        ("to Friday", "to"),
        ("on Friday", None),
        ("Friday", None),
    ],
)
def test_a_leading_word_says_which_side_of_the_day_is_meant(text: str, lead: str | None):
    assert one(text).lead == lead
    assert one(text).text == text


def test_words_that_no_rule_knows_cost_nothing():
    line = GRAMMAR.cut("thanks for the lovely flowers", None)  # pyright: ignore[reportArgumentType] no rule runs

    assert [token.word for token in line.tokens if token.keys] == ["for", "the"]
