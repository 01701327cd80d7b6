"""The first visit: three questions, each of which may be skipped."""

import pytest

from bot.adapter import Inbound
from bot.welcome import Welcome
from jobs import sources
from memory import revisions
from memory.config import Config, Owner
from memory.records.change import Change
from memory.records.decision import Decision, Verb
from memory.records.money import Money
from memory.records.rate import Rate
from tests.bot.house import House, a_house
from tests.house.words import assert_plain

DANA = Config(owner=Owner(name="Dana Reyes", currency="CHF"))


@pytest.fixture
async def house(tmp_path):
    async with a_house(tmp_path, DANA) as house:
        await house.outbox.pair("local", "owner", "page")
        yield house


async def hear(house: House, text: str, *, forwarded: bool = False) -> str:
    """The owner writes something; nobody has worked on it yet."""
    accepted = await house.intake.receive(
        Inbound(
            door="local",
            native_id=text,
            chat="page",
            person="owner",
            text=text,
            forwarded=forwarded,
        )
    )
    assert accepted is not None
    return accepted.source


async def settle(house: House, source: str) -> None:
    """A worker is done with a message."""

    async def work(connection) -> None:
        await sources.settle(connection, house.company, source, house.company.clock.now())

    await house.company.store.write(work)


async def skip(house: House) -> None:
    """Press [Skip] on the newest question."""
    newest = (await house.outbox.all_shown())[-1]
    outcome = await house.intake.press(
        Decision(notice=newest.notice.id, verb=Verb.SKIP, door="local", actor="owner")
    )
    assert outcome.accepted


async def test_the_first_visit_begins_with_a_question_in_the_owners_currency(house):
    await Welcome(house.company, house.outbox).begin("local")

    hello, question = await house.told()
    assert hello == "Hello Dana. Three questions and we can work."
    assert "landing page 1,200 CHF" in question


async def test_the_welcome_comes_once_in_a_companys_life(house):
    await Welcome(house.company, house.outbox).begin("local")
    await Welcome(house.company, house.outbox).begin("local")

    assert len(await house.told()) == 2


async def test_a_chat_paired_later_is_greeted_and_asked_nothing_twice(house):
    welcome = Welcome(house.company, house.outbox)
    await welcome.begin("local")

    await welcome.begin("telegram")
    await welcome.begin("telegram")

    hello = (await house.told())[-1]
    assert len(await house.told()) == 3
    assert hello == ("Hello Dana. This chat on Telegram is now yours alone; I answer nobody else.")


async def test_the_next_question_waits_until_the_answer_is_filed(house):
    welcome = Welcome(house.company, house.outbox)
    await welcome.begin("local")
    source = await hear(house, "landing page 1,200, hourly 85")

    await welcome.go_on()
    before = await house.told()
    await settle(house, source)
    await welcome.go_on()

    assert len(before) == 2
    assert (await house.told())[-1].startswith("Who are you?")


async def test_an_answered_question_shows_what_was_answered(house):
    welcome = Welcome(house.company, house.outbox)
    await welcome.begin("local")
    await settle(house, await hear(house, "hourly 85"))
    await welcome.go_on()

    question = (await house.outbox.all_shown())[1]

    assert question.notice.answered == "hourly 85"


async def test_skipping_every_question_ends_with_what_to_do_now(house):
    welcome = Welcome(house.company, house.outbox)
    await welcome.begin("local")
    for _ in range(3):
        await skip(house)
        await welcome.go_on()

    told = await house.told()
    assert len(told) == 5
    assert "Pass a mail on to me now" in told[-1]


async def test_after_the_last_word_nothing_more_is_asked(house):
    welcome = Welcome(house.company, house.outbox)
    await welcome.begin("local")
    for _ in range(3):
        await skip(house)
        await welcome.go_on()
    await settle(house, await hear(house, "hourly 85"))

    await welcome.go_on()
    await Welcome(house.company, house.outbox).go_on()

    assert len(await house.told()) == 5


@pytest.mark.parametrize("other", ["/today", "help"])
async def test_a_command_is_no_answer(house, other):
    welcome = Welcome(house.company, house.outbox)
    await welcome.begin("local")
    await hear(house, other)

    await welcome.go_on()

    assert not any(one.startswith("Who are you?") for one in await house.told())


async def test_a_passed_on_mail_is_no_answer(house):
    welcome = Welcome(house.company, house.outbox)
    await welcome.begin("local")
    await settle(house, await hear(house, "From: Marta\n\nHi Dana", forwarded=True))

    await welcome.go_on()

    assert len(await house.told()) == 2


async def test_a_restart_goes_on_where_it_was(house):
    await Welcome(house.company, house.outbox).begin("local")
    await skip(house)

    await Welcome(house.company, house.outbox).go_on()

    assert (await house.told())[-1].startswith("Who are you?")


async def test_a_company_with_prices_is_asked_nothing(house):
    rate = Change.to(Rate(what="hourly", price=Money.of(85, "EUR"), unit="hour"))

    async def work(connection) -> None:
        await revisions.apply(
            connection,
            house.company.ledger,
            (rate,),
            now=house.company.clock.now(),
            author="owner",
            action=None,
            sources=(),
        )

    await house.company.store.write(work)
    await Welcome(house.company, house.outbox).begin("local")

    assert await house.told() == ()


async def test_every_word_of_the_welcome_is_plain(house):
    welcome = Welcome(house.company, house.outbox)
    await welcome.begin("local")
    for _ in range(3):
        await skip(house)
        await welcome.go_on()

    for text in await house.told():
        assert_plain(text)


async def test_a_paired_phone_is_told_where_to_forward_mails(tmp_path):
    config = Config.model_validate({"mail": {"inbound": {"address": "dana-steward@x.example"}}})
    async with a_house(tmp_path, config) as house:
        await Welcome(house.company, house.outbox).begin("telegram")

        hello = (await house.told())[0]

    assert "You can also forward mails to dana-steward@x.example." in hello
