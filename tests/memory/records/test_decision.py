"""Decision: one press or typed decision."""

import pytest
from pydantic import ValidationError

from memory.records.decision import Decision, Outcome, Verb


def test_a_press_names_its_notice_verb_door_and_person():
    press = Decision(notice="not_1", verb=Verb("approve"), door="telegram", actor="111")

    assert (press.revision, press.digest, press.text, press.choice) == (None, None, "", None)


def test_a_verb_that_nobody_knows_is_refused():
    with pytest.raises(ValidationError):
        Decision.model_validate({"notice": "n", "verb": "launch", "door": "x", "actor": "y"})


def test_an_outcome_says_what_became_of_it():
    assert Outcome(accepted=False, text="It waits.").state is None
