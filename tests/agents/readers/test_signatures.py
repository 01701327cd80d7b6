"""Signatures: closing, name and what is below them; never a sentence that asks for something."""

import pytest

from agents.readers import signatures


@pytest.mark.parametrize(
    "signature",
    [
        "--\nDana\nReyes Studio",
        "Best regards\nTom Becker\nNorthwind Labs\n+351 210 000 010",
        "Cheers,\nTom",
        "Thanks, Tom",
        "Thanks Tom",
        "Cheers\nTom\n\nTom Becker | Northwind Labs | +351 210 000 010",
        "Mit freundlichen Grüßen\n\nTom Becker",
        "Tom Becker\nHead of Keyboard, Bath Conservatoire\nDirect line 01632 960455",
        "Tom",
        "Mit freundlichen Grüßen / Best regards\nTom Becker",
        "Ulrike Moser\nTel. +351 210 000 010",
        "Sent from my iPhone",
        "Get Outlook for Android<https://aka.ms/x>",
        "Von meinem iPhone gesendet",
        "Tom Becker\nThis message is privileged and confidential. Views are those of the sender.",
    ],
)
def test_a_signature_is_taken_off_and_kept(signature: str):
    text = "Please change the headline by Thursday."

    assert signatures.split(f"{text}\n\n{signature}", "Tom Becker") == (text, signature)


@pytest.mark.parametrize(
    "text",
    [
        "Thanks\nPlease send me the form by Friday",
        "Thanks, the logo is fine.\nI need it in blue too.",
        "Hello\n\nTom\nwill you send the photos on Monday?",
        "Thank you for your purchase\n\nTom Becker\nPaid by card 34.40 EUR",
        "Sent from my desk, is much easier then my mobile phone.",
        "The logo is fine.\nThanks Dana",
        "this is a text with a -- dash.",
        "Tom",
    ],
)
def test_words_that_say_something_stay(text: str):
    assert signatures.split(text, "Tom Becker") == (text, "")


def test_a_sentence_below_the_name_keeps_the_signature_in_the_text():
    text = "Hello\n\nCheers\nTom\n\nI will send the photos to you on Monday."

    assert signatures.split(text, "Tom Becker") == (text, "")


def test_a_postscript_is_no_part_of_the_signature():
    body, signature = signatures.split("Hello\n\nCheers\nTom\n\nPS: please bring the plan", "Tom")

    assert body == "Hello\n\nPS: please bring the plan"
    assert signature == "Cheers\nTom"


def test_the_name_is_below_the_closing_or_behind_its_comma():
    assert signatures.name_in_closing("Thanks,\n\nMarta Silva\nBluefin Cafe") == "Marta Silva"
    assert signatures.name_in_closing("Thanks, Marta") == "Marta"
    assert signatures.name_in_closing("Sent from my iPhone") is None
    assert signatures.name_in_closing("+351 210 000 010") is None
