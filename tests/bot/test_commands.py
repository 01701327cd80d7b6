"""Words that are commands, and words that only look like one."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.commands import MENU, Command, command_in, pause_end, stops_first, verb_in
from memory.records.decision import Verb


@pytest.mark.parametrize("name", [name for name, _ in MENU])
def test_every_command_of_the_menu_is_known_with_a_slash(name: str):
    assert command_in(f"/{name}") == Command(name=name)


@pytest.mark.parametrize(
    "name", ["today", "waiting", "undo", "stop", "help", "more", "resume", "cost"]
)
def test_a_command_is_known_without_a_slash_too(name: str):
    assert command_in(name.capitalize() + ".") == Command(name=name)


def test_the_name_of_the_bot_behind_a_command_is_not_part_of_it():
    assert command_in("/find@StewardBot  Marta  Silva") == Command(name="find", rest="Marta Silva")


def test_an_unknown_slash_is_no_command():
    assert command_in("/frobnicate") is None


@pytest.mark.parametrize(
    "text", ["STOP", "stop!!", "Stop everything", "please stop", "/stop", "pause", "Halt."]
)
def test_stop_is_understood_however_it_is_shouted(text: str):
    assert command_in(text) == Command(name="stop")


@pytest.mark.parametrize(
    "text",
    [
        "stop the shop",
        "stop by the shop tomorrow",
        "Stop reminding Jess on weekends",
        "no emails to clients after 8pm, ever",
        "No, Friday week",
        "undo the contact",
        "continue the migration with Tom",
        "I approve of this colour",
        "why did you send this?",
        "help Marta with the menu",
        "today I saw Tom",
        "what did the hosting cost?",
        "find out when Tom is back",
        "find me a printer",
        "",
    ],
)
def test_a_sentence_that_begins_like_a_command_is_none(text: str):
    assert command_in(text) is None


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("approve", Verb.APPROVE),
        ("Yes, send it.", Verb.APPROVE),
        ("undo that", Verb.UNDO),
        ("Take it back!", Verb.UNDO),
        ("No.", Verb.REJECT),
        ("Don\N{RIGHT SINGLE QUOTATION MARK}t send it", Verb.REJECT),
        ("dont send it", Verb.REJECT),
        ("Why?", Verb.WHY),
        ("I'll do it", Verb.TAKE),
        ("send after all", Verb.SEND),
        ("try again", Verb.RETRY),
        ("It was sent.", Verb.SENT),
    ],
)
def test_a_button_has_words_that_do_the_same(text: str, verb: Verb):
    assert command_in(text) == Command(name=verb.value)


def test_find_takes_a_few_words():
    assert command_in("find Marta Silva?") == Command(name="find", rest="Marta Silva")


@pytest.mark.parametrize("text", ["yes", "OK", "Okay!", "send it", "Go ahead", "looks good"])
def test_a_short_yes_to_a_card_approves(text: str):
    assert verb_in(text) is Verb.APPROVE


@pytest.mark.parametrize("text", ["yes", "ok", "send it", "cancel"])
def test_a_short_answer_means_nothing_without_a_card(text: str):
    assert command_in(text) is None


@pytest.mark.parametrize("text", ["Yes, and say I start on 6 April", "ok but shorter", "Hi Marta"])
def test_more_than_a_yes_is_a_new_text(text: str):
    assert verb_in(text) is None


@pytest.mark.parametrize("text", ["stop. and undo the last thing too", "STOP! What did you send?"])
def test_a_sentence_that_says_stop_counts_although_more_follows(text: str):
    assert stops_first(text)


@pytest.mark.parametrize("text", ["stop by the shop. Then home.", "stop, look and listen", "go"])
def test_stop_inside_a_sentence_is_not_a_stop(text: str):
    assert not stops_first(text)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("pause until Monday", "Monday"),
        ("Pause everything until tomorrow 10:00.", "tomorrow 10:00"),
        ("stop for two hours", "two hours"),
        ("/pause", ""),
        ("pause", ""),
    ],
)
def test_a_pause_is_a_stop_that_may_have_an_end(text: str, rest: str):
    assert command_in(text) == Command(name="stop", rest=rest)


@pytest.mark.parametrize(
    ("rest", "ends"),
    [
        ("Monday", "2026-03-16T08:00"),
        ("tomorrow 10:00", "2026-03-11T10:00"),
        ("two hours", "2026-03-10T11:00"),
        ("5pm", "2026-03-10T17:00"),
        ("further notice", None),
        ("today", None),
        ("", None),
    ],
)
def test_a_pause_ends_when_its_words_say_and_else_not_by_itself(rest: str, ends: str | None):
    now = datetime(2026, 3, 10, 9, 0, tzinfo=ZoneInfo("Europe/Lisbon"))

    found = pause_end(rest, now=now, locale="en-GB")

    assert (found.isoformat(timespec="minutes")[:16] if found else None) == ends


@pytest.mark.parametrize(
    ("text", "count"), [("cancel 9", "9"), ("Cancel the rest.", ""), ("cancel them", "")]
)
def test_what_is_held_can_be_cancelled_by_words(text: str, count: str):
    assert command_in(text) == Command(name="cancel", rest=count)


@pytest.mark.parametrize("text", ["cancel lunch with Anna", "cancel", "cancel 9 March"])
def test_cancelling_something_is_not_cancelling_all_that_is_held(text: str):
    assert command_in(text) != Command(name="cancel", rest="9")
    assert command_in(text) is None
