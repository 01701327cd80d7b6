"""What is wrong with a certificate, in words; real handshakes are in test_mailbox_folder.py."""

import ssl

import pytest

from memory.certificates import context, fault
from tests.house.words import assert_plain


def an_error(code: int) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code = code
    return error


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (62, "for another name"),
        (64, "for another address"),
        (10, "that has expired"),
        (9, "that is not valid yet"),
        (18, "that nobody I know has signed"),
        (20, "that nobody I know has signed"),
    ],
)
def test_each_flaw_has_a_sentence_and_a_next_step(code: int, words: str):
    sentence, hint = fault(an_error(code), "Your mail server imap.example")

    assert sentence == (
        f"Your mail server imap.example shows a certificate {words}, so I told it nothing."
    )
    assert hint.endswith(".")
    assert_plain(f"{sentence} {hint}")


def test_names_and_certificates_are_checked():
    assert context().check_hostname
    assert context().verify_mode is ssl.CERT_REQUIRED
