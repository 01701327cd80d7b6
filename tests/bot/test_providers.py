"""An address tells where its servers are."""

import pytest

from bot.providers import provider_of
from tests.house.words import assert_plain


@pytest.mark.parametrize(
    ("address", "smtp", "imap"),
    [
        ("dana@gmail.com", ("smtp.gmail.com", 587, "starttls"), "imap.gmail.com"),
        (" Dana@GoogleMail.com ", ("smtp.gmail.com", 587, "starttls"), "imap.gmail.com"),
        ("d.reyes@icloud.com", ("smtp.mail.me.com", 587, "starttls"), "imap.mail.me.com"),
        ("dana@gmx.de", ("mail.gmx.net", 587, "starttls"), "imap.gmx.net"),
        ("dana@posteo.de", ("posteo.de", 465, "tls"), "posteo.de"),
        ("dana@sapo.pt", ("smtp.sapo.pt", 465, "tls"), "imap.sapo.pt"),
    ],
)
def test_well_known_servers_are_known(address: str, smtp: tuple, imap: str):
    found = provider_of(address)

    assert found is not None
    assert found.known
    assert (found.smtp.host, found.smtp.port, found.smtp.security) == smtp
    assert (found.imap.host, found.imap.port, found.imap.security) == (imap, 993, "tls")


def test_others_are_guessed_and_called_a_guess():
    found = provider_of("dana@reyesstudio.example")

    assert found is not None
    assert not found.known
    assert (found.smtp.host, found.imap.host) == (
        "smtp.reyesstudio.example",
        "imap.reyesstudio.example",
    )


@pytest.mark.parametrize("text", ["", "dana", "dana@", "@gmail.com", "dana@home", "a b@gmail.com"])
def test_what_is_no_address_has_no_servers(text: str):
    assert provider_of(text) is None


def test_where_gmail_files_sent_mail_is_known():
    found = provider_of("dana@gmail.com")

    assert found is not None
    assert (found.sent_folder, found.files_sent) == ("[Gmail]/Sent Mail", True)


@pytest.mark.parametrize("domain", ["gmail.com", "outlook.com", "proton.me", "web.de"])
def test_what_is_said_about_a_provider_is_plain(domain: str):
    found = provider_of(f"dana@{domain}")

    assert found is not None
    assert found.password or found.closed
    assert_plain(f"{found.password} {found.closed}")
