from zoneinfo import ZoneInfo

import pytest

from jobs.standing import Word, already, elsewhere
from memory.records.action import State
from memory.records.decision import Decision, Verb
from memory.records.receipt import Receipt
from tests.doubles.builders import NOW, Desk
from tests.house.words import assert_plain

LISBON = ZoneInfo("Europe/Lisbon")


@pytest.mark.parametrize("state", [one for one in State if one not in (State.PROPOSED,)])
async def test_every_state_is_said_in_plain_words(desk: Desk, state: State):
    action = await desk.action(await desk.propose())
    late = action.model_copy(
        update={
            "state": state,
            "approved_by": "telegram 111",
            "approved_at": NOW,
            "receipt": Receipt(outcome="sent", at=NOW),
        }
    )

    said = already(late, LISBON)

    assert said.endswith(".")
    assert_plain(said)


async def test_an_approval_names_its_time_and_its_door(desk: Desk):
    action = await desk.action(await desk.propose())
    approved = action.model_copy(
        update={"state": State.HELD, "approved_by": "telegram 111", "approved_at": NOW}
    )

    assert already(approved, LISBON) == "Already approved 09:00 on Telegram."


LATE = Decision(notice="note_1", verb=Verb.APPROVE, door="slack", actor="U111")


def test_a_late_press_at_another_door_is_told_who_decided_when_and_where():
    word = Word(verb=Verb.REJECT, door="telegram", at=NOW)

    said = elsewhere("You already said no to this one.", word, LATE, LISBON)

    assert said == "You already said no to this one. You said no 09:00 on Telegram."


@pytest.mark.parametrize(
    ("door", "said"),
    [
        ("slack", "Already done at 09:01."),
        ("telegram", "Already approved 09:00 on Telegram."),
    ],
    ids=["the same door", "named already"],
)
def test_nothing_is_said_twice(door: str, said: str):
    word = Word(verb=Verb.APPROVE, door=door, at=NOW)

    assert elsewhere(said, word, LATE, LISBON) == said


@pytest.mark.parametrize(
    ("door", "where"), [("local", "on the page"), ("script", "by script"), ("slack", "on Slack")]
)
async def test_a_door_is_called_as_its_owner_calls_it(desk: Desk, door: str, where: str):
    action = await desk.action(await desk.propose())
    approved = action.model_copy(
        update={"state": State.HELD, "approved_by": f"{door} x", "approved_at": NOW}
    )

    assert already(approved, LISBON) == f"Already approved 09:00 {where}."
