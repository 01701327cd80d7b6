"""What every guard promises: an opinion within its contract, whatever it is shown."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.guard import Case, Guard, guards, review
from jobs.judging import judged
from memory.labels import Label
from memory.recall import View
from memory.records.calendar_add import CalendarAdd
from memory.records.file_records import FileRecords
from memory.records.kinds import kept_kinds
from memory.records.mail_send import Address, MailSend
from memory.records.verdict import Level, strictest
from tests.doubles.builders import NOW, Desk, a_desk, a_mail_to

ALL = pytest.mark.parametrize("guard", guards(), ids=lambda guard: guard.name)
EFFECTS = st.one_of(
    st.builds(
        MailSend,
        to=st.lists(
            st.builds(
                Address,
                email=st.from_regex(r"\A[^@\s<>,;]{1,12}@[^@\s<>,;]{1,12}\Z"),
                name=st.none() | st.text(max_size=20),
                label=st.sampled_from(Label),
                known=st.booleans(),
            ),
            min_size=1,
            max_size=8,
        ).map(tuple),
        subject=st.text(max_size=30),
        body=st.text(max_size=60),
    ),
    st.just(FileRecords(changes=())),
    st.just(CalendarAdd(what="Lunch", start=NOW, end=NOW, zone="UTC", entry="e")),
)


@pytest.fixture
async def desk(tmp_path: Path):
    async with a_desk(tmp_path) as one:
        yield one


@ALL
def test_it_says_who_it_is_and_what_it_reads(guard: Guard):
    assert guard.name.isidentifier()
    assert set(guard.reads) <= set(kept_kinds())


@ALL
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(effect=EFFECTS, cost_micro=st.integers(0, 10**9))
async def test_it_answers_within_its_contract(guard: Guard, desk: Desk, effect, cost_micro: int):
    async with desk.company.store.read() as connection:
        case = Case(
            effect=effect,
            agent="replies@1",
            cost_micro=cost_micro,
            phase="propose",
            now=NOW,
            config=desk.company.config,
            memory=View(connection, guard.reads),
        )
        said = await guard.judge(case)

    if said is not None:
        level, reason = said
        assert level in Level
        assert reason
        assert not reason.endswith(".")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(effect=EFFECTS)
async def test_no_mail_leaves_without_the_owners_word(desk: Desk, effect):
    async with desk.company.store.read() as connection:
        verdicts = await judged(
            connection, desk.company, effect, agent="a@1", cost_micro=0, phase="propose"
        )

    if effect.external:
        assert strictest(verdicts).level is not Level.ALLOW


async def test_a_guard_that_crashes_asks(desk: Desk):
    class NoMail(MailSend):
        @property
        def external(self) -> bool:
            raise RuntimeError("broken")

    effect = NoMail.model_validate(a_mail_to().model_dump())
    async with desk.company.store.read() as connection:
        case = Case(effect, "a@1", 0, "propose", NOW, desk.company.config, View(connection, ()))
        verdicts = await review(case)

    said = {one.guard: one for one in verdicts}
    assert said["trust_labels"].level is Level.ASK
    assert said["trust_labels"].reason == "this check could not be made"
