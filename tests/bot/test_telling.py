"""What a press that only asks is told."""

from dataclasses import dataclass

import pytest

from bot.telling import only_asks, told
from memory.company import Company
from memory.config import Config
from memory.errors import Refused
from memory.records.action import State
from memory.records.decision import Decision, Verb
from memory.records.notice import Notice, Shown
from tests.bot.house import a_house
from tests.bot.test_cards import LUNCH, NOW, an_action
from tests.house.words import assert_plain


@dataclass
class Asking:
    """An owner who asks about cards of one company."""

    company: Company

    async def about(self, verb: Verb, action=None) -> str:
        notice = Notice(id="note_1", kind="card", text="", created_at=NOW)
        text = await told(self.company, Shown(notice=notice, action=action, latest=1), verb)
        assert_plain(text)
        return text


@pytest.fixture
async def asking(data):
    async with a_house(data, Config()) as house:
        yield Asking(house.company)


async def test_copy_gives_the_text_alone(asking):
    assert await asking.about(Verb.COPY, an_action()) == (
        "Hi Marta, thank you for writing. A one-page site is 1,200 EUR. Dana"
    )


async def test_copy_of_what_has_no_text_names_it(asking):
    assert await asking.about(Verb.COPY, an_action(LUNCH)) == "Calendar: Lunch with Anna"


async def test_show_gives_all_that_will_be_used(asking):
    assert await asking.about(Verb.SHOW, an_action(hint="left from an earlier try")) == (
        "Marta Silva <marta@bluefincafe.example>\n"
        "New: first mail to this address\n"
        "Re: Landing page for our spring menu\n"
        '"Hi Marta, thank you for writing. A one-page site is 1,200 EUR. Dana"'
    )


async def test_how_to_fix_gives_the_way_out(asking):
    waiting = an_action(state=State.RETRY_WAIT, trouble="Refused.", hint="Put in the new password.")

    assert await asking.about(Verb.SHOW, waiting) == "Put in the new password."


async def test_where_no_way_out_is_known_that_is_said(asking):
    assert await asking.about(Verb.SHOW, an_action(state=State.FAILED)) == (
        "I know no better step than to try again, or to copy the text and send it."
    )


async def test_connect_says_where_the_account_goes(asking):
    assert await asking.about(Verb.CONNECT) == (
        "On the computer where I run, type steward link and open what it prints. Mail is under "
        "Menu, then Settings; I try the account there before I keep it."
    )


async def test_a_plain_line_has_nothing_more_to_tell(asking):
    with pytest.raises(Refused):
        await asking.about(Verb.SHOW)


@pytest.mark.parametrize(
    ("verb", "choice", "asks"),
    [
        (Verb.WHY, None, True),
        (Verb.UNDO_ONE, None, True),
        (Verb.UNDO_ONE, 0, False),
        (Verb.APPROVE, None, False),
    ],
)
def test_a_press_that_only_asks_decides_nothing(verb: Verb, choice: int | None, asks: bool):
    decision = Decision(notice="note_1", verb=verb, door="chat", actor="111", choice=choice)

    assert only_asks(decision) is asks


async def test_show_names_everything_that_a_stop_holds(data):
    async with a_house(data, Config()) as house:
        notice = await house.put_card()
        await house.outbox.decide(
            Decision(notice=notice, verb=Verb.APPROVE, door="local", actor="owner")
        )
        held = await house.outbox.shown(await house.outbox.stop("local owner"))

        text = await told(house.company, held, Verb.SHOW)

    assert text == "Not sent yet (1):\n- Marta Silva <marta@bluefincafe.example>"
    assert_plain(text)
