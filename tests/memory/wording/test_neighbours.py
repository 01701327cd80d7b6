import pytest

from tests.memory.wording.said import all_of, day


@pytest.mark.parametrize(
    "text",
    ["I sat down", "the sun is out", "a second look", "our 24th customer", "the 10th floor"],
)
def test_a_word_in_other_company_is_no_date(text: str):
    assert all_of(text) == ()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("groceries sat", "2026-03-14"),
        ("by sun", "2026-03-15"),
        ("the 20th is full", "2026-03-20"),
        ("the 20th, please", "2026-03-20"),
        ("says:30 April", "2026-04-30"),
    ],
)
def test_the_same_word_in_good_company_is_one(text: str, meant: str):
    assert day(text) == meant


@pytest.mark.parametrize(
    "text", ["INV-3 May", "1,200 May", "x2026-03-13", "2026-03-13x", "#3/4", "€3/4", "3/4%", "3/4/"]
)
def test_a_piece_of_a_longer_figure_is_no_date(text: str):
    assert all(found.text not in text.split() for found in all_of(text))
