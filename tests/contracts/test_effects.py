"""What every effect promises: it describes itself, survives being stored, and can be answered."""

import json
from datetime import UTC, timedelta

import pytest

from jobs.actions import binding
from memory.errors import Refused
from memory.records.calendar_add import CalendarAdd
from memory.records.change import Change
from memory.records.effect import Effect, Line, Reversal
from memory.records.file_records import FileRecords
from memory.records.kinds import effect_kinds, effect_of
from memory.records.note import Note
from memory.records.receipt import Receipt
from tests.doubles.builders import NOW, a_mail_to, mails_to

EXAMPLES: dict[str, Effect] = {
    "mail.send": a_mail_to(
        in_reply_to="<1@x>", references=("<0@x>",), left_open=("Do you do logos?",), answers=True
    ),
    "mail.many": mails_to(3),
    "calendar.add": CalendarAdd(
        what="Lunch with Anna",
        start=NOW,
        end=NOW + timedelta(hours=1),
        zone="Europe/Lisbon",
        entry="event_1@steward",
    ),
    "file": FileRecords(changes=(Change.to(Note(text="thicker paper", origin="src_1")),)),
}
ALL = pytest.mark.parametrize("effect", EXAMPLES.values(), ids=EXAMPLES)
RECEIPT = Receipt(outcome="sent", at=NOW, message_id="<9@x>")


def test_every_kind_of_effect_has_an_example_here():
    assert set(EXAMPLES) == set(effect_kinds())


@ALL
def test_it_says_what_will_happen(effect: Effect):
    assert effect.facts()
    assert all(line.label and line.value for line in effect.facts())
    assert effect.preview()


@ALL
def test_it_says_what_trying_again_and_taking_back_mean(effect: Effect):
    assert effect.repeats() in ("A", "B", "C", "D")
    assert effect.reversal in Reversal
    assert effect.hold_s >= 0


@ALL
def test_it_can_be_answered_or_says_why_not(effect: Effect):
    if effect.irreversible:
        with pytest.raises(Refused):
            effect.undo(RECEIPT, UTC)
    else:
        assert effect.undo(RECEIPT, UTC).facts()


@ALL
def test_stored_and_read_again_it_is_the_same_and_binds_the_same(effect: Effect):
    again = effect_of(json.loads(effect.model_dump_json()))

    assert again == effect
    assert isinstance(again, Effect)
    assert binding(again, (), "key_1", NOW) == binding(effect, (), "key_1", NOW)


@ALL
def test_another_value_binds_something_else(effect: Effect):
    other = effect.model_copy(update={"hold_s": effect.hold_s + 1})

    assert binding(other, (), "key_1", NOW) != binding(effect, (), "key_1", NOW)
    assert binding(effect, (), "key_2", NOW) != binding(effect, (), "key_1", NOW)


def test_an_effect_that_nobody_can_take_back_is_not_even_defined():
    with pytest.raises(TypeError, match="needs undo"):

        class Shout(Effect):  # pyright: ignore[reportUnusedClass]
            kind: str = "shout"

            def facts(self) -> tuple[Line, ...]:
                return (Line(label="What", value="a shout"),)


def test_an_effect_that_says_why_it_is_final_may_be_defined():
    class Whisper(Effect):
        kind: str = "whisper"
        irreversible = "what was said was said"

    with pytest.raises(Refused, match="what was said was said"):
        Whisper().undo(RECEIPT, UTC)
