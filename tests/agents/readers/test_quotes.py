"""Quotes: earlier messages are taken out, answers between them stay."""

import pytest

from agents.readers import quotes

HISTORY = "> Can we meet?\n> Tom"


@pytest.mark.parametrize(
    "line",
    [
        "On Mon, 9 Mar 2026 at 17:20, Dana Reyes <dana@x.example> wrote:",
        "On Mon, 9 Mar 2026 at 17:20,\nDana Reyes <dana@x.example>\nwrote:",
        "Am Mo., 9. März 2026 um 17:20 Uhr schrieb Dana Reyes <dana@x.example>:",
        "Le lun. 9 mars 2026 à 17:20, Dana Reyes <dana@x.example> a écrit :",
        "Em seg., 9 de mar. de 2026 às 17:20, Dana Reyes <dana@x.example> escreveu:",
        "El lun, 9 mar 2026 a las 17:20, Dana Reyes (<dana@x.example>) escribió:",
        "2026-03-09 17:20 GMT+01:00 Dana Reyes <dana@x.example>:",
        "Dana Reyes wrote:",
    ],
)
def test_the_line_that_names_the_quoted_writer_is_known(line: str):
    assert quotes.split(f"Yes.\n\n{line}\n{HISTORY}") == ("Yes.", f"{line}\n{HISTORY}")


def test_history_without_quote_marks_goes_to_the_end():
    own, quoted = quotes.split("Yes.\n\nOn 9 March 2026 Dana <d@x.example> wrote:\n\nCan we?\nDana")

    assert own == "Yes."
    assert quoted.endswith("Can we?\nDana")


def test_answers_between_quoted_lines_stay():
    own, quoted = quotes.split("> Friday?\nYes, Friday.\n> And the logo?\nTomorrow.")

    assert own == "Yes, Friday.\nTomorrow."
    assert quoted == "> Friday?\n> And the logo?"


@pytest.mark.parametrize(
    "above",
    ["-----Original Message-----", "-----Ursprüngliche Nachricht-----", "_" * 32, ""],
)
def test_an_earlier_messages_block_begins_history(above: str):
    block = f"{above}\nFrom: Dana\nSent: 9 March 2026 17:20\nTo: Tom\nSubject: x\n\nWhen?"

    own, quoted = quotes.split(f"Friday.\n\n{block}")

    assert own == "Friday."
    assert quoted.endswith("When?")


@pytest.mark.parametrize(
    "text",
    [
        "On your remote host you can run:\n\n  telnet",
        "On Friday at 9 we meet. She wrote: come.",
        "From: the kitchen, with love",
        "To: do\nDate: tomorrow",
        "He said it in 2024:\nnever",
    ],
)
def test_ordinary_words_are_no_history(text: str):
    assert quotes.split(text) == (text, "")
