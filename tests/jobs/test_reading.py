import json
from pathlib import Path

import pytest

from jobs.reading import batch, moment, single
from tests.doubles.builders import NOW, a_letter, a_mail_from

WHEN = "2026-03-10T09:00:00+00:00[Europe/Lisbon]"


def read(tmp_path: Path, **item: object) -> dict:
    (line,) = batch([json.dumps({"now": WHEN, **item})], tmp_path)
    return json.loads(line)


def test_a_message_becomes_intents_in_the_published_words(tmp_path: Path):
    found = read(tmp_path, id="m1", text="remind me Friday to call Marta")

    assert found["ask"] is None
    assert found["intents"][0]["intent"] == "reminder.set"
    assert found["intents"][0]["slots"] == {"what_contains": "Call Marta", "at": "2026-03-13"}


def test_what_nobody_understands_is_unknown_and_would_be_asked(tmp_path: Path):
    found = read(tmp_path, id="m1", text="printer friday")

    assert [one["intent"] for one in found["intents"]] == ["unknown"]
    assert found["ask"]


def test_a_pasted_letter_is_read_as_one(tmp_path: Path):
    text = "Hi, how much is a wedding shoot? Cheers, Bob <bob@x.example>"

    assert read(tmp_path, id="m1", text=text)["intents"][0]["intent"] == "mail.enquiry"


def test_a_mail_says_who_wants_what_by_when(tmp_path: Path):
    (tmp_path / "e1.eml").write_bytes(a_mail_from(a_letter()))

    found = read(tmp_path, id="e1", file="e1.eml")

    assert found["category"] == "quote_request"
    assert found["expect"]["from"]["email"] == "marta@bluefincafe.example"
    assert found["expect"]["tasks"] == [{"title": "Send quote", "due": "2026-03-13", "owner": "me"}]
    assert found["expect"]["money"] == [{"amount": "1500.00 EUR", "role": "budget"}]


@pytest.mark.parametrize("line", ["not json", "[]", '{"id": "m1"}', '{"id": "e1", "now": "x"}'])
def test_a_line_that_cannot_be_read_says_so_and_the_next_is_read(tmp_path: Path, line: str):
    good = json.dumps({"id": "m2", "text": "thanks", "now": WHEN})

    first, second = (json.loads(one) for one in batch([line, good], tmp_path))

    assert "error" in first
    assert second["id"] == "m2"


def test_empty_lines_are_passed_over(tmp_path: Path):
    assert list(batch(["", "  \n"], tmp_path)) == []


def test_a_single_mail_or_text_is_read_by_its_name():
    mail = json.loads(single(a_mail_from(a_letter()), "a.eml", NOW))
    text = json.loads(single(b"thanks", "-", NOW))

    assert mail["category"] == "quote_request"
    assert text["intents"][0]["intent"] == "chat.smalltalk"


def test_a_moment_carries_its_zone():
    assert str(moment(WHEN).tzinfo) == "Europe/Lisbon"
    assert moment("2026-03-10T09:00:00+00:00").utcoffset() is not None
