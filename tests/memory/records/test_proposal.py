"""Proposal: what one run suggests."""

import pytest
from pydantic import ValidationError

from memory.records.change import Change
from memory.records.intent import Intent
from memory.records.note import Note
from memory.records.proposal import Choice, Proposal, Question, Suggestion
from tests.memory.records.given import a_mail

WHOLE = Proposal(
    changes=(Change.to(Note(text="a", origin="b")),),
    suggestions=(Suggestion(effect=a_mail(), heading="Reply", rationale="She asks."),),
    says="Kept.",
    ask=Question(text="When?", choices=(Choice(label="Friday", intent=Intent(kind="say")),)),
)


def test_a_proposal_comes_back_from_json_as_it_was():
    assert Proposal.model_validate_json(WHOLE.model_dump_json()) == WHOLE


def test_an_empty_proposal_suggests_nothing():
    assert Proposal() == Proposal(changes=(), suggestions=(), says="", ask=None)


def test_a_reason_is_one_sentence():
    with pytest.raises(ValidationError):
        Suggestion(effect=a_mail(), heading="Reply", rationale="x" * 281)
