"""What every specialist promises: one file in the folder, and it is held to this."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents import coordinator
from agents.ladder import rules
from agents.specialist import Specialist, Work, named, specialists, steps
from memory.recall import View
from memory.records.change import Version
from memory.records.effect import Effect
from memory.records.file_records import FileRecords
from memory.records.intent import Intent
from memory.records.kinds import effect_kinds, kept_kinds
from memory.records.proposal import Proposal
from tests.doubles.builders import Desk, a_desk, a_letter, a_rate, a_source, heard

ALL = pytest.mark.parametrize("one", specialists(), ids=lambda one: one.name)
TEXTS = st.text(max_size=200)
VOCABULARY = """
remind me task note lunch with Anna friday 1pm my hourly rate is 85 EUR what's on today thanks 1,200
by 3/4 tomorrow I'm Lena designer in Porto : , . ? -
"""
WORDS = st.lists(st.sampled_from(VOCABULARY.split()), max_size=14).map(" ".join)


@ALL
def test_it_says_who_it_is_and_what_it_is_for(one: Specialist):
    assert one.name.isidentifier()
    assert one.version
    assert one.handles
    assert one.takes
    assert one.examples
    assert one.instructions


@ALL
def test_it_says_what_it_cannot_do_yet(one: Specialist):
    assert one.cannot_yet.endswith(".")


@ALL
def test_it_lives_in_a_file_of_its_own_name(one: Specialist):
    folder = Path(coordinator.__file__).parent / "specialists"

    assert (folder / f"{one.name}.py").exists()


@ALL
def test_it_reads_and_writes_kinds_that_there_are(one: Specialist):
    assert set(one.reads) | set(one.writes) <= set(kept_kinds())


@ALL
def test_what_it_may_propose_is_an_effect_outside_own_records(one: Specialist):
    assert set(one.may_propose) <= set(effect_kinds().values()) - {FileRecords}
    assert all(issubclass(kind, Effect) for kind in one.may_propose)


@ALL
def test_the_slots_it_needs_are_of_kinds_it_takes(one: Specialist):
    assert set(one.needs) <= set(one.takes)


@ALL
def test_it_waits_for_somebody_who_is_there(one: Specialist):
    assert all(steps()[other] < steps()[one.name] for other in one.after)


def test_names_are_names_of_one():
    names = [one.name for one in specialists()]

    assert len(names) == len(set(names))


@ALL
@given(text=st.one_of(TEXTS, WORDS))
def test_no_text_can_break_its_recogniser(one: Specialist, text: str):
    found = one.recognise(heard(text)) if one.recognise else ()

    assert all(isinstance(intent, Intent) and intent.kind in takes_of(one) for intent in found)


@ALL
@given(text=TEXTS, subject=TEXTS)
def test_no_letter_can_break_its_recogniser(one: Specialist, text: str, subject: str):
    letter = a_letter(text, subject=subject)

    found = one.recognise(heard("", letter=letter)) if one.recognise else ()

    assert all(intent.kind.startswith("mail.") for intent in found)


def takes_of(one: Specialist) -> set[str]:
    """A recogniser may hear for colleagues: any kind that somebody takes."""
    return {kind for other in specialists() for kind in other.takes} if one.recognise else set()


@pytest.fixture
async def desk(tmp_path: Path):
    async with a_desk(tmp_path) as one:
        await one.keep(a_rate("landing page", "1200"), a_rate("hourly", "85", unit="hour"))
        yield one


async def prices(desk: Desk) -> tuple[Version, ...]:
    async with desk.company.store.read() as connection:
        return await View(connection, ("rate",)).every("rate")


async def run(desk: Desk, one: Specialist, example: str) -> Proposal | None:
    """What it makes of an example of its own; None when only a model could read it."""
    # an example that describes a mail stands for one
    letter = a_letter() if any(kind.startswith("mail.") for kind in one.takes) else None
    # one that corrects is answering a line about a price
    about = await prices(desk) if any(kind.startswith("record.") for kind in one.takes) else ()
    said = replace(heard(example, letter=letter), about=about[:1])
    intents = tuple(intent for intent in rules(said) if intent.kind in one.takes)
    if not intents and letter is not None:
        said = heard(example)
        letter = None
        intents = tuple(intent for intent in rules(said) if intent.kind in one.takes)
    if not intents or one.by_rule is None:
        return None
    async with desk.company.store.read() as connection:
        work = Work(
            intents=intents,
            source=a_source(example),
            letter=letter,
            now=said.now,
            config=desk.company.config,
            memory=View(connection, one.reads),
            about=said.about,
        )
        return await one.by_rule(work)


@ALL
async def test_it_keeps_to_its_contract_on_its_own_examples(one: Specialist, desk: Desk):
    worked = [await run(desk, one, example) for example in one.examples]

    proposals = [proposal for proposal in worked if proposal is not None]
    assert proposals, "no example of its own can be worked by rule"
    for proposal in proposals:
        assert coordinator.checked(one, proposal) is proposal
        assert len(proposal.rationale) <= 280


@ALL
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.one_of(TEXTS, WORDS))
async def test_no_text_that_it_recognises_breaks_its_work(one: Specialist, desk: Desk, text: str):
    proposal = await run(desk, one, text)

    assert proposal is None or coordinator.checked(one, proposal) is proposal


def test_a_proposal_outside_the_contract_is_caught():
    proposal = Proposal.model_validate(
        {
            "changes": [
                {"record": "note_1", "kind": "note", "key": "1", "title": "x", "data": None},
            ]
        }
    )

    with pytest.raises(PermissionError, match="answers may not write note"):
        coordinator.checked(named("answers"), proposal)
