"""What Steward says is in words that everyone knows."""

from pathlib import Path

import pytest

from tests.house.literals import texts_in
from tests.house.words import assert_plain, faults

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "text",
    [
        "Leaves at 10:42:30.  [Undo]",
        "Undo is free for 60 s, then I can only send a correction. Cost: nothing.",
        "Not sent. Northwind paid 2,400 EUR at 10:12, after I wrote this reminder.",
        "A mail from an unknown sender is ready to read. None of it is done.",
        "Your file price_list_2026.pdf is kept.",
    ],
)
def test_the_way_steward_speaks_is_plain(text: str):
    assert_plain(text)


@pytest.mark.parametrize(
    "text",
    [
        "Undo: R2",
        "Read by the small tier",
        "A guard said no",
        "2 effects are waiting",
        "The digest has changed",
        "Revision 3",
        "The lease is over",
        "State: UNKNOWN",
        "Cancelled act_k3j9",
        "Filed contact_abcdefghijklmnop",
        "Welcome!",
        "Hello {name}",
        "Due None",
    ],
)
def test_a_word_from_the_workshop_is_found(text: str):
    with pytest.raises(AssertionError, match="not plain"):
        assert_plain(text)


def test_someone_elses_words_are_theirs():
    assert_plain('She writes: "Our lease ends soon!"', quoted=["Our lease ends soon!"])


def test_all_faults_of_a_text_are_told_at_once():
    assert len(faults("The guard kept revision 2!")) == 3


def test_a_name_in_the_source_is_no_text(tmp_path: Path):
    module = tmp_path / "cards.py"
    module.write_text(
        '"""Docs about an effect."""\n'
        'SAYS = {"R0": "Undo is free."}\n'
        'def word(kind, row):\n    return row["digest"] if kind == "Effect" else "effect.kind"\n'
    )

    assert texts_in(module) == [(2, "Undo is free.")]


def test_every_text_in_the_source_of_the_cards_is_plain():
    sources = sorted((ROOT / "bot").glob("texts*.py")) + sorted((ROOT / "bot").glob("cards*.py"))
    found = [
        f"{source.name}:{line}: {fault}"
        for source in sources
        for line, text in texts_in(source)
        for fault in faults(text)
    ]

    assert found == []


def test_every_text_that_was_rendered_and_kept_is_plain():
    for kept in sorted((ROOT / "tests" / "data" / "rendered").glob("*.txt")):
        assert_plain(kept.read_text(encoding="utf-8"))
