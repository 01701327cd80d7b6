"""A press is worth what its token was made for, and nothing else."""

import pytest

from bot.buttons import Buttons
from bot.cards import render
from memory.config import Config
from memory.errors import Refused
from memory.records.decision import Verb
from tests.bot.house import House, a_house

CHAT = "111"


@pytest.fixture
async def house(data):
    async with a_house(data, Config()) as house:
        await house.outbox.pair("chat", CHAT, CHAT)
        yield house


async def fitted(house: House, notice: str, *, message: str = "m1"):
    """A card with its tokens, shown as a message of the chat."""
    shown = await house.outbox.shown(notice)
    card = render(shown, zone=house.company.zone, data=house.company.data, stopped=False)
    made = await Buttons(house.outbox, "chat").fitted(card, shown, CHAT)
    (pairing,) = await house.outbox.pairings("chat")
    await house.outbox.delivered(shown.notice, pairing, message=message, shown="x")
    return made


async def redeem(
    house: House,
    token: str,
    *,
    door: str = "chat",
    chat: str = CHAT,
    message: str | None = "m1",
):
    return await Buttons(house.outbox, door).redeem(
        token, chat=chat, person=CHAT, message=message, native_id="press-1"
    )


async def test_a_token_stands_for_one_verb_on_one_text(house):
    card = await house.put_card()
    button = (await fitted(house, card)).buttons[0]

    decision = await redeem(house, button.token)

    shown = await house.outbox.shown(card)
    assert shown.action is not None
    assert decision.verb is Verb.APPROVE
    assert (decision.notice, decision.revision) == (card, 1)
    assert decision.digest == shown.action.digest


async def test_a_card_that_is_shown_again_keeps_its_tokens(house):
    card = await house.put_card()

    first, second = await fitted(house, card), await fitted(house, card)

    assert first.buttons == second.buttons
    assert len({one.token for one in first.buttons}) == len(first.buttons)


@pytest.mark.parametrize(
    "where",
    [{"door": "telegram"}, {"chat": "222"}, {"message": "m2"}],
    ids=["another door", "another chat", "another message"],
)
async def test_a_token_is_worth_nothing_elsewhere(house, where):
    token = (await fitted(house, await house.put_card())).buttons[0].token
    await fitted(house, await house.put_card(), message="m2")

    with pytest.raises(Refused):
        await redeem(house, token, **where)


async def test_a_made_up_token_is_not_ours(house):
    with pytest.raises(Refused, match="not mine"):
        await redeem(house, "approve")


async def test_a_door_without_messages_of_its_own_needs_none(house):
    token = (await fitted(house, await house.put_card())).buttons[0].token

    decision = await redeem(house, token, message=None)

    assert decision.verb is Verb.APPROVE
