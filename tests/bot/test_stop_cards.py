from datetime import UTC, datetime

import pytest

from bot.adapter import Card
from bot.stop_cards import lay_out
from memory.records.notice import Notice, Shown
from memory.records.standstill import Standstill
from memory.records.tally import Tally
from tests.house.words import assert_plain

NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)


def a_line(tally: Tally, answered: str = "", *, stopped: bool = True) -> Card:
    notice = Notice(
        id="note_1",
        kind="stop",
        text="Stopped. Nothing leaves until you say resume.",
        answered=answered,
        created_at=NOW,
    )
    card = Card(notice="note_1", seq=1, says=notice.text, at=NOW)
    return lay_out(card, Shown(notice=notice, standstill=Standstill(tally=tally)), stopped=stopped)


@pytest.mark.parametrize(
    ("tally", "state", "buttons"),
    [
        (Tally(sent=3, waiting=9), "3 sent, 9 held.", ["Resume", "Cancel 9", "Show"]),
        (
            Tally(sent=3, waiting=8, leaving=1),
            "3 sent, 8 held, 1 leaving this very moment.",
            ["Resume", "Cancel 8", "Show"],
        ),
        (Tally(leaving=1), "1 leaving this very moment.", ["Resume", "Show"]),
        (Tally(), "Nothing was on its way.", ["Resume"]),
    ],
)
def test_it_says_what_is_held_and_what_can_be_done(tally: Tally, state: str, buttons: list[str]):
    card = a_line(tally)

    assert (card.state, [one.label for one in card.buttons]) == (state, buttons)
    assert_plain(card.text)


def test_after_cancelling_it_still_says_that_nothing_leaves():
    card = a_line(Tally(), "3 sent, 9 cancelled.")

    assert card.state == "3 sent, 9 cancelled. Everything is still stopped."
    assert [one.label for one in card.buttons] == ["Resume"]


@pytest.mark.parametrize(
    ("answered", "stopped"),
    [("Going on since 10:45.", False), ("Please look at the newer line below.", True)],
)
def test_a_line_that_was_overtaken_can_not_be_pressed(answered: str, stopped: bool):
    card = a_line(Tally(sent=3, waiting=9), answered, stopped=stopped)

    assert (card.state, card.buttons) == (answered, ())
