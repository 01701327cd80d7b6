from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from memory import parts
from memory.records.decision import Verb
from tests.doubles.builders import Desk, a_config, a_desk, a_mail_to, an_account, mails_to
from tests.doubles.smtp import Smtp


@pytest.fixture
async def witness(tmp_path: Path) -> AsyncIterator[Smtp]:
    async with Smtp(tmp_path / "witness") as one:
        yield one


@pytest.fixture
async def mailing(tmp_path: Path, witness: Smtp) -> AsyncIterator[Desk]:
    async with a_desk(tmp_path / "data", a_config(smtp=an_account(witness.port))) as one:
        yield one


async def told(mailing: Desk, whole=None) -> list[str]:
    async with mailing.company.store.read() as connection:
        return await parts.lines(connection, whole)


async def test_before_the_yes_it_says_what_would_leave(mailing: Desk):
    card = await mailing.propose(mails_to(2))

    assert "Reader 2 <reader2@readers.example>" in "\n".join(await told(mailing, card.action))


async def test_each_person_stands_under_what_became_of_their_mail(mailing: Desk, witness: Smtp):
    card = await mailing.propose(mails_to(3))
    await mailing.press(card, Verb.APPROVE)
    await mailing.carry_on()

    lines = await told(mailing, await mailing.action(card))

    assert lines == [
        "Sent (1):",
        "- Reader 1 <reader1@readers.example>",
        "Not sent yet (2):",
        "- Reader 2 <reader2@readers.example>",
        "- Reader 3 <reader3@readers.example>",
    ]
    assert len(witness.sent) == 1


async def test_everything_that_is_on_its_way_is_told_together(mailing: Desk):
    one = await mailing.propose(a_mail_to(hold_s=60))
    await mailing.press(one, Verb.APPROVE)
    many = await mailing.propose(mails_to(2, hold_s=60))
    await mailing.press(many, Verb.APPROVE)
    await mailing.pass_time(timedelta(seconds=1))

    lines = await told(mailing)

    assert lines[0] == "Not sent yet (3):"
    assert "- Marta Silva <marta@bluefincafe.example>" in lines


async def test_nothing_on_its_way_is_said(mailing: Desk):
    assert await told(mailing) == ["Nothing is on its way."]
