import pytest

from agents.guard import Case
from agents.guards.budget import judge
from memory.recall import View
from memory.records.verdict import Level
from tests.doubles.builders import NOW, Desk, a_mail_to


@pytest.mark.parametrize(
    ("cost_micro", "answer"),
    [
        (0, None),
        (2_000_000, None),
        (2_000_001, (Level.ASK, "thinking about it cost 2.00 USD")),
        (3_500_000, (Level.ASK, "thinking about it cost 3.50 USD")),
    ],
    ids=["free", "just within a day's money", "just above", "far above"],
)
async def test_an_action_that_cost_more_than_a_day_asks(desk: Desk, cost_micro: int, answer):
    async with desk.company.store.read() as connection:
        view = View(connection, ())
        case = Case(a_mail_to(), "a@1", cost_micro, "propose", NOW, desk.company.config, view)

        assert await judge(case) == answer
