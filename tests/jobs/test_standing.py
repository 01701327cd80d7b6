from zoneinfo import ZoneInfo

import pytest

from jobs.standing import already
from memory.records.action import State
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
