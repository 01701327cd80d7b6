"""Run: one execution of one agent."""

from memory.records.proposal import Proposal
from memory.records.run import Run, RunState
from tests.memory.records.given import NINE


def test_a_run_comes_back_from_json_as_it_was():
    run = Run(
        id="run_1", source="src_1", agent="rates", version="1", step=1, state=RunState.DONE,
        fence=2, attempts=1, due_at=NINE, trigger="your message", intents="[]",
        output=Proposal(says="Kept."),
    )  # fmt: skip

    assert Run.model_validate_json(run.model_dump_json()) == run
