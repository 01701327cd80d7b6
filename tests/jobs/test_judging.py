from jobs.judging import judged
from memory.records.verdict import Level, strictest
from tests.doubles.builders import Desk, a_mail_to


async def test_every_guard_with_an_opinion_is_heard(desk: Desk):
    async with desk.company.store.read() as connection:
        verdicts = await judged(
            connection, desk.company, a_mail_to(), agent="a@1", cost_micro=9_000_000,
            phase="execute",
        )  # fmt: skip

    assert {one.guard for one in verdicts} == {"budget", "recipients", "trust_labels"}
    assert strictest(verdicts).level is Level.ASK
