"""Forms on Slack: filled with what is there, and read back as they were sent."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from bot.slack_modals import Form, asks_first, filled, form_for, line, wrong
from memory.config import Config
from memory.records.decision import Verb
from memory.records.notice import Notice, Shown
from memory.records.proposal import Question
from tests.bot.house import House, a_house, a_mail
from tests.doubles.slack_blocks import fault_in, texts

FORM = Form(token="t" * 22, chat="D0111", message="1.1")


@pytest.fixture
async def house(data):
    async with a_house(data, Config()) as house:
        yield house


async def a_card(house: House, body: str) -> Shown:
    return await house.outbox.shown(await house.put_card(a_mail(body)))


def a_question(text: str) -> Shown:
    question = Question(text=text, asks="price", button="Type the price")
    notice = Notice(
        id="note_1",
        kind="question",
        text=text,
        question=question,
        created_at=datetime(2026, 3, 10, 9, tzinfo=UTC),
    )
    return Shown(notice=notice)


async def test_edit_begins_with_the_text_that_would_be_sent(house: House):
    view = form_for(Verb.EDIT, await a_card(house, "Hi Marta"), FORM)

    assert view is not None
    assert view["blocks"][0]["element"]["initial_value"] == "Hi Marta"
    assert fault_in(view["blocks"], "modal") == ""


async def test_a_text_that_no_form_holds_is_edited_in_the_thread(house: House):
    assert form_for(Verb.EDIT, await a_card(house, "x" * 3001), FORM) is None


@pytest.mark.parametrize("text", ["What does it cost?", "Which one? " * 400])
def test_a_question_stands_above_its_answer(text: str):
    view = form_for(Verb.EDIT, a_question(text), FORM)

    assert view is not None
    assert fault_in(view["blocks"], "modal") == ""
    assert "Type the price" in texts(view["blocks"])[-1]
    assert len(view["title"]["text"]) <= 24


def test_what_comes_back_is_what_was_typed_and_where():
    field = {"text": {"text": {"value": "1,300 EUR"}}}
    view = {"id": "V1", "private_metadata": FORM.model_dump_json(), "state": {"values": field}}

    back = filled(view)

    assert (back.form, back.view, back.text) == (FORM, "V1", "1,300 EUR")


@pytest.mark.parametrize("odd", ["", "{}", '{"token": 1}', "not json"])
def test_a_form_that_is_not_ours_is_refused(odd: str):
    with pytest.raises(ValidationError):
        filled({"id": "V1", "private_metadata": odd})


def test_only_what_wants_words_opens_a_form():
    assert [verb for verb in Verb if asks_first(verb)] == [Verb.EDIT]


def test_a_fault_keeps_the_form_open_and_a_sheet_says_one_thing():
    assert wrong("Too late.") == {"response_action": "errors", "errors": {"text": "Too late."}}
    assert texts(line("Already approved.")["blocks"]) == ("Already approved.",)
