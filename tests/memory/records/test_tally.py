import pytest

from memory.records.tally import Tally


@pytest.mark.parametrize(
    ("tally", "said"),
    [
        (Tally(total=12, sent=3, waiting=9), "3 sent, 9 held"),
        (
            Tally(total=12, sent=3, waiting=8, leaving=1),
            "3 sent, 8 held, 1 leaving this very moment",
        ),
        (Tally(total=12, sent=2, waiting=9, unsure=1), "2 sent, 9 held, 1 I can't tell yet"),
        (Tally(total=12, sent=3, cancelled=9), "3 sent, 9 cancelled"),
        (Tally(total=3, written=3), "3 written, not sent"),
        (Tally(total=3, sent=1, failed=2), "1 sent, 2 not sent"),
        (Tally(), ""),
    ],
)
def test_it_counts_in_words_and_leaves_nothing_out(tally: Tally, said: str):
    assert tally.text("held") == said


def test_what_has_not_come_to_an_end_is_open():
    tally = Tally(sent=1, leaving=1, waiting=2, asking=3, unsure=4, failed=5, cancelled=6)

    assert (tally.done, tally.open) == (1, 10)
