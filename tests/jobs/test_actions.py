from datetime import timedelta

from jobs.actions import Origin, binding
from memory import tables
from memory.records.action import State
from memory.records.decision import Verb
from memory.records.verdict import Level
from tests.doubles.builders import NOW, Desk, a_mail_to


async def test_the_strictest_guard_places_an_action(desk: Desk):
    levels = (Level.ALLOW, Level.ASK, Level.CONFIRM, Level.REFUSE)

    states = [await desk.state(await desk.propose(level=level)) for level in levels]

    assert states == [State.HELD, State.AWAITING, State.AWAITING, State.REFUSED]


async def test_a_refusal_keeps_its_reason(desk: Desk):
    refused = await desk.action(await desk.propose(level=Level.REFUSE))

    assert refused.trouble == "first mail to her"


async def test_what_each_guard_said_is_kept(desk: Desk):
    await desk.propose()

    (verdict,) = await desk.rows(tables.verdict)
    assert (verdict.guard, verdict.level, verdict.phase) == ("recipients", "ask", "propose")


async def test_an_approval_lives_as_long_as_the_policy_says(desk: Desk):
    action = await desk.action(await desk.propose())

    assert action.expires_at is not None
    assert action.expires_at - action.created_at == timedelta(days=7)


async def test_a_new_revision_has_its_own_key_and_waits(desk: Desk):
    card = await desk.propose()
    first = await desk.action(card)

    await desk.press(card, Verb.EDIT, text="Other words.")

    second = await desk.action(card)
    assert (second.revision, second.state) == (2, State.AWAITING)
    assert second.key != first.key
    assert second.digest != first.digest


async def test_a_filing_is_done_at_once_with_a_receipt(desk: Desk):
    await desk.hear("note: thicker paper")

    filing = (await desk.cards())[-1].action
    assert filing is not None
    assert filing.state is State.DONE
    assert filing.receipt is not None
    assert filing.receipt.outcome == "filed"


def test_an_approval_binds_everything_that_will_happen():
    mail = a_mail_to()
    same = binding(mail, (), "key_1", NOW)
    others = [
        binding(a_mail_to("ann@x.example"), (), "key_1", NOW),
        binding(a_mail_to(subject="x"), (), "key_1", NOW),
        binding(a_mail_to(body="x"), (), "key_1", NOW),
        binding(a_mail_to(hold_s=5), (), "key_1", NOW),
        binding(a_mail_to(from_address="x@y.example"), (), "key_1", NOW),
        binding(mail, (), "key_2", NOW),
        binding(mail, (), "key_1", NOW + timedelta(seconds=1)),
        binding(mail, (), "key_1", None),
    ]

    assert binding(a_mail_to(), (), "key_1", NOW) == same
    assert len({same, *others}) == len(others) + 1


async def test_what_follows_from_an_action_has_its_origin(desk: Desk):
    action = await desk.action(await desk.propose())

    origin = Origin.of(action, compensates=action.id)

    assert (origin.source, origin.agent, origin.compensates) == (
        "src_sample",
        "replies@1",
        action.id,
    )
