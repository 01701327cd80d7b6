"""Action: one revision of one effect, whole after the trip through JSON."""

import pytest
from pydantic import ValidationError

from memory.records.action import Action, State
from memory.records.mail_send import MailSend
from tests.memory.records.given import a_mail, an_action


def test_an_action_has_the_kind_of_its_effect():
    assert an_action(a_mail()).kind == "mail.send"


def test_an_action_comes_back_from_json_with_its_very_effect():
    action = an_action(a_mail())

    back = Action.model_validate_json(action.model_dump_json())

    assert back == action
    assert isinstance(back.effect, MailSend)


def test_an_effect_of_no_known_kind_is_refused():
    plain = an_action(a_mail()).model_dump(mode="json")

    with pytest.raises(ValidationError):
        Action.model_validate({**plain, "effect": {"kind": "rocket.launch"}})


def test_every_state_has_a_name_of_its_own():
    assert len({state.value for state in State}) == 19
