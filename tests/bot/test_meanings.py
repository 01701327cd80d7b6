"""What a typed word means without a reply."""

import pytest

from bot.meanings import choice as choice_of
from bot.meanings import of
from memory.config import Config
from memory.errors import Refused
from memory.records.action import State
from memory.records.decision import Verb
from tests.bot.house import House, a_house


@pytest.fixture
async def house(data):
    async with a_house(data, Config()) as house:
        yield house


async def meant(house: House, verb: Verb) -> list[str]:
    return [one.notice.id for one in await of(house.outbox, verb)]


@pytest.mark.parametrize("verb", [Verb.APPROVE, Verb.REJECT, Verb.TAKE])
async def test_a_decision_can_mean_every_card_that_waits_and_no_other(house, verb: Verb):
    first, over, second = [await house.put_card() for _ in range(3)]
    await house.force(over, State.REJECTED)

    assert await meant(house, verb) == [first, second]


async def test_undo_means_the_newest_thing_that_can_be_taken_back(house):
    older, newer, waiting = [await house.put_card() for _ in range(3)]
    await house.force(older, State.DONE)
    await house.force(newer, State.HELD)

    assert await meant(house, Verb.UNDO) == [newer]
    assert await meant(house, Verb.WHY) == [waiting]


@pytest.mark.parametrize("verb", [Verb.UNDO, Verb.RETRY, Verb.SEND, Verb.SENT])
async def test_where_nothing_fits_a_word_means_nothing(house, verb: Verb):
    await house.force(await house.put_card(), State.TAKEN)

    assert await meant(house, verb) == []


async def test_a_choice_is_bound_to_what_its_card_shows(house):
    shown = await house.outbox.shown(await house.put_card())

    choice = choice_of(shown, Verb.APPROVE)

    assert choice.label == "Reply to Marta Silva"
    assert choice.intent.slots["digest"] == shown.action.digest
    assert choice.intent.slots["revision"] == "1"


async def test_a_plain_line_is_no_choice(house):
    shown = await house.outbox.shown(await house.outbox.tell("Hello."))

    with pytest.raises(Refused):
        choice_of(shown, Verb.APPROVE)
