"""A day whose money for models is spent: one warning, one card with buttons that work, no loss."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from agents.ladder import Ladder
from memory import spending, tables
from memory.config import Budget, Models
from memory.ledger import entries
from memory.records.notice import Shown
from tests.agents.test_ladder import HARD, a_model, reads
from tests.doubles.builders import Desk, a_config, a_desk, a_source
from tests.house.words import assert_plain

A_DAY = timedelta(days=1)
MORE, SIMPLE, TOMORROW = 0, 1, 2
SMALL_MICRO, LARGE_MICRO = 2_000, 110_000
"""What a call costs with the prices below and the tokens that the double claims."""


@asynccontextmanager
async def a_day(
    folder: Path, *, per_day: str = "0.50", sure: float = 0.62, **limits: str
) -> AsyncGenerator[Desk]:
    """A desk with a small model that is not sure, and a large one that is."""
    config = a_config(
        models=Models(small_price="1 / 10", large_price="100 / 100"),
        budget=Budget.model_validate(
            {"per_day": per_day, "per_agent_per_day": "9", "per_customer_per_day": "9", **limits}
        ),
    )
    small = a_model(*[reads(confidence=sure)] * 99)
    large = a_model(*[reads()] * 99)
    async with a_desk(folder, config, ladder=Ladder(config, small=small, large=large)) as desk:
        yield desk


async def hear(desk: Desk, count: int = 1) -> None:
    for number in range(count):
        await desk.hear(a_source(f"{HARD} {number}"))


async def cards(desk: Desk) -> list[Shown]:
    return [one for one in await desk.cards() if one.notice.question is not None]


async def unsettled(desk: Desk) -> int:
    return sum(row.settled_at is None for row in await desk.rows(tables.source))


async def spent_micro(desk: Desk) -> int:
    return sum(row.settled_micro for row in await desk.rows(tables.budget))


async def test_a_day_without_hard_words_costs_nothing(tmp_path: Path):
    async with a_day(tmp_path) as desk:
        await desk.hear("note: thicker paper")

        assert await desk.rows(tables.budget) == []


async def test_four_fifths_of_a_day_are_told_once_and_silently(tmp_path: Path):
    async with a_day(tmp_path, per_day="1.00") as desk:
        await hear(desk, 7)
        before = [one for one in await desk.texts() if "have used" in one]
        await hear(desk, 2)
        told = [one.notice for one in await desk.cards() if "have used" in one.notice.text]

    assert before == []
    assert [(one.text, one.rings) for one in told] == [
        (
            "Models have used 0.90 of today's 1.00 USD. Once it is spent, I ask you before I go "
            "on.",
            False,
        )
    ]


async def test_the_call_that_could_go_over_is_not_made_and_one_card_asks(tmp_path: Path):
    async with a_day(tmp_path) as desk:
        await hear(desk, 4)
        spent = await spent_micro(desk)
        (card,) = await cards(desk)

        assert spent <= 500_000
        assert card.notice.text == (
            "Today's 0.50 USD for the large model is spent. 1 message is kept, not worked on yet."
        )
        assert card.notice.question is not None
        labels = [one.label for one in card.notice.question.choices]
        assert labels == ["0.25 more today", "Simple drafts", "Tomorrow"]
        assert_plain(card.notice.text)
        assert await unsettled(desk) == 1

        await hear(desk, 1)
        (card,) = await cards(desk)
        assert "2 messages are kept" in card.notice.text


async def test_more_today_lets_what_waits_go_on(tmp_path: Path):
    async with a_day(tmp_path) as desk:
        await hear(desk, 4)
        (card,) = await cards(desk)
        outcome = await desk.press(card, "choose", choice=MORE)
        await desk.think()

        assert outcome.text == "0.25 USD more for today. I go on with 1 message."
        assert await unsettled(desk) == 0
        assert (await cards(desk))[0].notice.answered == "0.25 more today"
        assert await spent_micro(desk) <= 750_000
        again = await desk.press(card, "choose", choice=MORE)
        assert (again.accepted, again.text) == (False, "That question is answered already.")


async def test_when_more_is_spent_too_the_owner_is_asked_again(tmp_path: Path):
    async with a_day(tmp_path) as desk:
        await hear(desk, 4)
        await desk.press((await cards(desk))[0], "choose", choice=MORE)
        await desk.think()
        await hear(desk, 3)

        texts = [one.notice.text for one in await cards(desk)]
        assert [text.split(". ")[0] for text in texts] == [
            "Today's 0.50 USD for the large model is spent",
            "Today's 0.75 USD for the large model is spent",
        ]


async def test_simple_drafts_go_by_the_small_model_for_the_rest_of_the_day(tmp_path: Path):
    async with a_day(tmp_path) as desk:
        await hear(desk, 4)
        await desk.press((await cards(desk))[0], "choose", choice=SIMPLE)
        await desk.think()
        await hear(desk, 2)

        assert await unsettled(desk) == 0
        assert len(await cards(desk)) == 1
        assert len(await desk.records("note")) == 6


async def test_tomorrow_waits_for_tomorrow_and_then_goes_on_by_itself(tmp_path: Path):
    async with a_day(tmp_path) as desk:
        await hear(desk, 4)
        outcome = await desk.press((await cards(desk))[0], "choose", choice=TOMORROW)
        await hear(desk, 1)
        kept = [one for one in await desk.texts() if one.startswith("Kept. Today's money")]

        assert outcome.accepted
        assert len(kept) == 1
        assert await unsettled(desk) == 2
        await desk.pass_time(A_DAY)
        await desk.think()
        assert await unsettled(desk) == 0


async def test_a_card_of_yesterday_asks_nothing_and_gives_no_money(tmp_path: Path):
    async with a_day(tmp_path) as desk:
        await hear(desk, 4)
        (card,) = await cards(desk)
        await desk.pass_time(A_DAY)
        outcome = await desk.press(card, "choose", choice=MORE)

        assert not outcome.accepted
        assert await desk.rows(tables.allowance) == []


async def test_a_card_that_nobody_answered_closes_with_its_day(tmp_path: Path):
    async with a_day(tmp_path) as desk:
        await hear(desk, 4)
        await desk.pass_time(A_DAY)
        await desk.look()

        assert [one.notice.answered for one in await cards(desk)] == ["That day is over"]


async def test_what_no_day_could_pay_for_is_asked_about_at_once(tmp_path: Path):
    async with a_day(tmp_path, per_day="0.01") as desk:
        await hear(desk, 1)

        assert await unsettled(desk) == 0
        (card,) = await cards(desk)
        assert "is spent" not in card.notice.text


async def test_each_limit_is_called_by_its_name(tmp_path: Path):
    async with a_day(tmp_path / "a", per_day="9", per_agent_per_day="0.30") as desk:
        await hear(desk, 2)
        (of_agent,) = await cards(desk)

    assert of_agent.notice.text.startswith(
        "Today's 0.30 USD for reading with the large model is spent."
    )


async def test_the_words_of_cost_add_up_to_the_ledger_to_the_cent(tmp_path: Path):
    async with a_day(tmp_path) as desk:
        await hear(desk, 2)
        async with desk.company.store.read() as connection:
            found = await spending.today(connection, desk.company.config, desk.now)
            ledger = [
                one.detail["micro"]
                for one in await entries(connection)
                if one.event == "money_settled"
            ]
            assert await desk.company.ledger.faults(connection) == ()

    assert found.total_micro == sum(int(one or 0) for one in ledger)
    for parts in (found.by_action, found.by_agent, found.by_customer):
        assert sum(parts.values()) == found.total_micro


async def test_a_run_costs_what_its_calls_cost_also_those_before_it_waited(tmp_path: Path):
    async with a_day(tmp_path) as desk:
        await hear(desk, 4)
        await desk.press((await cards(desk))[0], "choose", choice=MORE)
        await desk.think()
        runs = await desk.rows(tables.run)

        assert sum(row.cost_micro for row in runs) == await spent_micro(desk)


def test_amounts_of_the_story_are_what_the_prices_say():
    assert SMALL_MICRO == 1000 * 1 + 100 * 10
    assert LARGE_MICRO == 1000 * 100 + 100 * 100
