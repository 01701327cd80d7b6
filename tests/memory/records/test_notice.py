"""Notice: something to see, and what a door shows of it."""

import pytest
from pydantic import ValidationError

from memory.records.notice import Delivery, Notice, Shown
from memory.records.proposal import Question
from tests.memory.records.given import NINE


def test_a_line_is_silent_unless_it_must_ring():
    notice = Notice(id="not_1", kind="line", text="Filed.", created_at=NINE)

    assert (notice.rings, notice.answered, notice.action) == (False, "", None)


def test_a_question_comes_back_from_json_as_it_was():
    notice = Notice(
        id="not_1", kind="question", text="When?", question=Question(text="When?"), created_at=NINE
    )

    assert Notice.model_validate_json(notice.model_dump_json()) == notice


def test_there_are_three_kinds_of_notice():
    with pytest.raises(ValidationError):
        Notice.model_validate({"id": "n", "kind": "siren", "text": "", "created_at": NINE})


def test_what_was_never_shown_has_no_message():
    delivery = Delivery(
        notice="not_1", door="local", chat="page", message=None, shown="", attempts=0
    )
    shown = Shown(notice=Notice(id="not_1", kind="line", text="Filed.", created_at=NINE))

    assert delivery.message is None
    assert (shown.action, shown.latest, shown.outdone) == (None, 0, False)
