"""Every wrong input has one sentence and one next step, in plain words."""

import pytest

from bot.wrong_inputs import EMPTY, SHAPE, TABLE, wrong
from memory.reach import Obstacle
from tests.house.words import assert_plain

FACTS = {
    "host": "smtp.gmx.net",
    "port": "587",
    "name": "dana@gmx.net",
    "user": "dana@gmx.net",
    "domain": "gmx.net",
    "help": "Make an app password in your account.",
}


@pytest.mark.parametrize(("tried", "why"), TABLE, ids=" ".join)
def test_a_wrong_input_gets_one_plain_sentence_and_one_next_step(tried: str, why: str):
    told = wrong(tried, why, **FACTS)

    for text in (told.sentence, told.step):
        assert_plain(text)
        assert len(text) <= 100
    assert told.field
    assert told.step.endswith(".")
    assert "None" not in told.sentence


def test_what_nothing_is_known_about_leaves_no_gap():
    told = wrong("smtp", Obstacle.PASSWORD, host="smtp.gmx.net")

    assert told.sentence == "smtp.gmx.net refused this password."
    assert told.step == "Usually it wants an app password, made in your mail account's settings."


@pytest.mark.parametrize("tried", ["smtp", "imap"])
def test_a_server_that_cannot_be_had_may_be_this_computers_own_trouble(tried: str):
    told = wrong(tried, Obstacle.GONE, host="mail.gmx.net")

    assert told.sentence == "I get no useful answer from mail.gmx.net just now."
    assert told.step.startswith("Check that this computer is online.")


@pytest.mark.parametrize("tried", ["telegram", "slack", "smtp", "imap", "model"])
def test_whatever_keeps_us_from_a_server_has_its_words(tried: str):
    everywhere = {
        *(Obstacle.NAME, Obstacle.CLOSED, Obstacle.SILENT, Obstacle.CERTIFICATE),
        *(Obstacle.PLAIN, Obstacle.STRANGE, Obstacle.GONE),
    }

    assert {why for one, why in TABLE if one == tried} >= everywhere


def test_a_form_that_is_left_empty_or_misspelt_has_its_words():
    for tried in ("telegram", "slack_bot", "slack_app", "address", "smtp_host", "base_url"):
        assert (tried, EMPTY) in TABLE
        assert (tried, SHAPE) in TABLE
