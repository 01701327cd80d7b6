import itertools
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from jobs import claims, throttle
from memory import tables
from memory.config import Config, Policy
from memory.records.action import Action, State
from memory.records.decision import Verb
from tests.doubles.builders import Desk, a_config, a_desk, a_mail_to, an_account, mails_to
from tests.doubles.smtp import Smtp

LIMITS = Policy(
    quiet_hours="", per_hour=3, per_day=4, recipient_per_hour=1, recipient_per_day=2, pace_s=5
)


@pytest.fixture
async def bounded(tmp_path: Path, witness: Smtp) -> AsyncIterator[Desk]:
    config: Config = a_config(smtp=an_account(witness.port)).model_copy(update={"policy": LIMITS})
    async with a_desk(tmp_path / "bounded", config) as one:
        yield one


async def sends(desk: Desk, number: int, **fields: Any) -> Action:
    action = await desk.approved(a_mail_to(f"person{number}@x.example", **fields))
    await desk.act()
    return await desk.action(action)


async def test_what_is_over_the_hour_waits_and_its_card_says_until_when(
    bounded: Desk, witness: Smtp
):
    for number in range(3):
        await sends(bounded, number)

    over = await sends(bounded, 4)

    assert (over.state, len(witness.sent)) == (State.HELD, 3)
    assert over.trouble.startswith("3 have left within an hour, which is your limit.")
    assert over.trouble.endswith("10:00.")
    await bounded.carry_on(timedelta(minutes=59))
    assert len(witness.sent) == 3
    await bounded.carry_on(timedelta(minutes=2))
    assert (await bounded.state(over), len(witness.sent)) == (State.DONE, 4)
    assert (await bounded.action(over)).trouble == ""


async def test_a_day_has_its_limit_too(bounded: Desk, witness: Smtp):
    for number in range(3):
        await sends(bounded, number)
    await bounded.pass_time(timedelta(hours=2))
    await sends(bounded, 3)

    over = await sends(bounded, 4)

    assert (over.state, len(witness.sent)) == (State.HELD, 4)
    assert "within a day" in over.trouble
    assert over.due_at is not None
    assert timedelta(hours=21) < over.due_at - bounded.now < timedelta(hours=22, minutes=1)


async def test_one_person_gets_only_so_many(bounded: Desk, witness: Smtp):
    await sends(bounded, 1)
    again = await sends(bounded, 1, subject="Another one")

    assert (again.state, len(witness.sent)) == (State.HELD, 1)
    assert "1 has left to person1@x.example within an hour" in again.trouble


async def test_the_marker_itself_refuses_what_is_over_a_limit(bounded: Desk):
    action = await bounded.approved(a_mail_to("person9@x.example"))

    async def claim(connection):
        return await claims.claim_action(
            connection, bounded.company, action.id, 1, bounded.here.worker
        )

    claimed = await bounded.company.store.write(claim)
    assert claimed is not None
    for number in range(3):
        await sends(bounded, number)

    async def mark(connection):
        return await claims.mark(connection, bounded.company, claimed)

    with pytest.raises(throttle.Throttled, match="your limit"):
        await bounded.company.store.write(mark)


async def test_trying_again_is_not_one_more(bounded: Desk, witness: Smtp):
    witness.rules.refuse = {"*": 451}
    action = await bounded.approved(a_mail_to("person1@x.example"))
    for _ in range(4):
        await bounded.act()
        await bounded.carry_on(timedelta(seconds=40))
    witness.rules.refuse = None
    await bounded.carry_on(timedelta(minutes=2))

    assert await bounded.state(action) is State.DONE
    assert len(await bounded.rows(tables.departure)) == 1


async def test_without_an_account_nothing_is_limited(bounded: Desk):
    for number in range(5):
        action = await sends(bounded, number, from_address="")
        assert action.state is State.DONE


async def test_after_a_jump_of_the_clock_they_still_leave_one_after_the_other(
    mailing: Desk, witness: Smtp
):
    card = await mailing.propose(mails_to(4))
    await mailing.press(card, Verb.APPROVE)
    await mailing.pass_time(timedelta(minutes=10))
    await mailing.look()

    counts: list[int] = []
    for _ in range(8):
        await mailing.carry_on(timedelta(seconds=2.5))
        counts.append(len(witness.sent))

    assert counts[0] == 1
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(counts))
    assert counts[1] == 1
    assert counts[-1] == 4
