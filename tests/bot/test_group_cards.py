from datetime import timedelta
from pathlib import Path

import pytest

from bot.adapter import Card
from bot.cards import render
from bot.group_cards import standing
from memory.records.action import Action, State
from memory.records.decision import Verb
from memory.records.notice import Shown
from memory.records.tally import Tally
from tests.doubles.builders import (
    NOW,
    Desk,
    a_config,
    a_desk,
    a_mail_to,
    an_account,
    mails_to,
)
from tests.doubles.smtp import Smtp
from tests.house.words import assert_plain

PACE = timedelta(seconds=5)


def an_action(state: State) -> Action:
    return Action(
        id="act_1", revision=1, source="src_1", run="run_1", agent="circulars@1",
        heading="Spring opening", effect=mails_to(12), then=(), rationale="", path="rules",
        cost_micro=0, state=state, version=1, digest="d", key="k", compensates=None,
        created_at=NOW, expires_at=None, hold_until=NOW, due_at=None, late_since=NOW,
        approved_by=None, approved_at=None, fence=0, attempts=0, trouble="", receipt=None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("state", "tally", "stopped", "said", "buttons"),
    [
        (
            State.HELD,
            Tally(total=12, waiting=12),
            False,
            "The first of 12 leaves at 09:00:00, one every 5 s.",
            ["Undo", "Show"],
        ),
        (
            State.READY,
            Tally(total=12, sent=3, waiting=9),
            False,
            "3 sent, 9 to go.",
            ["Stop", "Undo", "Show"],
        ),
        (
            State.READY,
            Tally(total=12, sent=3, waiting=8, leaving=1),
            False,
            "3 sent, 9 to go.",
            ["Stop", "Undo", "Show"],
        ),
        (
            State.READY,
            Tally(total=12, sent=3, waiting=8, leaving=1),
            True,
            "3 sent, 8 held, 1 leaving this very moment. Everything is stopped.",
            ["Resume", "Cancel 8", "Show"],
        ),
        (
            State.READY,
            Tally(total=12, waiting=12),
            True,
            "0 sent, 12 held. Everything is stopped.",
            ["Resume", "Cancel 12", "Show"],
        ),
        (
            State.DONE,
            Tally(total=12, sent=12, last_at=NOW),
            False,
            "12 sent 09:00.",
            ["Undo", "Show", "Why?"],
        ),
        (
            State.DONE,
            Tally(total=12, sent=3, cancelled=9, last_at=NOW),
            False,
            "3 sent, 9 cancelled. The last left at 09:00.",
            ["Undo", "Show", "Why?"],
        ),
        (
            State.READY,
            Tally(total=12, sent=3, waiting=9, trouble="60 have left within an hour."),
            False,
            "3 sent, 9 to go.\n60 have left within an hour.",
            ["Stop", "Try again", "Undo", "Show"],
        ),
        (
            State.CANCELLED,
            Tally(total=12, cancelled=12),
            False,
            "0 sent, 12 cancelled. Taken back. Nothing left.",
            ["Edit", "Send after all"],
        ),
        (
            State.AWAITING,
            Tally(total=12, sent=3, asking=9),
            False,
            "3 sent. 9 mails more should have left from 09:00 on. Nothing of that has.",
            ["Send now", "Don't send", "Show"],
        ),
    ],
)
def test_the_counts_are_exact_in_every_state(
    state: State, tally: Tally, stopped: bool, said: str, buttons: list[str]
):
    found = standing(an_action(state), tally, a_config().owner.zone, stopped=stopped)

    assert found is not None
    assert (found[0], [one.label for one in found[1]]) == (said, buttons)
    assert_plain(found[0])


def test_before_the_yes_it_stands_like_any_other():
    fresh = an_action(State.AWAITING).model_copy(update={"late_since": None})

    assert standing(fresh, Tally(total=12), a_config().owner.zone, stopped=False) is None


def rendered(desk: Desk, shown: Shown) -> Card:
    return render(
        shown, zone=desk.company.zone, data=desk.company.data, stopped=desk.outbox.stopped()
    )


async def test_one_card_tells_it_from_the_first_to_the_last(tmp_path: Path):
    async with (
        Smtp(tmp_path / "witness") as witness,
        a_desk(tmp_path / "data", a_config(smtp=an_account(witness.port))) as desk,
    ):
        card = await desk.propose(mails_to(2))
        await desk.press(card, Verb.APPROVE)
        states: list[str] = []
        for _ in range(2):
            await desk.carry_on(PACE)
            states.append(rendered(desk, await desk.shown(card.notice.id)).state)

        assert states[0] == "1 sent, 1 to go."
        assert states[1].startswith("2 sent 09:0")
        assert len(await desk.cards()) == 1


async def test_without_an_account_it_says_that_nothing_left(tmp_path: Path):
    async with a_desk(tmp_path / "data") as desk:
        written = mails_to(1, mails=(a_mail_to(from_address=""),))
        card = await desk.propose(written)
        await desk.press(card, Verb.APPROVE)
        await desk.carry_on()

        shown = rendered(desk, await desk.shown(card.notice.id))

        assert shown.state.startswith("1 written, not sent 09:00. I have no mail account yet")
        assert [one.label for one in shown.buttons] == ["Connect mail", "Undo", "Show", "Why?"]
