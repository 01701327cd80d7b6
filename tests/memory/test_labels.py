"""Labels: what is computed deserves the least trust that went into it."""

import pytest

from memory.labels import Label, lowest, trusts


def test_labels_go_from_the_most_to_the_least_trusted():
    assert tuple(Label) == (
        Label.SYSTEM,
        Label.OWNER,
        Label.CONFIRMED,
        Label.KNOWN_SENDER,
        Label.EXTERNAL,
        Label.GUESS,
    )


@pytest.mark.parametrize(
    ("label", "floor", "enough"),
    [
        (Label.OWNER, Label.CONFIRMED, True),
        (Label.CONFIRMED, Label.CONFIRMED, True),
        (Label.EXTERNAL, Label.CONFIRMED, False),
        (Label.GUESS, Label.EXTERNAL, False),
    ],
)
def test_a_label_is_enough_from_its_floor_upwards(label: Label, floor: Label, enough: bool):
    assert trusts(label, floor) is enough


def test_one_stranger_makes_the_whole_a_strangers():
    assert lowest([Label.OWNER, Label.EXTERNAL, Label.SYSTEM]) is Label.EXTERNAL


def test_what_nobody_said_is_a_guess():
    assert lowest([]) is Label.GUESS
